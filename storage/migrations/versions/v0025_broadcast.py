"""Broadcasts: what is said to whom, agreed to by a second person, and how far each person's chunk is."""

from __future__ import annotations

from storage.migrations.parts import big, count, flag, index, moment, numbered, row, sealed, to, words

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables."""
    numbered(
        "broadcast",
        row("staff_id"),
        row("editor_id"),
        moment("at"),
        words("state"),
        words("title"),
        words("body"),
        big("segment_id", null=True),
        big("corrects_id", null=True),
        count("lane", 2),
        flag("drill", False),
        moment("due_at", null=True),
        moment("expires_at", null=True),
        flag("partly", False),
        words("mark"),
        words("said_mark"),
        words("tested", null=True),
        count("expected"),
        moment("asked_at", null=True),
        row("approved_by", null=True),
        moment("approved_at", null=True),
        words("held", null=True),
        flag("often", False),
        moment("started_at", null=True),
        moment("ended_at", null=True),
        row("stopped_by", null=True),
        *(to("staff", "broadcast", name) for name in ("staff_id", "editor_id", "approved_by", "stopped_by")),
    )
    index("ix_broadcast_live", "broadcast", ["state", "due_at"], "state IN ('approved', 'running')")
    index("ix_broadcast_started_at", "broadcast", ["started_at"])
    _chunks()


def _chunks() -> None:
    numbered(
        "broadcast_chunk",
        row("broadcast_id"),
        count("lane", 2),
        words("channel"),
        words("language"),
        words("retry_key"),
        words("state"),
        sealed("contacts"),
        sealed("fates"),
        *(count(name) for name in ("people", "accepted", "failed", "unknown", "skipped", "tried")),
        moment("first_at", null=True),
        moment("next_at"),
        words("lease_owner", null=True),
        words("why", null=True),
        to("broadcast", "broadcast_chunk", "broadcast_id"),
    )
    names = ["channel", "lane", "next_at", "id"]
    index("ix_broadcast_chunk_due", "broadcast_chunk", names, "state IN ('queued', 'sending')")
    index("ix_broadcast_chunk_broadcast_id_state", "broadcast_chunk", ["broadcast_id", "state"])
