"""The table of what is asked after a case: when, and what came back."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, UniqueConstraint

from storage.columns import moment, numbered, only, to, words
from storage.table import table

follow_up = table(
    "follow_up",
    numbered(),
    to("case_file", "case_id"),
    words("stage"),
    moment("due_at"),
    moment("asked_at", null=True),
    words("answer", null=True),
    Column("holder", BigInteger, nullable=True),  # who had the case when it was closed
    UniqueConstraint("case_id", "stage"),
    only("ix_follow_up_due", "due_at", where="asked_at IS NULL"),
)
