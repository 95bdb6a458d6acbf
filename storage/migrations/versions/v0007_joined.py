"""One person over several channels: codes, who joined whom, and whose a contact was before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, index, moment, row, sealed, small, to

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables and a column, all empty."""
    op.add_column("contact", big("home_id", null=True))
    op.create_table(
        "join_code",
        sealed("code_hash"),
        row("person_id"),
        big("contact_id"),
        moment("expires_at"),
        big("taken_by", null=True),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_join_code")),
        to("person", "join_code", "person_id"),
    )
    index("ix_join_code_person_id", "join_code", ["person_id"])
    index("ix_join_code_taken_by", "join_code", ["taken_by"])
    op.create_table(
        "joined",
        row("person_id"),
        row("keeper_id"),
        moment("at"),
        small("run"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_joined")),
        to("person", "joined", "person_id"),
        to("person", "joined", "keeper_id"),
    )
    index("ix_joined_keeper_id", "joined", ["keeper_id"])
