"""An index of a test's own knows every sixth of the wordings that are not ours, and is made in a second."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from knowledge import calibrate, library
from knowledge.index import Entry
from tests.ours import finder


@contextmanager
def few_strangers() -> Iterator[None]:
    """What is made within knows few of them; the search that all tests of a process share knows all."""
    finder()
    whole = library.entries_without_article

    def few(covered: frozenset[str]) -> list[Entry]:
        return whole(covered)[::6]

    with pytest.MonkeyPatch.context() as set_:
        for module in (library, calibrate):
            set_.setattr(module, "entries_without_article", few)
        yield
