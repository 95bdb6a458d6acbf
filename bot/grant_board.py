"""The shelf of grants for talks: every call that is open, read once until something changes, matched to one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.remembered import Remembered
from dialogs.grant import Grant as Shown
from dialogs.grant import Miss
from knowledge.grant import stale
from knowledge.grants import Card, Outcome, match
from storage import grant_people, grants
from storage.crypt import Vault
from storage.grants import Grant
from storage.people import Person


def shown(of: Grant, today: date, public_url: str, card: Card | None = None, state: str = "") -> Shown:
    """A call as talks know it, as somebody's group stands to it."""
    content = of.content
    found = match(content, card, today).findings if card else ()
    return Shown(
        key=str(of.id),
        label=content.name,
        funder=content.funder,
        who=content.who,
        about=content.about,
        ceiling=content.ceiling or 0,
        rate=content.rate or 0,
        closes=content.closes,
        delivery=content.delivery.value,
        costs=content.costs,
        papers=content.papers,
        briefing=content.briefing,
        result=content.result,
        checked=of.checked,
        stale=stale(of.checked, today),
        source=content.url,
        url=f"{public_url}/grants/{of.id}",
        known=card is not None,
        misses=tuple(Miss(one.rule.value, one.outcome is Outcome.FAILS, one.options, one.number) for one in found),
        state=state,
    )


def _open(conn: Connection, today: date) -> Sequence[Grant]:
    return tuple(one for one in grants.published(conn, today) if one.content.open_on(today))


@dataclass
class GrantBoard:
    """Remembers the open calls under the number of the last change and the day; of people nothing is remembered."""

    zone: ZoneInfo
    public_url: str
    _read: Remembered[Sequence[Grant]] = field(default_factory=Remembered)

    def open_now(self, conn: Connection, now: datetime) -> Sequence[Grant]:
        """What one can apply for today."""
        today = now.astimezone(self.zone).date()
        return self._read.get(conn, (grants.stamp(conn), today), lambda: _open(conn, today))

    def items(self, conn: Connection, vault: Vault, person: Person, now: datetime) -> Sequence[Shown]:
        """The same for this person."""
        today, found = now.astimezone(self.zone).date(), self.open_now(conn, now)
        if not found:
            return ()
        card = grant_people.card(conn, vault, person.id, person.key)
        mine = grant_people.mine(conn, person.id)
        return tuple(shown(one, today, self.public_url, card, mine.get(one.id, "")) for one in found)
