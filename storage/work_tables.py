"""The tables of work on a case: checklists, cases that belong together, partners outside the centre, appointments."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from storage.columns import flag, moment, number, numbered, only, sealed, to, words
from storage.table import table

ticked = table(
    "ticked",
    numbered(),
    to("case_file", "case_id"),
    words("item"),
    to("staff", "staff_id"),
    moment("at"),
    UniqueConstraint("case_id", "item"),
)
# `merged`: the first went into the second, whose page shows the talk of both; nothing said is moved. `related`: each
# names the other. `split`: the second was made out of messages of the first.
tie = table(
    "tie",
    numbered(),
    words("kind"),
    to("case_file", "case_id"),
    to("case_file", "other_id"),
    to("staff", "staff_id"),
    moment("at"),
    flag("was_open", False),
    to("staff", "was_held", null=True),
    Index(None, "case_id"),
    Index(None, "other_id"),
    only("ix_tie_merged", "case_id", where="kind = 'merged'", unique=True),
)
pointer = table(
    "pointer",
    numbered(),
    to("case_file", "case_id"),
    to("message", "message_id"),
    UniqueConstraint("case_id", "message_id"),
    Index(None, "message_id"),
)
partner = table(
    "partner",
    numbered(),
    to("case_file", "case_id"),
    to("staff", "staff_id"),
    sealed("name"),
    sealed("purpose"),
    words("scope"),
    words("consent"),
    sealed("token_hash"),
    sealed("code_index"),
    sealed("session_hash", null=True),
    moment("made_at"),
    moment("expires_at"),
    moment("opened_at", null=True),
    moment("revoked_at", null=True),
    UniqueConstraint("token_hash"),
    UniqueConstraint("session_hash"),
    Index(None, "case_id"),
)
# What a partner did: every look, and with a body every answer.
partner_deed = table(
    "partner_deed",
    numbered(),
    to("partner", "partner_id"),
    to("case_file", "case_id"),
    moment("at"),
    sealed("body", null=True),
    words("key", null=True),
    UniqueConstraint("partner_id", "key"),
    Index(None, "case_id"),
)
appointment = table(
    "appointment",
    numbered(),
    to("case_file", "case_id"),
    to("staff", "staff_id"),
    words("uid"),
    number("sequence"),
    moment("made_at"),
    moment("changed_at"),
    moment("starts_at"),
    number("minutes", 60),
    words("way"),
    sealed("place"),
    words("state"),
    moment("day_at", null=True),  # when the reminder of the day before is due; empty when there is none any more
    moment("hour_at", null=True),
    UniqueConstraint("uid"),
    Index(None, "case_id"),
    Index(None, "starts_at"),
    only("ix_appointment_day", "day_at", where="day_at IS NOT NULL"),
    only("ix_appointment_hour", "hour_at", where="hour_at IS NOT NULL"),
)
