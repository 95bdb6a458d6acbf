"""Reads events from elsewhere: the national CSV, iCalendar and RSS, into one shape, with what is wrong by row."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from knowledge import event_csv
from knowledge.csv_file import YEARS, Wrong
from knowledge.event import Content
from knowledge.event_csv import Found
from storage.event_imports import Incoming
from storage.events import Span

MOST = 2000  # entries of a calendar
_TOLD = ("UID", "SUMMARY", "LOCATION", "DESCRIPTION", "URL")
_RSS = (
    "{http://www.w3.org/2002/12/cal#}",
    "{http://purl.org/rss/1.0/modules/event/}",
    "{http://www.w3.org/2002/12/cal/}",
)


@dataclass(frozen=True)
class Read:
    """What a file holds, and what is wrong with it."""

    found: tuple[Incoming, ...] = ()
    wrong: tuple[Wrong, ...] = ()


def read(data: bytes, zone: ZoneInfo) -> Read:
    """A file of any of the three kinds, told by its beginning."""
    head = data[:400].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"BEGIN:VCALENDAR"):
        return ical(data, zone)
    return rss(data, zone) if head.startswith(b"<") else csv(data, zone)


def csv(data: bytes, zone: ZoneInfo) -> Read:
    """The national layout."""
    sheet = event_csv.read(data)
    return Read(
        tuple(
            Incoming(
                one.uid, one.content, Span(one.starts.replace(tzinfo=zone), one.ends.replace(tzinfo=zone)), one.mark
            )
            for one in sheet.found
        ),
        sheet.wrong,
    )


def _here(one: Found, zone: ZoneInfo) -> Span:
    return Span(one.starts.replace(tzinfo=zone), one.ends.replace(tzinfo=zone))


def ical(data: bytes, zone: ZoneInfo) -> Read:
    """RFC 5545, each VEVENT with its own beginning; rules of repetition are not unrolled but named."""
    from icalendar import Calendar  # it takes a while to import

    try:
        entries = Calendar.from_ical(data).walk("VEVENT")[: MOST + 1]
    except (ValueError, IndexError, KeyError):
        return Read(wrong=(Wrong(0, "broken"),))
    if len(entries) > MOST:
        return Read(wrong=(Wrong(MOST + 1, "many"),))
    found: list[Incoming] = []
    wrong: list[Wrong] = []
    for number, entry in enumerate(entries, 1):
        if entry.get("RRULE"):
            wrong.append(Wrong(number, "repeats", "RRULE"))
            continue
        try:
            given = {name: str(_first(entry, name) or "") for name in _TOLD} | {"by": _by(entry)}
            start, end = _first(entry, "DTSTART"), _first(entry, "DTEND")
            times = _times(start.dt if start else None, end.dt if end else None, zone)
        except (ValueError, AttributeError):  # a date that is none: the library says so when it is read
            wrong.append(Wrong(number, "day"))
            continue
        _put(found, wrong, (number, given["UID"] or given["SUMMARY"]), given, times)
    return Read(tuple(found), tuple(wrong))


def _first(entry: Any, name: str) -> Any:
    """What an entry says under a name; the first where it says two things."""
    told = entry.get(name)
    return next(iter(told), None) if isinstance(told, list) else told


def _by(entry: Any) -> str:
    organiser = _first(entry, "ORGANIZER")
    return str(organiser.params.get("CN", "")) if organiser is not None else ""


class _NoType(ET.TreeBuilder):
    """Refuses a document type, in whatever encoding it comes: nothing that an entity could blow up."""

    def doctype(self, _name: str, _pubid: str | None, _system: str | None) -> None:
        """Called by the parser at the beginning of one. Raises ValueError."""
        raise ValueError("a document type")


def rss(data: bytes, zone: ZoneInfo) -> Read:
    """RSS whose items tell the date of their event (xCal or the event module); others are named and left out."""
    try:
        root = ET.fromstring(data, ET.XMLParser(target=_NoType()))  # noqa: S314 - no document type, so no entities
    except (ET.ParseError, ValueError, LookupError):
        return Read(wrong=(Wrong(0, "broken"),))
    items = [one for one in root.iter() if one.tag.rpartition("}")[2] == "item"][:MOST]
    found: list[Incoming] = []
    wrong: list[Wrong] = []
    for number, item in enumerate(items, 1):
        said = {part.tag.rpartition("}")[2]: (part.text or "").strip() for part in item}
        dates = {part.tag: (part.text or "").strip() for part in item if part.tag.startswith(_RSS)}
        start = next(
            (value for name, value in dates.items() if name.rpartition("}")[2] in {"dtstart", "startdate"}), ""
        )
        end = next((value for name, value in dates.items() if name.rpartition("}")[2] in {"dtend", "enddate"}), "")
        given = {
            "SUMMARY": said.get("title", ""),
            "LOCATION": said.get("location", ""),
            "DESCRIPTION": said.get("description", ""),
            "URL": said.get("link", ""),
            "by": said.get("organizer", said.get("creator", "")),
        }
        _put(
            found, wrong, (number, said.get("guid") or given["URL"]), given, _times(_moment(start), _moment(end), zone)
        )
    return Read(tuple(found), tuple(wrong))


def _dated(dates: Mapping[str, str], *names: str) -> str:
    return next((value for name, value in dates.items() if name.rpartition("}")[2] in names), "")


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _times(start: object, end: object, zone: ZoneInfo) -> Span | None:
    first = _aware(start, time(0), zone)
    if first is None:
        return None
    last = _aware(end, time(0), zone) or first + timedelta(hours=1 if isinstance(start, datetime) else 24)
    return Span(first, last) if last > first else None


def _aware(value: object, clock: time, zone: ZoneInfo) -> datetime | None:
    if not isinstance(value, date) or value.year not in YEARS:
        return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    return datetime.combine(value, clock, zone)


def _put(
    found: list[Incoming], wrong: list[Wrong], which: tuple[int, str], given: dict[str, str], span: Span | None
) -> None:
    """Add one entry to those found, or to those that are wrong."""
    number, uid = which
    if span is None:
        wrong.append(Wrong(number, "day"))
        return
    if any(one.uid == f"in:{uid}" for one in found):
        wrong.append(Wrong(number, "twice"))
        return
    url = given["URL"] if given["URL"].startswith(("http://", "https://")) and given["URL"].isascii() else ""
    try:
        content = Content(
            title=given["SUMMARY"][:200],
            organiser=given.get("by", "")[:200] or "-",
            place=given["LOCATION"][:200],
            about=given["DESCRIPTION"][:1000],
            url=url[:200],
        )
    except ValidationError:
        wrong.append(Wrong(number, "value", "SUMMARY"))
        return
    parts = f"{content.model_dump_json()} {span.starts_at.isoformat()} {span.ends_at.isoformat()}"
    found.append(Incoming(f"in:{uid}", content, span, hashlib.sha256(parts.encode()).hexdigest()))


def wrong_words(wrong: Sequence[Wrong], at_most: int = 100) -> list[str]:
    """What is wrong in plain Japanese, by row."""
    why = {
        "encoding": "文字の種類が読みとれません(UTF-8 か Shift_JIS にしてください)",
        "broken": "ファイルが壊れています",
        "column": "列がありません",
        "many": "行が多すぎます",
        "day": "日付が読みとれません",
        "time": "時間が読みとれません",
        "number": "数が読みとれません",
        "value": "値が長すぎるか、空か、決まりと合いません",
        "choice": "決まった言葉ではありません",
        "twice": "同じIDが前の行にあります",
        "repeats": "くりかえしの予定は取りこめません",
    }
    return [f"{one.row}行目 {one.column} {why[one.why]}".replace("  ", " ") for one in wrong[:at_most]]
