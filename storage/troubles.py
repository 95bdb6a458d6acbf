"""What a database error means for us: try again, wait until it is back, or our own mistake."""

from __future__ import annotations

import sqlite3
from enum import StrEnum

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError


class Trouble(StrEnum):
    """What to do about a database error."""

    AGAIN = "again"  # others were in the way; the same transaction can succeed
    DOWN = "down"  # the database cannot take anything now
    OURS = "ours"  # this statement or this value is wrong


# https://www.sqlite.org/rescode.html: busy, locked, out of memory, read-only, interrupted by our own clock, I/O error,
# corrupt, full, cannot open, locking protocol, not a database.
_SQLITE_READ_ONLY = 8
_SQLITE_DOWN = {5, 6, 7, _SQLITE_READ_ONLY, 9, 10, 11, 13, 14, 15, 26}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization failure, deadlock.
_AGAIN = {"40001", "40P01"}
# Connection, resources, operator intervention, system error, internal error; and read-only or lock not available.
_READ_ONLY = "25006"
_DOWN = ("08", "53", "57", "58", "XX", _READ_ONLY, "55P03")


def of(broken: DBAPIError, reading: bool = False) -> Trouble:
    """The meaning of one error of the database; while `reading`, an attempt to write is our mistake."""
    if broken.connection_invalidated:
        return Trouble.DOWN
    if isinstance(broken.orig, sqlite3.Error):
        code = getattr(broken.orig, "sqlite_errorcode", 0) & 0xFF
        return Trouble.DOWN if code in _SQLITE_DOWN and not (reading and code == _SQLITE_READ_ONLY) else Trouble.OURS
    state = getattr(broken.orig, "sqlstate", None)
    if state in _AGAIN:
        return Trouble.AGAIN
    if state is None:
        return Trouble.DOWN if isinstance(broken, OperationalError | InterfaceError) else Trouble.OURS
    return Trouble.DOWN if state.startswith(_DOWN) and not (reading and state == _READ_ONLY) else Trouble.OURS
