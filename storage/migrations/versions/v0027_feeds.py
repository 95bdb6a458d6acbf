"""Feeds that are followed with care, when somebody's digest is due, and who offered an event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, count, index, moment, numbered, row, to, words

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """More columns for feeds and receivers, and two tables, empty."""
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
    numbered(
        "event_offer",
        row("event_id"),
        row("person_id"),
        big("contact_id"),
        moment("at"),
        moment("told_at", null=True),
        to("event", "event_offer", "event_id"),
        to("person", "event_offer", "person_id"),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_offer_event_id")),
    )
    index("ix_event_offer_person_id", "event_offer", ["person_id"])
    for column in (
        count("digest_day", 4),
        count("digest_hour", 12),
        moment("digest_at", null=True),
        moment("digested_at", null=True),
    ):
        op.add_column("receiver", column)
    index("ix_receiver_digest_at", "receiver", ["digest_at"], "digest_at IS NOT NULL")
