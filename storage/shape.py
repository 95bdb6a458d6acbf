"""Whether a database has this release's shape already: told without alembic, which takes half a second to import."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

NEWEST = max(file.name[1:5] for file in (Path(__file__).parent / "migrations" / "versions").glob("v[0-9]*.py"))


def fits(conn: Connection) -> bool:
    """Whether there is nothing to migrate. A database that is newer does not fit: alembic says what is to be done."""
    if not inspect(conn).has_table("alembic_version"):
        return False
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalars().all() == [NEWEST]
