"""The tables of what may still be pushed: what a month has left, and rights to a free reply that nobody used."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index

from storage.columns import moment, sealed, to, words
from storage.table import table

push_month = table(
    "push_month",
    words("channel", key=True),
    Column("most", BigInteger, nullable=True),  # empty: no limit
    Column("used", BigInteger, nullable=False),
    moment("seen_at"),
)
reply_right = table(
    "reply_right",
    Column("contact_id", BigInteger, primary_key=True, autoincrement=False),
    to("person", "person_id"),
    sealed("token"),
    moment("until"),
    Index(None, "person_id"),
)
