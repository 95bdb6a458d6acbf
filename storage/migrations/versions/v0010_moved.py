"""When somebody last came or left: an older coming or leaving that arrives later changes nothing."""

from __future__ import annotations

from alembic import op

from storage.migrations.parts import moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, empty: of those who came before it, nobody knows when."""
    op.add_column("contact", moment("moved_at", null=True))
