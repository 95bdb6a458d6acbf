"""Coordinators' own chats, by which they are told of what must not wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import index, moment, row, to, words

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, empty: nobody is linked."""
    op.create_table(
        "staff_way",
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        row("person_id"),
        row("staff_id"),
        words("channel"),
        moment("linked_at"),
        to("person", "staff_way", "person_id"),
        to("staff", "staff_way", "staff_id"),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_staff_way")),
        sa.UniqueConstraint("staff_id", "channel", name=op.f("uq_staff_way_staff_id_channel")),
    )
    index("ix_staff_way_person_id", "staff_way", ["person_id"])
