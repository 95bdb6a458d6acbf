"""A long table of small cases as one test that goes through all of it and names every row that is wrong."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from types import TracebackType
from typing import Any

import pytest

Test = Callable[..., None]
Ids = Callable[[Any], object] | Iterable[str] | None
_LONGEST = 120  # signs of a row where it is named by its values


class _Rows:
    """Keeps what went wrong in a row, and goes on with the next."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.name = ""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, wrong: BaseException | None, _: TracebackType | None) -> bool:
        if not isinstance(wrong, Exception | pytest.fail.Exception):
            return False
        self.wrong.append(f"{self.name}: {type(wrong).__name__}: {wrong}")
        return True


def each(names: str | Sequence[str], rows: Iterable[Any], ids: Ids = None) -> Callable[[Test], Test]:
    """Like `pytest.mark.parametrize`, for rows of a millisecond: there a test of its own costs several times its check.

    Every row is tried, also behind one that fails; the failure names each by `ids` or by its values. What else the test
    asks for is asked for once, so it must not be changed by a row.
    """
    columns = [names] if isinstance(names, str) else list(names)
    table = [(row,) if isinstance(names, str) else tuple(row) for row in rows]
    named = [*ids] if isinstance(ids, Iterable) else [_name(row, ids) for row in table]
    assert table, "a table without rows tests nothing"
    assert len(named) == len(table), "each row has its name"

    def folded(test: Test) -> Test:
        assert not inspect.iscoroutinefunction(test), "a test that waits is none of a millisecond"
        asked = inspect.signature(test)

        @wraps(test)
        def whole(**rest: Any) -> None:
            seen = _Rows()
            for name, row in zip(named, table, strict=True):
                seen.name = name
                with seen:
                    test(**dict(zip(columns, row, strict=True)), **rest)
            if seen.wrong:
                pytest.fail("\n".join((f"{len(seen.wrong)} of {len(table)} rows:", *seen.wrong)), pytrace=False)

        left = [one for name, one in asked.parameters.items() if name not in columns]
        whole.__signature__ = asked.replace(parameters=left)  # type: ignore[attr-defined]
        return whole

    return folded


def _name(row: Sequence[Any], ids: Callable[[Any], object] | None) -> str:
    said = [str((ids or repr)(value)) for value in row]
    return "-".join(one if len(one) <= _LONGEST else f"{one[:_LONGEST]}…" for one in said)
