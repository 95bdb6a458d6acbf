"""Pictures of events, which a second person agrees to before anybody sees them."""

from __future__ import annotations

from storage.migrations.parts import count, flag, index, moment, numbered, row, sealed, to, words

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One table, empty."""
    numbered(
        "event_picture",
        row("event_id"),
        row("staff_id"),
        row("checker_id", null=True),
        moment("at"),
        words("alt"),
        count("width"),
        count("height"),
        sealed("data"),
        flag("shown", default=False),
        to("event", "event_picture", "event_id"),
        to("staff", "event_picture", "staff_id"),
        to("staff", "event_picture", "checker_id"),
    )
    index("ix_event_picture_event_id", "event_picture", ["event_id"])
