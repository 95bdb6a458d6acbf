"""What is asked after a case: at its end, two weeks and three months later."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, index, moment, numbered, row, to, words

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, empty: who was helped before it is not asked."""
    numbered(
        "follow_up",
        row("case_id"),
        words("stage"),
        moment("due_at"),
        moment("asked_at", null=True),
        words("answer", null=True),
        big("holder", null=True),
        sa.UniqueConstraint("case_id", "stage", name=op.f("uq_follow_up_case_id_stage")),
        to("case_file", "follow_up", "case_id"),
    )
    index("ix_follow_up_due", "follow_up", ["due_at"], "asked_at IS NULL")
