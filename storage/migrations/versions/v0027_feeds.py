"""Feeds that are followed with care: how old and how many, what is kept back, and every entry that was settled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import count, index, moment, numbered, row, to, words

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """More columns for feeds, and one table, empty."""
    for column in (
        count("oldest_days", 180),
        count("at_most", 20),
        count("allowed"),
        count("failures"),
        count("held"),
        words("held_why", null=True),
        moment("held_at", null=True),
    ):
        op.add_column("event_feed", column)
    numbered(
        "feed_item",
        row("feed_id"),
        words("uid"),
        words("mark"),
        words("state"),
        words("said", null=True),
        moment("at"),
        to("event_feed", "feed_item", "feed_id"),
        sa.UniqueConstraint("feed_id", "uid", name=op.f("uq_feed_item_feed_id_uid")),
    )
    index("ix_feed_item_state", "feed_item", ["state"])
