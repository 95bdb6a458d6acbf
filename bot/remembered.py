"""What was read from the database, remembered for as long as nothing that it depends on changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

T = TypeVar("T")


class Remembered(Generic[T]):
    """One value for each database, under what it was read for."""

    def __init__(self) -> None:
        self._read: WeakKeyDictionary[object, tuple[Hashable, T]] = WeakKeyDictionary()

    def get(self, conn: Connection, of: Hashable, read: Callable[[], T]) -> T:
        """What was read for `of`; read now where it was for something else."""
        before = self._read.get(conn.engine)
        if before is None or before[0] != of:
            before = self._read[conn.engine] = of, read()
        return before[1]
