"""What a message quotes or answers, by which handle it may be quoted itself, and how far people's words were read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, flag, index, moment, row, sealed, to

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Three columns, empty for all that was said before, and a table that fills by itself."""
    op.add_column("message", sealed("handle", null=True))
    op.add_column("message", sealed("quoted_index", null=True))
    op.add_column("message", big("answers_id", null=True))
    op.create_table(
        "read_mark",
        sa.Column("contact_id", sa.BigInteger(), autoincrement=False, nullable=False),
        row("person_id"),
        sealed("token"),
        moment("at"),
        flag("read", False),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_read_mark")),
        to("person", "read_mark", "person_id"),
    )
    index("ix_read_mark_read", "read_mark", ["contact_id"], "read")
    index("ix_read_mark_person_id", "read_mark", ["person_id"])
