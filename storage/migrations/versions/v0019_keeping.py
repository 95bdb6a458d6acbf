"""What leaves the house and what goes: exports, holds, deletions, how long what is kept, and what is held back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, count, index, moment, numbered, row, sealed, small, to, words

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Seven tables, empty, and two columns that are empty for every reply left to the clock before."""
    op.add_column("timed_reply", words("kind", null=True))
    op.add_column("timed_reply", big("answers", null=True))
    index("ix_case_over", "case_file", ["closed_at"], "state = 'closed' AND person_id IS NOT NULL")
    _exports()
    numbered(
        "hold",
        row("case_id"),
        row("staff_id"),
        moment("at"),
        sealed("why"),
        moment("ended_at", null=True),
        row("ended_by", null=True),
        to("case_file", "hold", "case_id"),
        to("staff", "hold", "staff_id"),
        to("staff", "hold", "ended_by"),
    )
    few = sa.text("ended_at IS NULL")
    op.create_index("ix_hold_held", "hold", ["case_id"], unique=True, sqlite_where=few, postgresql_where=few)
    numbered(
        "deletion",
        row("staff_id"),
        moment("at"),
        words("kind"),
        big("target", null=True),
        moment("before", null=True),
        count("foreseen"),
        count("gone"),
        words("state"),
        moment("next_at"),
        moment("done_at", null=True),
        to("staff", "deletion", "staff_id"),
    )
    index("ix_deletion_due", "deletion", ["next_at"], "state IN ('waiting', 'going')")
    _nights()


def _exports() -> None:
    numbered(
        "export",
        row("staff_id"),
        moment("at"),
        words("state"),
        words("wanted"),
        sealed("reason"),
        count("people"),
        count("cases"),
        big("upto"),
        big("after_id"),
        count("parts"),
        count("size"),
        count("written"),
        row("second_id", null=True),
        moment("decided_at", null=True),
        sealed("wrapped_key", null=True),
        sealed("token_hash", null=True),
        words("lease_owner", null=True),
        moment("next_at"),
        moment("expires_at"),
        to("staff", "export", "staff_id"),
        to("staff", "export", "second_id"),
    )
    index("ix_export_due", "export", ["next_at"], "state = 'making'")
    index("ix_export_alive", "export", ["expires_at"], "state IN ('asked', 'making', 'ready')")
    index("ix_export_staff_id", "export", ["staff_id"])
    op.create_table(
        "export_part",
        row("export_id"),
        small("place"),
        sealed("data"),
        to("export", "export_part", "export_id"),
        sa.PrimaryKeyConstraint("export_id", "place", name=op.f("pk_export_part")),
    )


def _nights() -> None:
    numbered(
        "kept_for", words("kind"), count("days"), row("staff_id"), moment("at"), to("staff", "kept_for", "staff_id")
    )
    numbered(
        "sweep",
        words("night"),
        words("kind"),
        moment("at"),
        moment("before"),
        moment("next_at"),
        count("gone"),
        moment("done_at", null=True),
        sa.UniqueConstraint("night", "kind", name=op.f("uq_sweep_night_kind")),
    )
    index("ix_sweep_kind_id", "sweep", ["kind", "id"])
    op.create_table(
        "undo_wish",
        row("staff_id"),
        count("seconds"),
        to("staff", "undo_wish", "staff_id"),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_undo_wish")),
    )
