"""What a broadcast came to, for the time when who was reached is not kept any more."""

from __future__ import annotations

from alembic import op

from storage.migrations.parts import words

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, empty as long as the chunks are there."""
    op.add_column("broadcast", words("came_to", null=True))
