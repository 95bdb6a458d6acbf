"""Channels that part: in which chat a one-time link was given, and which things still have to follow whom."""

from __future__ import annotations

from alembic import op

from storage.migrations.parts import big, index

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two columns, empty for what came before."""
    op.add_column("private_link", big("contact_id", null=True))
    op.add_column("thing", big("follows_id", null=True))
    index("ix_thing_following", "thing", ["follows_id"], "follows_id IS NOT NULL")
