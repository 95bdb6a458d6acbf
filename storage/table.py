"""What all our tables have in common: one whole that they belong to, and how their parts are named."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table
from sqlalchemy.schema import SchemaItem

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: SchemaItem) -> Table:
    """A table of the whole; with a number of its own it counts upwards for ever."""
    # AUTOINCREMENT: an id is the cursor of a live page and must not come back after its row was erased.
    counted = any(isinstance(part, Column) and part.autoincrement is True for part in parts)
    return Table(name, metadata, *parts, sqlite_autoincrement=counted)
