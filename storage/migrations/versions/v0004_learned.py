"""What people confirmed as the answer to a question, the question as a blind index."""

from __future__ import annotations

from alembic import op

from storage.migrations.parts import flag, numbered, row, sealed, to, words

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, empty."""
    numbered(
        "learned",
        row("person_id"),
        sealed("asked_index"),
        words("article"),
        flag("helped", True),
        to("person", "learned", "person_id"),
    )
    op.create_index("ix_learned_person_id", "learned", ["person_id"])
    op.create_index("ix_learned_asked_index", "learned", ["asked_index"])
