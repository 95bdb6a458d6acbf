"""Calls for grants with their versions, who makes use of one, and what groups say of themselves to be matched."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, count, index, moment, numbered, row, sealed, to, words

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Five tables, empty."""
    numbered(
        "grant_file",
        words("uid"),
        count("version", 1),
        words("state"),
        words("content"),
        words("pending", null=True),
        words("closes"),
        row("editor_id"),
        row("checker_id", null=True),
        words("checked", null=True),
        moment("changed_at"),
        words("mark", null=True),
        to("staff", "grant_file", "editor_id"),
        to("staff", "grant_file", "checker_id"),
        sa.UniqueConstraint("uid", name=op.f("uq_grant_file_uid")),
    )
    index("ix_grant_file_open", "grant_file", ["closes"], "state = 'published'")
    numbered(
        "grant_version",
        row("grant_id"),
        count("version"),
        moment("at"),
        row("staff_id"),
        words("what"),
        words("content"),
        to("grant_file", "grant_version", "grant_id"),
        to("staff", "grant_version", "staff_id"),
    )
    index("ix_grant_version_grant_id", "grant_version", ["grant_id"])
    _people()


def _people() -> None:
    numbered(
        "grant_use",
        row("grant_id"),
        row("person_id"),
        big("contact_id"),
        words("state"),
        moment("at"),
        to("grant_file", "grant_use", "grant_id"),
        to("person", "grant_use", "person_id"),
        sa.UniqueConstraint("grant_id", "person_id", name=op.f("uq_grant_use_grant_id_person_id")),
    )
    index("ix_grant_use_person_id", "grant_use", ["person_id"])
    op.create_table(
        "group_card",
        row("person_id"),
        sealed("card"),
        words("agreed"),
        moment("at"),
        to("person", "group_card", "person_id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_group_card")),
    )
    numbered(
        "grant_import",
        row("staff_id"),
        moment("at"),
        words("found"),
        to("staff", "grant_import", "staff_id"),
    )
