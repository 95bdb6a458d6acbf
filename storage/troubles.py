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


# https://www.sqlite.org/rescode.html: busy, locked, out of memory, read-only, I/O error, corrupt, full, cannot open,
# locking protocol, not a database.
_SQLITE_DOWN = {5, 6, 7, 8, 10, 11, 13, 14, 15, 26}
# https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization failure, deadlock.
_AGAIN = {"40001", "40P01"}
# Connection, resources, operator intervention, system error, internal error; and read-only or lock not available.
_DOWN = ("08", "53", "57", "58", "XX", "25006", "55P03")


def of(broken: DBAPIError) -> Trouble:
    """The meaning of one error of the database."""
    if broken.connection_invalidated:
        return Trouble.DOWN
    if isinstance(broken.orig, sqlite3.Error):
        code = getattr(broken.orig, "sqlite_errorcode", 0)
        return Trouble.DOWN if code & 0xFF in _SQLITE_DOWN else Trouble.OURS
    state = getattr(broken.orig, "sqlstate", None)
    if state in _AGAIN:
        return Trouble.AGAIN
    if state is None:
        return Trouble.DOWN if isinstance(broken, OperationalError | InterfaceError) else Trouble.OURS
    return Trouble.DOWN if state.startswith(_DOWN) else Trouble.OURS
