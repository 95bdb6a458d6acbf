"""Whose digest is due is found without looking at everybody who receives anything."""

from __future__ import annotations

from alembic import op

from storage.migrations.parts import index

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two indexes in place of one: of those alone for whom something is gathered, and not of who stopped as well."""
    op.drop_index("ix_receiver_digest_at", "receiver")
    index("ix_receiver_gathered", "receiver", ["digest_at"], "active AND often IN ('weekly', 'monthly')")
    unknown = "active AND often IN ('weekly', 'monthly') AND digest_at IS NULL"
    index("ix_receiver_unknown", "receiver", ["person_id"], unknown)
