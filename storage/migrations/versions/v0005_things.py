"""What comes with a message besides words is fetched and kept: pictures, files, voices and videos."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import BIG, big, count, index, moment, numbered, row, sealed, to, words

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    numbered(
        "thing",
        row("message_id"),
        row("person_id"),
        big("case_id"),
        words("channel"),
        words("kind"),
        sealed("source", null=True),
        words("state"),
        words("why", null=True),
        words("form", null=True),
        count("size"),
        count("parts"),
        count("tried"),
        moment("next_at"),
        words("lease_owner", null=True),
        moment("created_at"),
        moment("done_at", null=True),
        to("message", "thing", "message_id"),
        to("person", "thing", "person_id"),
    )
    index("ix_thing_due", "thing", ["next_at", "id"], "state IN ('wanted', 'fetching')")
    for name in ("message_id", "person_id", "case_id"):
        index(f"ix_thing_{name}", "thing", [name])
    op.create_table(
        "thing_part",
        sa.Column("thing_id", BIG, autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sealed("data"),
        to("thing", "thing_part", "thing_id"),
        sa.PrimaryKeyConstraint("thing_id", "place", name=op.f("pk_thing_part")),
    )
