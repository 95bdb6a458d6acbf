"""What breaks first in a case and when, in words that are read at a glance; and of which cases everybody is warned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.web.console.words import known, word
from dialogs.words import Words
from knowledge.clocks import Clocks
from storage.cases import CaseHead, State

_A_DAY = 8 * 60  # minutes of opening time: beyond, the day says more than a number of hours
SOON = 60


@dataclass(frozen=True)
class Scene:
    """What is the same for every line: the time, the book in which topics have names, and the centre's clocks."""

    now: datetime
    book: Words
    clocks: Clocks


@dataclass(frozen=True)
class Due:
    """What is due, how long it has ("残り2時間"), until when, and how loudly it is said: "over", "soon" or "calm"."""

    what: str
    left: str
    until: str
    look: str


def due(head: CaseHead, scene: Scene) -> Due | None:
    """What breaks first; for a case that was laid aside, until when. None where nothing is promised."""
    if head.state is State.PENDING and head.pending_until is not None:
        return Due(word("due.asleep"), "", word("due.until", when=moment(head.pending_until, scene)), "calm")
    if head.due_at is None or head.state is State.CLOSED:
        return None
    what, until = known("clock", head.due_clock or "", "next"), word("due.until", when=moment(head.due_at, scene))
    calendar = scene.clocks.calendar
    if head.due_at <= scene.now:
        over = calendar.minutes(head.due_at, scene.now)
        time = span(scene.now - head.due_at if over >= _A_DAY else timedelta(minutes=over))
        return Due(what, word("due.over", time=time), word("due.ended", when=moment(head.due_at, scene)), "over")
    left = calendar.minutes(scene.now, head.due_at)
    said = "" if left >= _A_DAY else word("due.left", time=span(timedelta(minutes=left)))
    return Due(what, said, until, "soon" if left <= SOON else "calm")


def moment(at: datetime, scene: Scene) -> str:
    """A moment as people at the desk say it: the day only where it is another."""
    zone = scene.clocks.calendar.zone
    here, days = at.astimezone(zone), (at.astimezone(zone).date() - scene.now.astimezone(zone).date()).days
    clock = f"{here.hour}:{here.minute:02}"
    if days in (0, 1):
        return clock if days == 0 else word("due.tomorrow", clock=clock)
    day = word("due.weekday_" + str(here.weekday()))
    return word("due.day", month=here.month, day=here.day, weekday=day, clock=clock)


def span(time: timedelta) -> str:
    """A stretch of time as one says it: its largest unit only."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 1:
        return word("row.just")
    if minutes < 60:
        return word("row.minutes", n=minutes)
    if minutes < 60 * 24:
        return word("row.hours", n=minutes // 60)
    return word("row.days", n=minutes // (60 * 24))
