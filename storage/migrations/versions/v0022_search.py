"""Words found again in sealed columns, tags, and saved ways to look at the queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import BIG, big, flag, index, moment, numbered, row, sealed, to, words

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_UNSEARCHED = {
    "case_file": ("case", "rows IS NOT NULL"),
    "message": ("message", "case_id IS NOT NULL AND author <> 'bot'"),
    "note": ("note", "body IS NOT NULL"),
}


def upgrade() -> None:
    """Every row of before waits for its words to be taken into the index, which happens little by little."""
    for table, (name, where) in _UNSEARCHED.items():
        op.add_column(table, flag("searched", False))
        index(f"ix_{name}_unsearched", table, ["id"], f"NOT searched AND {where}")
    op.create_table(
        "search_block",
        sa.Column("segment", BIG, autoincrement=False, nullable=False),
        big("pair"),
        sealed("lines"),
        sa.PrimaryKeyConstraint("segment", "pair", name=op.f("pk_search_block")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "search_gone",
        sa.Column("segment", BIG, autoincrement=False, nullable=False),
        sa.Column("place", BIG, autoincrement=False, nullable=False),
        big("after"),
        sa.PrimaryKeyConstraint("segment", "place", name=op.f("pk_search_gone")),
        sqlite_with_rowid=False,
    )
    numbered("tag", sealed("words_index"), sealed("words"), moment("at"), _only_once())
    op.create_table(
        "case_tag",
        sa.Column("tag_id", BIG, autoincrement=False, nullable=False),
        sa.Column("case_id", BIG, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("tag_id", "case_id", name=op.f("pk_case_tag")),
    )
    index("ix_case_tag_case_id", "case_tag", ["case_id"])
    numbered(
        "saved_view",
        row("staff_id"),
        sealed("name"),
        words("asked"),
        flag("shared", False),
        moment("at"),
        to("staff", "saved_view", "staff_id"),
    )
    numbered("asked_for", row("staff_id"), sealed("words"), moment("at"), to("staff", "asked_for", "staff_id"))
    index("ix_asked_for_at", "asked_for", ["at"])
    index("ix_saved_view_staff_id", "saved_view", ["staff_id"])
    index("ix_saved_view_shared", "saved_view", ["id"], "shared")


def _only_once() -> sa.UniqueConstraint:
    return sa.UniqueConstraint("words_index", name=op.f("uq_tag_words_index"))
