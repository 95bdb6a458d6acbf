"""Names days on Japanese pages: the weekday, and month, day and weekday."""

from __future__ import annotations

from datetime import date

from bot.web.console.words import word


def weekday(day: date) -> str:
    """The sign of a day's weekday, 月 to 日."""
    return word("moment.weekdays")[day.weekday()]


def day_name(day: date) -> str:
    """A day as a page names it: month, day and weekday."""
    return word("moment.day", month=day.month, day=day.day, weekday=weekday(day))
