"""What hearing needs besides the database: fixed at start, the same for everybody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.look import Look
from dialogs.around import House
from dialogs.question import Item
from knowledge.hours import Calendar

SLOT_DAYS, SLOT_MINUTES, SLOTS_SHOWN = 14, 60, 9


@dataclass(frozen=True)
class Mind:
    """The engine's house, the search, the centre's calendar and zone, and where our own pages are."""

    house: House
    look: Look
    calendar: Calendar
    zone: ZoneInfo
    public_url: str
    board: Mapping[str, Sequence[Item]] = field(default_factory=dict)  # events, grants, rooms as shown in the menu

    def local(self, moment: datetime) -> datetime:
        """A moment on the centre's own clock."""
        return moment.astimezone(self.zone)

    def promise(self, now: datetime) -> datetime | None:
        """When somebody reads it: the next opening, or None while the centre is open."""
        local = self.local(now)
        return None if self.calendar.is_open(local) else self.calendar.next_open(local)

    def shelves(self, now: datetime) -> Mapping[str, Sequence[Item]]:
        """What flows may ask for, as of now."""
        slots = self.calendar.slots(self.local(now), SLOT_DAYS, SLOT_MINUTES)[:SLOTS_SHOWN]
        return {**self.board, "consulting_hours": [Item(slot.strftime("%Y-%m-%dT%H:%M")) for slot in slots]}
