"""The tables of events and courses: what they say with every version, their dates, and who signed up."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, UniqueConstraint

from storage.columns import at_contact, flag, moment, number, numbered, only, sealed, to, words
from storage.table import table

LIVE = "state IN ('going', 'waiting', 'offered')"

event = table(
    "event",
    numbered(),
    words("uid"),  # ours, or that of the calendar it came from
    number("version", 1),
    words("state"),
    words("content"),  # JSON of knowledge.event.Content: nothing personal
    words("pending", null=True),  # what is to be said once somebody else has read it; until then `content` stands
    to("staff", "editor_id", null=True),
    to("staff", "checker_id", null=True),
    moment("changed_at"),
    Column("feed_id", BigInteger, nullable=True),
    words("mark", null=True),  # the hash of what was imported
    UniqueConstraint("uid"),
    Index(None, "state"),
)
# Rows are only ever added.
event_version = table(
    "event_version",
    numbered(),
    to("event", "event_id"),
    number("version"),
    moment("at"),
    to("staff", "staff_id", null=True),
    words("what"),
    words("content"),
    Index(None, "event_id"),
)
event_date = table(
    "event_date",
    numbered(),
    to("event", "event_id"),
    moment("starts_at"),
    moment("ends_at"),
    Column("capacity", Integer, nullable=True),  # none: no limit
    number("taken"),  # places of those who go or have an offer
    words("state"),
    Index(None, "event_id"),
    Index(None, "ends_at"),
)
sign_up = table(
    "sign_up",
    numbered(),
    to("event_date", "date_id"),
    to("person", "person_id"),
    at_contact(),
    number("people", 1),
    words("state"),
    words("code"),  # shown at the door, of use once
    moment("at"),
    moment("offered_until", null=True),
    moment("arrived_at", null=True),
    words("answer", null=True),
    UniqueConstraint("code"),
    Index(None, "person_id"),
    Index(None, "date_id", "state", "id"),
    only("ix_sign_up_once", "date_id", "person_id", where=LIVE, unique=True),
    only("ix_sign_up_offered", "offered_until", where="state = 'offered'"),
    only("ix_sign_up_signed", "at", "date_id", "person_id", where=LIVE),
    only("ix_sign_up_came", "arrived_at", "date_id", "person_id", where="arrived_at IS NOT NULL"),
)
event_offer = table(
    "event_offer",
    numbered(),
    to("event", "event_id"),
    to("person", "person_id"),
    at_contact(),
    moment("at"),
    moment("told_at", null=True),  # when they heard what became of it
    UniqueConstraint("event_id"),
    Index(None, "person_id"),
)
# A file between its preview and the press of the button.
event_import = table(
    "event_import",
    numbered(),
    to("staff", "staff_id"),
    moment("at"),
    words("found"),
)
# Drawn anew; whoever is on it has agreed.
event_picture = table(
    "event_picture",
    numbered(),
    to("event", "event_id"),
    to("staff", "staff_id"),
    to("staff", "checker_id", null=True),
    moment("at"),
    words("alt"),
    number("width"),
    number("height"),
    sealed("data"),
    flag("shown", False),
    Index(None, "event_id"),
)
