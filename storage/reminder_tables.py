"""The table of messages relative to a date: each once for ever over item, offset and person."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, UniqueConstraint

from storage.columns import at_contact, moment, numbered, only, to, words
from storage.table import table

reminder = table(
    "reminder",
    numbered(),
    words("kind"),  # of the item: event, thanks, grant
    Column("item", BigInteger, nullable=False),
    to("person", "person_id"),
    at_contact(),
    words("offset"),  # as knowledge.offsets spells it
    moment("due_at"),
    moment("good_until"),  # from then on it is of no use to anybody
    words("state"),
    Column("outbox_id", BigInteger, nullable=True),
    moment("done_at", null=True),
    UniqueConstraint("kind", "item", "person_id", "offset"),
    Index(None, "person_id"),
    only("ix_reminder_due", "due_at", where="state = 'waiting'"),
    only("ix_reminder_late", "due_at", where="state = 'late'"),
    only("ix_reminder_going", "good_until", where="state = 'sent'"),
)
