"""The tables of what coordinators keep at the desk: words for later, ready words, and news for one another."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index

from storage.columns import flag, moment, numbered, only, sealed, to, words
from storage.table import table

timed_reply = table(
    "timed_reply",
    numbered(),
    to("case_file", "case_id"),
    to("staff", "staff_id"),
    moment("at"),
    moment("due_at"),
    Column("seen", BigInteger, nullable=False),  # the newest line of others that the writer had before them
    sealed("body"),
    words("state"),
    words("why", null=True),  # it came back
    words("kind", null=True),  # empty: left to the clock; else a deed held back for second thoughts
    Column("answers", BigInteger, nullable=True),  # the line of the talk that it answers
    Index(None, "case_id"),
    only("ix_timed_reply_due", "due_at", where="state = 'waiting'"),
)
# Rows are only ever added: the newest of a number is what it says now, those before it are its older versions.
canned = table(
    "canned",
    numbered(),
    Column("number", BigInteger, nullable=False),
    to("staff", "staff_id"),
    moment("at"),
    words("title"),
    words("body"),
    flag("gone", False),
    Index(None, "number", "id"),
)
news = table(
    "news",
    numbered(),
    to("staff", "staff_id"),
    to("case_file", "case_id"),
    to("staff", "from_id", null=True),
    moment("at"),
    words("kind"),
    flag("seen", False),
    Index(None, "case_id"),
    only("ix_news_unseen", "staff_id", "id", where="NOT seen"),
)
