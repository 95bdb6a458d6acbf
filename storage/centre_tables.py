"""The tables of what the centre sets for itself: its settings with all their versions, who does what, who is away."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint

from storage.columns import BigId, flag, moment, number, numbered, to, words
from storage.table import table

# Rows are only ever added: the highest number of a part is what holds, unless it cannot be read.
setting = table(
    "setting",
    numbered(),
    words("part"),
    number("number"),
    to("staff", "staff_id"),
    moment("at"),
    words("why"),
    words("value"),
    Column("back_to", BigInteger, nullable=True),  # the number whose value this is once more; 0 for the shipped one
    UniqueConstraint("part", "number"),
)
# What somebody can do, in JSON: lists of topics and languages, hours of the week. `begun`: the first steps are done.
profile = table(
    "profile",
    Column("staff_id", BigId, ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    words("topics"),
    words("languages"),
    words("duty"),
    flag("begun", False),
)
# Days as 2027-02-15, both included. Who is away has at most one row for each time; taken back, it is deleted.
absence = table(
    "absence",
    numbered(),
    to("staff", "staff_id"),
    words("first"),
    words("last"),
    to("staff", "cover_id", null=True),
    Index(None, "staff_id"),
)
