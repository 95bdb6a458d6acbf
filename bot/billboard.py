"""The shelf of events for talks: every date to come of what is published, read once until something changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.remembered import Remembered
from dialogs.happening import Happening
from dialogs.question import Item
from knowledge.event import Content, Way
from storage import events
from storage.events import DateState, Event, EventDate, State

MOST = 300  # dates on the shelf


def happening(of: Event, one: EventDate, zone: ZoneInfo, public_url: str, now: datetime) -> Happening:
    """A date as talks know it, on the centre's own clock."""
    content = of.content
    return Happening(
        key=str(one.id),
        label=content.title,
        starts=one.span.starts_at.astimezone(zone),
        ends=one.span.ends_at.astimezone(zone),
        place=content.place,
        where=f"{content.title} {content.place} {content.address} {content.access}",
        organiser=content.organiser,
        cost=content.cost,
        free=content.free,
        targets=tuple(target.value for target in content.targets),
        helps=tuple(kind.value for kind in content.helps),
        about=content.about,
        easy=content.easy,
        left=one.left if content.way is Way.BOT else None,
        joins=joinable(of, one, zone, now),
        note=content.sign_up_note if content.way is not Way.BOT else "",
        access=content.access,
        contact=content.contact,
        url=f"{public_url}/events/{of.id}",
    )


def joinable(of: Event, one: EventDate, zone: ZoneInfo, now: datetime) -> bool:
    """Whether one can sign up for it here and now."""
    takes_place = of.state is State.PUBLISHED and one.state is DateState.ON
    return takes_place and of.content.way is Way.BOT and now < closes(of.content, one, zone)


def closes(content: Content, one: EventDate, zone: ZoneInfo) -> datetime:
    """When signing up ends: when it begins, or at midnight so many days before."""
    start = one.span.starts_at.astimezone(zone)
    if not content.closes_days:
        return start
    return start.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=content.closes_days - 1)


def seen_now(found: Sequence[Event], zone: ZoneInfo, now: datetime) -> list[tuple[Event, EventDate]]:
    """The dates to come that everybody may know of, the next first."""
    today = now.astimezone(zone).date()
    pairs = [(of, one) for of in found if of.content.public_on(today) for one in of.dates if one.span.ends_at >= now]
    return sorted(pairs, key=lambda pair: (pair[1].span.starts_at, pair[1].id))


@dataclass
class Billboard:
    """Remembers what it read under the number of the last change; nothing else is remembered."""

    zone: ZoneInfo
    public_url: str
    _read: Remembered[Sequence[Happening]] = field(default_factory=Remembered)

    def items(self, conn: Connection, now: datetime) -> Sequence[Happening]:
        """What can be gone to, as of this minute."""
        of = events.stamp(conn), now.replace(second=0, microsecond=0)
        return self._read.get(conn, of, lambda: self._on(conn, now))

    def _on(self, conn: Connection, now: datetime) -> Sequence[Happening]:
        pairs = seen_now(events.published(conn, now), self.zone, now)
        on = [pair for pair in pairs if pair[0].state is State.PUBLISHED and pair[1].state is DateState.ON]
        return tuple(happening(*pair, self.zone, self.public_url, now) for pair in on[:MOST])


@dataclass(frozen=True)
class Shelves(Mapping[str, Sequence[Item]]):
    """Shelves of which some are read only when a talk asks for them."""

    there: Mapping[str, Sequence[Item]]
    later: Mapping[str, Callable[[], Sequence[Item]]]
    _read: dict[str, Sequence[Item]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Sequence[Item]:
        """Read it, the first time."""
        if name not in self.later:
            return self.there[name]
        if name not in self._read:
            self._read[name] = self.later[name]()
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """The names of all."""
        return iter({*self.there, *self.later})

    def __len__(self) -> int:
        """How many there are."""
        return len({*self.there, *self.later})
