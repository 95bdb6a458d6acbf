"""The tables of people who joined their channels: the codes, and who is whose."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary

from storage.columns import BigId, at_contact, moment, to
from storage.table import table

join_code = table(
    "join_code",
    Column("code_hash", LargeBinary, primary_key=True),
    to("person", "person_id"),
    at_contact(),
    moment("expires_at"),
    Column("taken_by", BigInteger, nullable=True),
    Index(None, "person_id"),
    Index(None, "taken_by"),
)
# The row of who joined stays, with its key and its own conversation: what to go back to, and what to forget as well.
joined = table(
    "joined",
    Column("person_id", BigId, ForeignKey("person.id"), primary_key=True, autoincrement=False),
    to("person", "keeper_id"),
    moment("at"),
    Column("run", Integer, nullable=False),
    Index(None, "keeper_id"),
)
