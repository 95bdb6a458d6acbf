"""The form of an event: what was typed becomes content and dates, or says in plain Japanese what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from unicodedata import normalize
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from starlette.datastructures import FormData

from bot.web.console.words import word
from knowledge.csv_file import YEARS, day
from knowledge.event import Content, Help, Target, Way, What
from storage.events import DateState, Event, Span
from storage.feeds import Lead

OFFSETS = {"d-3@18": "offset_3", "d-1@18": "offset_1", "d0@8": "offset_0", "h2": "offset_2h"}  # and their words
MOST_DATES = 60
REPEATS = ("no", "7", "14", "month")  # not at all, every so many days, the same weekday of each month
TEXTS = (
    "title", "organiser", "registered", "place", "address", "access", "cost", "sign_up_note", "about", "easy",
    "contact", "url", "public_from", "public_until",
)  # fmt: skip
_COUNTS = ("capacity", "closes_days", "offer_hours")
_NAMED = frozenset({"title", "organiser", "about", "url", "public_from", "public_until", "offsets", *_COUNTS})
_DAY = r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})"
_LINE = re.compile(rf"{_DAY}\s+(\d{{1,2}}):(\d{{2}})\s*[-〜~–]\s*(?:{_DAY}\s+)?(\d{{1,2}}):(\d{{2}})")


@dataclass(frozen=True)
class Typed:
    """What was typed, as it was, and what it means or what is wrong with it."""

    values: Mapping[str, str]
    chosen: frozenset[str]
    content: Content | None = None
    spans: tuple[Span, ...] = ()
    wrong: str = ""


def read(form: FormData, zone: ZoneInfo) -> Typed:
    """The form as sent."""
    values = {name: str(value) for name, value in form.items()}
    chosen = frozenset(str(one) for name in ("targets", "helps", "offsets") for one in form.getlist(name))
    spans = _spans(_first(values) + values.get("dates", ""), zone)
    if isinstance(spans, str):
        return Typed(values, chosen, wrong=word("happening.wrong_line", line=spans))
    if odd := next((name for name in _COUNTS if _number(values, name) is None), None):
        return Typed(values, chosen, wrong=word("happening.wrong_number", name=word(f"happening.{odd}")))
    how, until = values.get("repeat", "no"), day(values.get("until", ""))
    if how in REPEATS and how != "no" and until is None:
        return Typed(values, chosen, wrong=word("happening.wrong_until"))
    spans = _repeated(spans, how, until)
    if not spans or len(spans) > MOST_DATES:
        return Typed(values, chosen, wrong=word("happening.wrong_dates", n=MOST_DATES))
    try:
        content = Content.model_validate(_given(values, chosen))
    except ValidationError as refused:
        where = refused.errors()[0]["loc"]
        name = str(where[0]) if where and str(where[0]) in _NAMED else "span"
        return Typed(values, chosen, wrong=word("happening.wrong_field", name=word(f"happening.{name}")))
    return Typed(values, chosen, content, tuple(spans))


def _first(values: Mapping[str, str]) -> str:
    """The day with its two times, as a line of the field for more; nothing where no day was chosen."""
    on, start, end = (values.get(name, "").strip() for name in ("day", "start", "end"))
    return f"{on} {start}-{end}\n" if on else ""


def _given(values: Mapping[str, str], chosen: frozenset[str]) -> dict[str, object]:
    given: dict[str, object] = {
        name: text for name in TEXTS if (text := values.get(name, "").replace("\r\n", "\n").strip())
    }
    given |= {name: values[name] for name in ("what", "way") if values.get(name)}
    given |= {name: int(count) for name in _COUNTS if (count := _number(values, name))}
    given |= {"free": "free" in values, "may_broadcast": "may_broadcast" in values}
    given["targets"] = [one for one in Target if one in chosen]
    given["helps"] = [one for one in Help if one in chosen]
    given["offsets"] = [one for one in OFFSETS if one in chosen]
    return given


def _number(values: Mapping[str, str], name: str) -> str | None:
    """The digits of a field, wide ones as well; empty for an empty field, None for what is no number."""
    text = normalize("NFKC", values.get(name, "")).strip()
    return text if not text or (text.isascii() and text.isdecimal() and len(text) < 7) else None


def _spans(text: str, zone: ZoneInfo) -> list[Span] | str:
    """The dates of the field, or the line that cannot be read."""
    found = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        span = _span(line, zone)
        if span is None:
            return line[:40]
        found.append(span)
    return found


def _span(line: str, zone: ZoneInfo) -> Span | None:
    """One date, in wide digits or narrow ones; its end on another day where that is written as well."""
    said = _LINE.fullmatch(normalize("NFKC", line))
    if said is None:
        return None
    first = said.group(1, 2, 3)
    try:
        start = _moment(first, said.group(4, 5), zone)
        found = Span(start, _moment(said.group(6, 7, 8) if said[6] else first, said.group(9, 10), zone))
    except ValueError:
        return None
    fine = found.starts_at < found.ends_at and {found.starts_at.year, found.ends_at.year} <= set(YEARS)
    return found if fine else None


def _moment(on: tuple[str, ...], clock: tuple[str, ...], zone: ZoneInfo) -> datetime:
    year, month, number = map(int, on)
    hour, minute = map(int, clock)
    return datetime.combine(date(year, month, number), time(hour, minute), zone)


def _repeated(spans: list[Span], how: str, until: date | None) -> list[Span]:
    """The dates again and again until a day, and never more than a year."""
    if how not in REPEATS or how == "no" or not spans or until is None:
        return spans
    last = min(until, spans[0].starts_at.date() + timedelta(days=366))
    out = list(spans)
    for span in spans:
        step = span
        while True:
            days = _month_on(step.starts_at) if how == "month" else int(how)
            step = Span(step.starts_at + timedelta(days=days), step.ends_at + timedelta(days=days))
            if step.starts_at.date() > last:
                break
            out.append(step)
    return sorted(set(out), key=lambda one: one.starts_at)


def _month_on(start: datetime) -> int:
    """Days until the same weekday of the same week of the next month; the fifth becomes the fourth."""
    which = min((start.day - 1) // 7, 3)
    first = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
    on = 1 + (start.weekday() - first.weekday()) % 7 + 7 * which
    return (first.replace(day=on).date() - start.date()).days


def of_event(of: Event, zone: ZoneInfo) -> Typed:
    """An event as its form shows it."""
    content = of.pending.content if of.pending else of.content
    dates = [one.span for one in of.dates if one.state is DateState.ON]
    if of.pending:
        dates = [Span(start, end) for start, end in of.pending.spans]
    lines = [_written(one.starts_at.astimezone(zone), one.ends_at.astimezone(zone)) for one in dates]
    values = {name: str(getattr(content, name) or "") for name in (*TEXTS, *_COUNTS)}
    values |= {"what": content.what.value, "way": content.way.value, "dates": "\n".join(lines)}
    values |= {name: "1" for name in ("free", "may_broadcast") if getattr(content, name)}
    chosen = frozenset((*content.targets, *content.helps, *content.offsets))
    return Typed(values, frozenset(str(one) for one in chosen))


def _written(start: datetime, end: datetime) -> str:
    """A date as `_span` reads it."""
    last = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}-{last}"


def empty(lead: Lead | None = None) -> Typed:
    """A new event, or one that is to be made of a feed's entry."""
    said = {} if lead is None else {"lead": str(lead.id), "title": lead.title, "url": lead.url, "about": lead.about}
    way = Way.BOT if lead is None else Way.ELSEWHERE
    return Typed({"what": What.EVENT, "way": way, "offer_hours": "24"} | said, frozenset({"d-1@18", "h2"}))
