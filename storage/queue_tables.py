"""The tables of finding cases again: blocks of the sealed word index, tags, and saved ways to look at the queue."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, UniqueConstraint
from sqlalchemy.schema import SchemaItem

from storage.columns import BigId, flag, moment, numbered, only, sealed, to, words
from storage.table import metadata, table

# In which lines of a stretch a pair of signs stands: sealed as a whole, so that no line is bound to its pairs here.
search_block = Table(
    "search_block",
    metadata,
    Column("segment", BigId, primary_key=True, autoincrement=False),
    Column("pair", BigInteger, primary_key=True, autoincrement=False),  # keyed: the first 8 bytes of a blind index
    Column("lines", LargeBinary, nullable=False),
    sqlite_with_rowid=False,  # the blocks of one stretch lie side by side
)
# What must leave the blocks of a stretch: erased, or said anew. Swept pair by pair: up to `after` it is done.
search_gone = Table(
    "search_gone",
    metadata,
    Column("segment", BigId, primary_key=True, autoincrement=False),
    Column("place", BigId, primary_key=True, autoincrement=False),
    Column("after", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
tag = table(
    "tag",
    numbered(),
    sealed("words_index"),
    sealed("words"),
    moment("at"),
    UniqueConstraint("words_index"),
)
case_tag = table(
    "case_tag",
    Column("tag_id", BigId, primary_key=True, autoincrement=False),
    Column("case_id", BigId, primary_key=True, autoincrement=False),
    Index(None, "case_id"),
)
saved_view = table(
    "saved_view",
    numbered(),
    to("staff", "staff_id"),
    sealed("name"),
    words("asked"),
    flag("shared", False),
    moment("at"),
    Index(None, "staff_id"),
    only("ix_saved_view_shared", "id", where="shared"),
)
# What somebody searched for, for a day: the address of the answer holds its number.
asked_for = table(
    "asked_for",
    numbered(),
    to("staff", "staff_id"),
    sealed("words"),
    moment("at"),
    Index(None, "at"),
)


def unsearched(name: str, where: str) -> tuple[SchemaItem, ...]:
    """Whether the words of a row are in the index yet; and an index of the few rows whose words are not."""
    return flag("searched", False), only(f"ix_{name}_unsearched", "id", where=f"NOT searched AND {where}")
