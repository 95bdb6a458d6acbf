"""What the centre sets for itself, with every version; who does what and is away when; passkeys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import BIG, big, count, flag, index, moment, numbered, row, sealed, to, words

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Five tables, empty: until something is written, all is as it is shipped."""
    numbered(
        "setting",
        words("part"),
        count("number"),
        row("staff_id"),
        moment("at"),
        words("why"),
        words("value"),
        big("back_to", null=True),
        to("staff", "setting", "staff_id"),
        sa.UniqueConstraint("part", "number", name=op.f("uq_setting_part_number")),
    )
    op.create_table(
        "profile",
        sa.Column("staff_id", BIG, autoincrement=False, nullable=False),
        words("topics"),
        words("languages"),
        words("duty"),
        flag("begun", False),
        to("staff", "profile", "staff_id"),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_profile")),
    )
    numbered(
        "absence",
        row("staff_id"),
        words("first"),
        words("last"),
        row("cover_id", null=True),
        to("staff", "absence", "staff_id"),
        to("staff", "absence", "cover_id"),
    )
    index("ix_absence_staff_id", "absence", ["staff_id"])
    numbered(
        "passkey",
        row("staff_id"),
        sealed("credential"),
        sealed("public_key"),
        big("signs"),
        words("name"),
        moment("created_at"),
        moment("used_at", null=True),
        to("staff", "passkey", "staff_id"),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
    )
    index("ix_passkey_staff_id", "passkey", ["staff_id"])
    op.create_table(
        "challenge",
        sealed("token_hash"),
        words("purpose"),
        moment("expires_at"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_challenge")),
    )
