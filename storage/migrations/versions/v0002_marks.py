"""An event may keep a mark of its words, so that its key is not taken for other words."""

from __future__ import annotations

from alembic import op

from storage.migrations.parts import sealed

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, empty for what came before."""
    op.add_column("inbox", sealed("mark", null=True))
