"""Who has been waiting for an answer: unheard so far, or answered with words that are still on their way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, bindparam, exists, or_, select, text, update

from storage.crypt import Vault
from storage.receiving import TOKEN
from storage.tables import OPEN, UNFINISHED, case_file, contact, inbox, outbox, person

# Whoever talks with a coordinator waits for a person: nobody is "just writing an answer".
_HELD = exists().where(case_file.c.person_id == inbox.c.person_id, text("case_file." + OPEN), case_file.c.holder > 0)
_UNHEARD = and_(
    text("inbox.person_id IS NOT NULL AND inbox.state = 'waiting'"),
    inbox.c.channel.in_(bindparam("channels", expanding=True)),
    inbox.c.arrived_at > bindparam("after"),
    inbox.c.arrived_at <= bindparam("until"),
    ~_HELD,
    contact.c.reachable,
)
_BY_INBOX = (
    select(contact.c.id, contact.c.channel, contact.c.address)
    .distinct()
    .select_from(inbox.join(contact, contact.c.id == inbox.c.contact_id))
    # What has neither is nothing that is answered: somebody left, or took something back.
    .where(_UNHEARD, or_(inbox.c.reply_token.is_not(None), inbox.c.said_id_index.is_not(None)))
    .limit(bindparam("at_most"))
)
_BY_OUTBOX = (
    select(contact.c.id, contact.c.channel, contact.c.address)
    .distinct()
    .select_from(outbox.join(contact, contact.c.id == outbox.c.contact_id))
    .where(
        text("outbox." + UNFINISHED),
        outbox.c.lane <= 1,
        outbox.c.channel.in_(bindparam("channels", expanding=True)),
        outbox.c.created_at > bindparam("after"),
        outbox.c.created_at <= bindparam("until"),
        or_(outbox.c.state == "sending", outbox.c.next_at <= bindparam("now")),
        contact.c.reachable,
    )
    .limit(bindparam("at_most"))
)
_TOKENS = (
    select(
        inbox.c.id,
        inbox.c.person_id,
        inbox.c.reply_token,
        inbox.c.arrived_at,
        contact.c.address,
        person.c.language,
    )
    .select_from(inbox.join(contact, contact.c.id == inbox.c.contact_id).join(person, person.c.id == inbox.c.person_id))
    .where(_UNHEARD, inbox.c.reply_token.is_not(None), inbox.c.person_id.not_in(bindparam("but", expanding=True)))
    .order_by(inbox.c.id)
    .limit(bindparam("at_most"))
)
_ANY = _TOKENS.with_only_columns(inbox.c.id)
# Not of whoever is just being heard; and the message as well, for it may have been heard a moment ago.
_TAKEN = _TOKENS.with_for_update(skip_locked=True, key_share=True, of=(person, inbox))
_EACH = 10  # messages of one person, so that whoever writes a lot does not take everybody's place
_SPENT = update(inbox).where(inbox.c.id.in_(bindparam("ids", expanding=True))).values(reply_token=None)


@dataclass(frozen=True)
class Span:
    """What came after one moment and up to another, on these channels; at most so many."""

    after: datetime
    until: datetime
    channels: Sequence[str]
    at_most: int = 20

    def asked(self) -> dict[str, object]:
        """For a statement."""
        return {"after": self.after, "until": self.until, "channels": self.channels, "at_most": self.at_most}


@dataclass(frozen=True)
class Waiter:
    """Somebody who waits, and where."""

    contact_id: int
    channel: str
    address: str


@dataclass(frozen=True)
class Token:
    """A right to a free reply that nobody else will use any more."""

    person_id: int
    address: str
    language: str
    token: str
    arrived_at: datetime


def waiters(conn: Connection, vault: Vault, span: Span, now: datetime) -> list[Waiter]:
    """Who waits for words of ours."""
    rows = [*conn.execute(_BY_INBOX, span.asked()), *conn.execute(_BY_OUTBOX, {**span.asked(), "now": now})]
    found = {row.id: row for row in rows}.values()
    return [
        Waiter(row.id, row.channel, vault.unseal_text(vault.house, "contact.address", row.address)) for row in found
    ]


def any_token(conn: Connection, span: Span, but: Sequence[int]) -> bool:
    """Whether a right to a free reply of this span lies unheard, of others than some."""
    return conn.execute(_ANY, {**span.asked(), "at_most": 1, "but": but}).first() is not None


def take_tokens(conn: Connection, vault: Vault, span: Span, but: Sequence[int]) -> list[Token]:
    """One right of each person, but of some; it is gone from the inbox, so that the answer will not try it again."""
    found = conn.execute(_TAKEN, {**span.asked(), "but": but, "at_most": _EACH * span.at_most}).all()
    rows = list({row.person_id: row for row in reversed(found)}.values())
    if rows:
        conn.execute(_SPENT, {"ids": [row.id for row in rows]})
    return [
        Token(
            person_id=row.person_id,
            address=vault.unseal_text(vault.house, "contact.address", row.address),
            language=row.language,
            token=vault.unseal_text(vault.house, TOKEN, row.reply_token),
            arrived_at=row.arrived_at,
        )
        for row in rows
    ]
