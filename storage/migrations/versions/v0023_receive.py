"""What people want to receive: one row a person, and the segments that coordinators keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import BIG, big, count, flag, index, moment, numbered, row, small, to, words

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ACTIVE = "stopped_at IS NULL AND often <> 'off' AND reachable"
BITS = ("topics", "areas", "roles")


def upgrade() -> None:
    """Two tables, empty: nobody is sent anything before they say so."""
    op.create_table(
        "receiver",
        sa.Column("person_id", BIG, autoincrement=False, nullable=False),
        *(sa.Column(bits, sa.BigInteger(), server_default="0", nullable=False) for bits in BITS),
        words("often"),
        small("quiet_from"),
        small("quiet_to"),
        big("contact_id", null=True),
        words("channel"),
        flag("reachable", True),
        words("language"),
        moment("asked_at", null=True),
        moment("changed_at", null=True),
        moment("stopped_at", null=True),
        big("home_id", null=True),
        sa.Column("active", sa.Boolean(), sa.Computed(ACTIVE, persisted=True), nullable=False),
        to("person", "receiver", "person_id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_receiver")),
    )
    index("ix_receiver_active", "receiver", ["active", "channel", "language", *BITS, "often"])
    numbered(
        "segment",
        big("number"),
        row("staff_id"),
        moment("at"),
        words("name"),
        words("body"),
        count("counted"),
        flag("gone", False),
        to("staff", "segment", "staff_id"),
    )
    index("ix_segment_number_id", "segment", ["number", "id"])
