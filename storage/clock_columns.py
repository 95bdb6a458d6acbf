"""What a case keeps for its clocks and its place in the queue, as columns, so that both are a range of an index."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, Index, Integer, SmallInteger, Table, text
from sqlalchemy.schema import SchemaItem

from storage.columns import BigId, Moment, flag, moment, number, only, to, words
from storage.table import table

NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # stands last: nothing is due
LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
# An older release, still running, opens cases without a place: they stand first until the next minute gives them one.
_UNPLACED = "'1970-01-01 00:00:00.000000+00:00'"
_OPEN = "state <> 'closed'"
PAUSED = "state IN ('waiting_person', 'pending')"
LAID_BY = "state IN ('waiting_person', 'waiting_partner', 'pending')"
WARNED = "warned > 0 AND state <> 'closed'"
TOLD = "promised_at IS NOT NULL AND first_reply_at IS NULL AND holder IS NULL AND NOT mended AND state <> 'closed'"
STALE = "clock_stale AND state <> 'closed'"


def clock_columns() -> tuple[SchemaItem, ...]:
    """Since when words wait, how long was worked on it, what breaks first, and how far that was warned of."""
    return (
        moment("asked_at", null=True),  # the oldest words that nobody answered
        number("ran"),  # minutes of opening time before `ran_from`
        moment("ran_from", null=True),
        moment("due_at", null=True),
        words("due_clock", null=True),
        moment("warn_at", null=True),
        number("warned"),
        Column("rank", SmallInteger, nullable=False, server_default=text("1")),  # 0: danger
        Column("order_at", Moment, nullable=False, server_default=text(_UNPLACED)),
        moment("promised_at", null=True),  # told to the person
        flag("mended", False),  # and told once more, because it could not be kept
        flag("clock_stale", True),
        only("ix_case_order", "rank", "order_at", "id", where=_OPEN),
        only("ix_case_order_holder", "holder", "rank", "order_at", "id", where=_OPEN),
        only("ix_case_order_topic", "topic", "rank", "order_at", "id", where=_OPEN),
        only("ix_case_laid_by", "rank", "order_at", "id", where=LAID_BY),
        only("ix_case_due", "due_at", "id", where="due_at IS NOT NULL AND state <> 'closed'"),
        only("ix_case_warn", "warn_at", where="warn_at IS NOT NULL AND state <> 'closed'"),
        only("ix_case_warned", "due_at", "id", where=WARNED),
        only("ix_case_told", "id", where=TOLD),
        only("ix_case_stale", "id", where=STALE),
    )


# One row per step of a breach: whoever writes it warns, and nobody else ever again.
case_warning: Table = table(
    "case_warning",
    to("case_file", "case_id"),
    moment("due_at"),
    Column("step", Integer, nullable=False),
    moment("at"),
)
Index("uq_case_warning_once", *(case_warning.c[one] for one in ("case_id", "due_at", "step")), unique=True)
# How long first replies took, in minutes of opening time; nothing in it says whose case it was about.
reply_sample: Table = table(
    "reply_sample",
    Column("case_id", BigId, primary_key=True, autoincrement=False),
    moment("at"),
    number("minutes"),
    Column("kept", Boolean, nullable=True),  # whether it came by the moment that was told; empty where none was
    Index(None, "at"),
)
# What follows from them, worked out when one is added: the hot path reads one row.
reply_bound: Table = table(
    "reply_bound", Column("id", Integer, primary_key=True, autoincrement=False), Column("minutes", Integer)
)
