"""Whom announcements are for by their group and by taking part."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import flag, index

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Columns that say nothing yet, and indexes."""
    op.add_column("broadcast", flag("beyond", False))
    op.add_column("group_card", sa.Column("bits", sa.BigInteger(), server_default="0", nullable=False))
    index("ix_group_card_bits", "group_card", ["bits", "person_id"], "bits <> 0")
    live = "state IN ('going', 'waiting', 'offered')"
    index("ix_sign_up_signed", "sign_up", ["at", "date_id", "person_id"], live)
    index("ix_sign_up_came", "sign_up", ["arrived_at", "date_id", "person_id"], "arrived_at IS NOT NULL")
