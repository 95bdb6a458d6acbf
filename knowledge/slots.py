"""When what was gathered for somebody comes: on their day, at their hour, and never twice in a week."""

from __future__ import annotations

from datetime import datetime, time, timedelta

_WEEK, _MONTH = timedelta(days=6, hours=20), timedelta(days=27)  # a morning earlier, or a day, is no second time


def next_slot(now: datetime, when: tuple[int, int], last: datetime | None, *, monthly: bool = False) -> datetime:
    """The first moment after `now` on this weekday (0 is Monday) at this hour, long enough after the last one.

    `now` is on the centre's own clock.
    """
    day, hour = when
    earliest = now if last is None else max(now, last.astimezone(now.tzinfo) + (_MONTH if monthly else _WEEK))
    date = now.date() + timedelta(days=(day - now.weekday()) % 7)
    found = datetime.combine(date, time(hour), now.tzinfo)
    while found <= now or found < earliest:
        date += timedelta(days=7)
        found = datetime.combine(date, time(hour), now.tzinfo)
    return found
