"""The tables of what came with a message besides words."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer

from storage.columns import BigId, moment, number, numbered, only, sealed, to, words
from storage.table import table

FOLLOWING = "follows_id IS NOT NULL"
UNFETCHED = "state IN ('wanted', 'fetching')"

# The parts are rows of their own, so that no statement moves a whole video.
thing = table(
    "thing",
    numbered(),
    to("message", "message_id"),
    to("person", "person_id"),
    Column("case_id", BigInteger, nullable=False),
    words("channel"),
    words("kind"),
    sealed("source", null=True),
    words("state"),
    words("why", null=True),
    words("form", null=True),
    number("size"),
    number("parts"),
    number("tried"),
    moment("next_at"),
    words("lease_owner", null=True),
    moment("created_at"),
    moment("done_at", null=True),
    Column("follows_id", BigInteger, nullable=True),  # whose key it is to be sealed with, once there is time
    only("ix_thing_due", "next_at", "id", where=UNFETCHED),
    only("ix_thing_following", "follows_id", where=FOLLOWING),
    Index(None, "message_id"),
    Index(None, "person_id"),
    Index(None, "case_id"),
)
thing_part = table(
    "thing_part",
    Column("thing_id", BigId, ForeignKey("thing.id"), primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    sealed("data"),
)
