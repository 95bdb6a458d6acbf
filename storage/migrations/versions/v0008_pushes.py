"""What may still be pushed on LINE this month, rights to a free reply that nobody used yet, everybody's rich menu."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, flag, index, moment, row, sealed, to, words

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three tables; all fill by themselves."""
    op.create_table(
        "push_month",
        words("channel"),
        big("most", null=True),
        big("used"),
        moment("seen_at"),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_push_month")),
    )
    op.create_table(
        "reply_right",
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        row("person_id"),
        sealed("token"),
        moment("until"),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_reply_right")),
        to("person", "reply_right", "person_id"),
    )
    index("ix_reply_right_person_id", "reply_right", ["person_id"])
    op.create_table(
        "line_menu",
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        row("person_id"),
        words("stage"),
        words("language"),
        flag("large", False),
        flag("stale", True),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_line_menu")),
        to("person", "line_menu", "person_id"),
    )
    index("ix_line_menu_stale", "line_menu", ["contact_id"], "stale")
    index("ix_line_menu_person_id", "line_menu", ["person_id"])
