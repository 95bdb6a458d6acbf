"""Judges that come from npm (`make judges`); where they are not installed their tests are left out loudly."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import left_out
from tests.doubles import oracle
from tests.house.floor import ROOT

PLACE = ROOT / ".judges"
_LOUD = "LEFT OUT: {count} tests of the judges from npm, which are not installed here: make judges (needs node and npm)"
_DEAF = "LEFT OUT: {count} tests of Prism, which judges by the descriptions that are not beside the checkout"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what cannot be judged; Prism needs the official descriptions as well."""
    here = [item for item in items if item.get_closest_marker("judges")]
    if here and config.option.markexpr == "judges":
        there = shutil.which("node") and (PLACE / "node_modules" / ".bin" / "prism").exists()
        lost = [item for item in here if not there or ("prism" in item.nodeid and oracle.left_out())]
        items[:] = [item for item in items if item not in lost]
        if lost:
            left_out.note(config, (_DEAF if there else _LOUD).format(count=len(lost)))
            config.hook.pytest_deselected(items=lost)


@pytest.fixture(scope="session")
def judges() -> Path:
    """Where they are installed."""
    return PLACE
