"""The clocks of a case: what breaks first and when, its place in the queue, who was warned, how long replies take."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import BIG, count, flag, index, moment, row, small, to, words

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPEN = "state <> 'closed'"
_TOLD = "promised_at IS NOT NULL AND first_reply_at IS NULL AND holder IS NULL AND NOT mended AND state <> 'closed'"
# Words of a person's that came after the last ones of the centre's are waiting.
_ASKED = """
    UPDATE case_file SET asked_at = (
        SELECT min(m.at) FROM message m WHERE m.case_id = case_file.id AND m.author = 'person' AND m.id > coalesce(
            (SELECT max(s.id) FROM message s WHERE s.case_id = case_file.id AND s.author = 'staff'), 0))
    WHERE state <> 'closed' AND first_reply_at IS NOT NULL AND holder IS NOT NULL
"""


def upgrade() -> None:
    """Columns that older releases leave at their defaults; whoever is stale gets its clocks within a minute."""
    order = sa.Column(
        "order_at", moment("x").type, nullable=False, server_default=sa.text("'1970-01-01 00:00:00.000000+00:00'")
    )
    rank = sa.Column("rank", sa.SmallInteger(), nullable=False, server_default=sa.text("1"))
    for column in (
        moment("asked_at", null=True),
        count("ran"),
        moment("ran_from", null=True),
        moment("due_at", null=True),
        words("due_clock", null=True),
        moment("warn_at", null=True),
        count("warned"),
        rank,
        order,
        moment("promised_at", null=True),
        flag("mended", False),
        flag("clock_stale", True),
    ):
        op.add_column("case_file", column)
    op.execute(_ASKED)
    _indexes()
    op.create_table(
        "case_warning",
        row("case_id"),
        moment("due_at"),
        small("step"),
        moment("at"),
        to("case_file", "case_warning", "case_id"),
    )
    op.create_index("uq_case_warning_once", "case_warning", ["case_id", "due_at", "step"], unique=True)
    key = sa.Column("case_id", BIG, autoincrement=False, nullable=False)
    kept: sa.Column[bool] = sa.Column("kept", sa.Boolean(), nullable=True)
    done = sa.PrimaryKeyConstraint("case_id", name=op.f("pk_reply_sample"))
    op.create_table("reply_sample", key, moment("at"), count("minutes"), kept, done)
    index("ix_reply_sample_at", "reply_sample", ["at"])
    op.create_table(
        "reply_bound",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        small("minutes", null=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_bound")),
    )


def _indexes() -> None:
    place = ["rank", "order_at", "id"]
    index("ix_case_order", "case_file", place, _OPEN)
    index("ix_case_order_holder", "case_file", ["holder", *place], _OPEN)
    index("ix_case_order_topic", "case_file", ["topic", *place], _OPEN)
    index("ix_case_laid_by", "case_file", place, "state IN ('waiting_person', 'waiting_partner', 'pending')")
    index("ix_case_due", "case_file", ["due_at", "id"], "due_at IS NOT NULL AND state <> 'closed'")
    index("ix_case_warn", "case_file", ["warn_at"], "warn_at IS NOT NULL AND state <> 'closed'")
    index("ix_case_warned", "case_file", ["due_at", "id"], "warned > 0 AND state <> 'closed'")
    index("ix_case_told", "case_file", ["id"], _TOLD)
    index("ix_case_stale", "case_file", ["id"], "clock_stale AND state <> 'closed'")
