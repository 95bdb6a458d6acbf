"""All tables there are, wherever they stand: what migrations and checks of the whole go by."""

from __future__ import annotations

from storage import (  # noqa: F401 - named here, they are known there
    after_tables,
    article_tables,
    broadcast_tables,
    centre_tables,
    desk_tables,
    door_tables,
    event_tables,
    feed_tables,
    forum_tables,
    grant_tables,
    join_tables,
    keeping_tables,
    push_tables,
    queue_tables,
    receive_tables,
    reminder_tables,
    tables,
    thing_tables,
    work_tables,
)
from storage.table import metadata

__all__ = ["metadata"]
