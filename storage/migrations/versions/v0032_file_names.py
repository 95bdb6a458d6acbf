"""Names of files of events are kept no longer: nobody ever read them."""

from __future__ import annotations

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One column less."""
    op.drop_column("event_import", "name")
