"""The tables of feeds that are followed: where we look, how it went, and every entry that was ever settled."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from storage.columns import moment, number, numbered, to, words
from storage.table import table

event_feed = table(
    "event_feed",
    numbered(),
    words("url"),
    words("kind"),  # what it tells of: grants, or (also as "feed", of earlier releases) events
    to("staff", "staff_id"),
    number("every_minutes", 360),
    words("etag", null=True),
    words("modified", null=True),
    words("mark", null=True),  # unused since entries are remembered one by one
    words("said", null=True),  # how the last look went
    moment("checked_at", null=True),
    moment("next_at"),
    number("oldest_days", 180),  # what is older is no news
    number("at_most", 20),  # so many entries may be new at once
    number("allowed"),  # so many more, once: somebody said that it is so
    number("failures"),  # in a row
    number("held"),  # so many entries were kept back
    words("held_why", null=True),
    moment("held_at", null=True),  # since then everybody at the desk is told, until somebody has seen it
    UniqueConstraint("url"),
)
feed_item = table(
    "feed_item",
    numbered(),
    to("event_feed", "feed_id"),
    words("uid"),  # the hash of its name there
    words("mark"),  # the hash of what it said
    words("state"),
    words("said", null=True),  # JSON of what a lead says
    moment("at"),
    UniqueConstraint("feed_id", "uid"),
    Index(None, "state"),
)
