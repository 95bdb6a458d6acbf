"""Days and moments as people of each language say them."""

from __future__ import annotations

from datetime import date, datetime

from dialogs.words import Words


def say_day(day: date, words: Words) -> str:
    """A day with its weekday, such as 11月24日(火)."""
    return words.say(
        "when.day",
        month=day.month,
        month_name=words.say(f"when.month_{day.month}"),
        day=day.day,
        weekday=words.say(f"when.weekday_{day.weekday()}"),
    )


def say_time(moment: datetime, words: Words) -> str:
    """A time of day, such as 午後2時30分."""
    half = "am" if moment.hour < 12 else "pm"
    minutes = words.say("when.minutes", minute=f"{moment.minute:02}") if moment.minute else words.say("when.sharp")
    return words.say(f"when.{half}", hour=moment.hour % 12 or (12 if half == "pm" else 0), minutes=minutes)


def say_moment(moment: datetime, words: Words) -> str:
    """A day and a time."""
    return words.say("when.moment", day=say_day(moment.date(), words), time=say_time(moment, words))
