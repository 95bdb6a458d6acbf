"""In which chat a one-time link was given, so that the page behind it stays with that chat."""

from __future__ import annotations

from alembic import op

from storage.migrations.parts import big

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column, empty for what came before."""
    op.add_column("private_link", big("contact_id", null=True))
