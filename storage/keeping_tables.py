"""The tables of what leaves the house and what goes: exports, holds, deletions, how long what is kept, and nights."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, UniqueConstraint

from storage.columns import BigId, moment, number, numbered, only, sealed, to, words
from storage.table import table

MAKING = "state = 'making'"
ALIVE = "state IN ('asked', 'making', 'ready')"
HELD = "ended_at IS NULL"
TO_DO = "state IN ('waiting', 'going')"

# `wrapped_key` is the file's own key: when it is gone nobody reads the parts again, in a backup neither.
export = table(
    "export",
    numbered(),
    to("staff", "staff_id"),
    moment("at"),
    words("state"),
    words("wanted"),  # keys and numbers, as JSON
    sealed("reason"),
    number("people"),
    number("cases"),
    Column("upto", BigInteger, nullable=False),
    Column("after_id", BigInteger, nullable=False),
    number("parts"),
    number("size"),
    number("written"),
    to("staff", "second_id", null=True),
    moment("decided_at", null=True),
    sealed("wrapped_key", null=True),
    sealed("token_hash", null=True),
    words("lease_owner", null=True),
    moment("next_at"),
    moment("expires_at"),
    only("ix_export_due", "next_at", where=MAKING),
    only("ix_export_alive", "expires_at", where=ALIVE),
    Index(None, "staff_id"),
)
export_part = table(
    "export_part",
    Column("export_id", BigId, ForeignKey("export.id"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    sealed("data"),
)
hold = table(
    "hold",
    numbered(),
    to("case_file", "case_id"),
    to("staff", "staff_id"),
    moment("at"),
    sealed("why"),
    moment("ended_at", null=True),
    to("staff", "ended_by", null=True),
    only("ix_hold_held", "case_id", where=HELD, unique=True),
)
deletion = table(
    "deletion",
    numbered(),
    to("staff", "staff_id"),
    moment("at"),
    words("kind"),  # "person", "case", or the class that it is of
    Column("target", BigInteger, nullable=True),
    moment("before", null=True),
    number("foreseen"),
    number("gone"),
    words("state"),
    moment("next_at"),  # when it begins, or the end of a lease
    moment("done_at", null=True),
    only("ix_deletion_due", "next_at", where=TO_DO),
)
# Rows are only ever added: the newest of a class is how long it is kept.
kept_for = table("kept_for", numbered(), words("kind"), number("days"), to("staff", "staff_id"), moment("at"))
# One row for each class and night: whoever makes it does that night's work, once.
sweep = table(
    "sweep",
    numbered(),
    words("night"),
    words("kind"),
    moment("at"),
    moment("before"),
    moment("next_at"),
    number("gone"),
    moment("done_at", null=True),
    UniqueConstraint("night", "kind"),
    Index(None, "kind", "id"),
)
# How many seconds a coordinator's words wait for second thoughts; without a row, as long as the centre set.
undo_wish = table(
    "undo_wish",
    Column("staff_id", BigId, ForeignKey("staff.id"), primary_key=True, autoincrement=False),
    number("seconds"),
)
