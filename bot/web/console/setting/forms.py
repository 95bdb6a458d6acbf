"""Reads what was typed into the form of a part, forgiving how people write; what it means, its model judges."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.web.console.setting.fields import CLOCKS, LINES, URGENCIES, WARNINGS
from dialogs.flows.consultation import Trouble
from dialogs.words import LANGUAGES
from knowledge.hours import WEEK
from knowledge.parts import Part

LONGEST = 4000  # of one field: a year of closed days
_BETWEEN = re.compile(r"[、,，\s]+")
_DASH = re.compile(r"\s*[〜~～ー–—−-]\s*")
Typed = Mapping[str, str]


def told(part: Part, form: Typed) -> dict[str, Any]:
    """The part as plain data, as far as the form can say it; DAYS come out of a file and not from here."""
    return _READERS[part](form)


def _centre(form: Typed) -> dict[str, Any]:
    name = {one: _one(form, f"name.{one}") for one in LANGUAGES}
    return {"name": name, **{one: _one(form, one) for one in ("phone", "address", "mail")}}


def week(form: Typed, which: str) -> dict[str, list[str]]:
    """Periods by day out of the fields of a week."""
    days = {day: _many(form, f"{which}.{day}") for day in WEEK}
    return {day: periods for day, periods in days.items() if periods}


def _hours(form: Typed) -> dict[str, Any]:
    return {
        "open": week(form, "open"),
        "consulting": week(form, "consulting"),
        "slot_minutes": _count(form, "slot_minutes"),
        "open_on_holidays": bool(form.get("open_on_holidays")),
        "closed_each_year": [_dashed(one, 2) for one in _many(form, "closed_each_year")],
        "closed_days": [_dashed(one, 3) for one in _many(form, "closed_days")],
    }


def _clocks(form: Typed) -> dict[str, Any]:
    def three(before: str) -> dict[str, Any]:
        found = {one: _count(form, before + one) for one in CLOCKS}
        return {one: minutes for one, minutes in found.items() if minutes != ""}

    urgency = {one: three(f"urgency.{one}.") for one in URGENCIES}
    topic = {one.value: three(f"topic.{one.value}.") for one in Trouble}
    return {
        **three(""),
        **{one: minutes for one in WARNINGS if (minutes := _count(form, one)) != ""},
        "urgency": {one: minutes for one, minutes in urgency.items() if minutes},
        "topic": {one: minutes for one, minutes in topic.items() if minutes},
    }


def _emergency(form: Typed) -> dict[str, Any]:
    def rows(which: str) -> Iterator[dict[str, str]]:
        for at in range(1, LINES + 1):
            row = {one: _one(form, f"{which}.{at}.{one}") for one in ("number", *LANGUAGES)}
            if any(row.values()):
                yield row

    days = {one: _dashed(_one(form, one), 3) for one in ("checked", "lines_checked")}
    return {**days, "numbers": list(rows("numbers")), "lines": list(rows("lines"))}


def _topics(form: Typed) -> dict[str, Any]:
    return {"open": [one.value for one in Trouble if form.get(f"mode.{one.value}") == "open"]}


def _after(form: Typed) -> dict[str, Any]:
    return {one: bool(form.get(one)) for one in ("close", "weeks", "months", "public")}


_READERS: Mapping[Part, Callable[[Typed], dict[str, Any]]] = {
    Part.CENTRE: _centre,
    Part.HOURS: _hours,
    Part.DAYS: lambda _form: {},
    Part.CLOCKS: _clocks,
    Part.TOPICS: _topics,
    Part.EMERGENCY: _emergency,
    Part.AFTER: _after,
}


def _one(form: Typed, name: str) -> str:
    return " ".join(form.get(name, "").split())


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _many(form: Typed, name: str) -> list[str]:
    """Things parted by commas, spaces or lines; a span of hours may have spaces around its dash."""
    return [one for one in _BETWEEN.split(_DASH.sub("-", _plain(form.get(name, "")))) if one]


def _count(form: Typed, name: str) -> int | str:
    text = _plain(form.get(name, ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else text


def _dashed(text: str, parts: int) -> str:
    """12/3, 2027年2月3日 or 2027-2-3 as they stand in a file."""
    numbers = re.findall(r"\d+", _plain(text))
    if len(numbers) != parts or any(len(one) > 4 for one in numbers):
        return text
    return "-".join(one.zfill(2) for one in numbers)
