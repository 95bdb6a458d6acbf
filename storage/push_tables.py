"""The tables of LINE alone: what a month of pushes has left, rights to a free reply, rich menus, and what was read."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index

from storage.columns import flag, moment, only, sealed, to, words
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
line_menu = table(
    "line_menu",
    Column("contact_id", BigInteger, primary_key=True, autoincrement=False),
    to("person", "person_id"),
    words("stage"),
    words("language"),
    flag("large", False),
    flag("stale", True),
    only("ix_line_menu_stale", "contact_id", where="stale"),
    Index(None, "person_id"),
)
# The newest leave to tell LINE that all up to here was read; `read`: somebody has read it, LINE is still to be told.
read_mark = table(
    "read_mark",
    Column("contact_id", BigInteger, primary_key=True, autoincrement=False),
    to("person", "person_id"),
    sealed("token"),
    moment("at"),
    flag("read", False),
    only("ix_read_mark_read", "contact_id", where="read"),
    Index(None, "person_id"),
)
OF_LINE = (reply_right, line_menu, read_mark)  # each row is a contact's, and goes wherever that goes
