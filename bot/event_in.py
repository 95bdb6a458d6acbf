"""Reads events from elsewhere: the national CSV, iCalendar, RSS and Atom, into one shape, with what is wrong by row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from knowledge import event_csv, feed_xml, recurring, repeating
from knowledge.csv_file import Wrong
from knowledge.event import Content
from knowledge.recurring import said
from storage.event_imports import Incoming
from storage.events import Span
from storage.feeds import Lead

MOST = 10_000  # entries of a calendar or feed
# Days that the rules of one calendar may have us look at, a second or two of work: a rule looks at some 200 where it
# names no number of times, and else at all since it began, in twenty years 7,500.
PATIENCE = 1_000_000


@dataclass(frozen=True)
class Read:
    """What a file holds, and what is wrong with it; `leads` are those of the wrong ones that somebody can complete."""

    found: tuple[Incoming, ...] = ()
    wrong: tuple[Wrong, ...] = ()
    leads: tuple[Lead, ...] = ()


@dataclass(frozen=True)
class _Entry:
    """Which entry it is, by its place and its name there, and when it is from."""

    row: int
    uid: str
    stamp: datetime | None


def read(data: bytes, zone: ZoneInfo, now: datetime) -> Read:
    """A file of any of these kinds, told by its beginning."""
    head = data[:400].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"BEGIN:VCALENDAR"):
        return ical(data, zone, now)
    return rss(data, zone) if head.startswith(b"<") else csv(data, zone)


def csv(data: bytes, zone: ZoneInfo) -> Read:
    """The national layout."""
    sheet = event_csv.read(data)
    found = (
        Incoming(
            one.uid, one.content, (Span(one.starts.replace(tzinfo=zone), one.ends.replace(tzinfo=zone)),), one.mark
        )
        for one in sheet.found
    )
    return Read(tuple(found), sheet.wrong)


def ical(data: bytes, zone: ZoneInfo, now: datetime) -> Read:
    """RFC 5545: entries of one name are one event with all their dates, moved and cancelled ones as they are now."""
    from icalendar import Calendar  # it takes a while to import

    try:
        entries = Calendar.from_ical(data).walk("VEVENT")[: MOST + 1]
    except (ValueError, IndexError, KeyError):
        return Read(wrong=(Wrong(0, "broken"),))
    if len(entries) > MOST:
        return Read(wrong=(Wrong(MOST + 1, "many"),))
    found: dict[str, Incoming] = {}
    groups, wrong = _groups(entries)
    patience = repeating.Patience(PATIENCE)
    for name, group in groups.items():
        number, entry = next((one for one in group if not _single(one[1])), group[0])
        try:
            dates = recurring.dates([one for _, one in group], zone, now, patience)
        except (repeating.Strange, repeating.TooMuch) as why:
            wrong.append(Wrong(number, "repeats" if isinstance(why, repeating.Strange) else "heavy", "RRULE"))
            continue
        except (ValueError, AttributeError, OverflowError):  # a date that is none, or is beyond all time
            dates = None
        if dates is None:
            wrong.append(Wrong(number, "day"))
            continue
        last = max((at for _, one in group if (at := _stamp(one))), default=None)
        given = {key: str(said(entry, key) or "") for key in ("SUMMARY", "LOCATION", "DESCRIPTION", "URL")}
        _put(found, wrong, _Entry(number, name, last), given | {"by": _by(entry)}, [Span(*one) for one in dates])
    return Read(tuple(found.values()), tuple(wrong))


def _groups(entries: Sequence[Any]) -> tuple[dict[str, list[tuple[int, Any]]], list[Wrong]]:
    """The entries by name; of those that say a whole event under one name the first, for the others are wrong."""
    groups: dict[str, list[tuple[int, Any]]] = {}
    wrong: list[Wrong] = []
    whole: set[str] = set()
    for number, entry in enumerate(entries, 1):
        name = str(said(entry, "UID") or said(entry, "SUMMARY") or "")
        if not _single(entry) and name in whole:
            wrong.append(Wrong(number, "twice"))
            continue
        whole |= set() if _single(entry) else {name}
        groups.setdefault(name, []).append((number, entry))
    return groups, wrong


def _single(entry: Any) -> bool:
    """Whether it tells of one date of an event that repeats."""
    return entry.get("RECURRENCE-ID") is not None


def _stamp(entry: Any) -> datetime | None:
    """When it was last written; the moment at which the file was made says nothing."""
    try:
        value = getattr(said(entry, "LAST-MODIFIED") or said(entry, "CREATED"), "dt", None)
    except ValueError:  # no date: the library says so when it is read
        return None
    return value if isinstance(value, datetime) and value.tzinfo else None


def _by(entry: Any) -> str:
    organiser = said(entry, "ORGANIZER")
    return str(organiser.params.get("CN", "")) if organiser is not None else ""


def rss(data: bytes, zone: ZoneInfo) -> Read:
    """RSS and Atom whose entries tell the date of their event (xCal or the event module); others are leads."""
    entries = feed_xml.entries(data)
    if entries is None:
        return Read(wrong=(Wrong(0, "broken"),))
    if len(entries) > MOST:
        return Read(wrong=(Wrong(MOST + 1, "many"),))
    found: dict[str, Incoming] = {}
    wrong: list[Wrong] = []
    leads: list[Lead] = []
    for number, one in enumerate(entries, 1):
        if not one.starts:
            wrong.append(Wrong(number, "day"))
            leads.append(lead(one))
            continue
        span = recurring.span(_moment(one.starts), _moment(one.ends), zone)
        if span is None:
            wrong.append(Wrong(number, "day"))
            continue
        given = {"SUMMARY": one.title, "LOCATION": one.place, "DESCRIPTION": one.about, "URL": one.url, "by": one.by}
        _put(found, wrong, _Entry(number, one.uid, one.stamp), given, [Span(*span)])
    return Read(tuple(found.values()), tuple(wrong), tuple(leads))


def lead(one: feed_xml.Entry) -> Lead:
    """An entry that says too little to be taken by itself: somebody may make something of it."""
    parts = f"{one.title}\0{one.url}\0{one.about}"
    mark = hashlib.sha256(parts.encode()).hexdigest()
    return Lead(one.uid, one.title[:200], _address(one.url), one.about[:1000], mark, one.stamp)


def _address(url: str) -> str:
    return url if len(url) <= 200 and url.isascii() and re.fullmatch(r"https?://[!-~]+", url) else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _put(
    found: dict[str, Incoming], wrong: list[Wrong], which: _Entry, given: Mapping[str, str], spans: Sequence[Span]
) -> None:
    """Add one entry to those found, or to those that are wrong; without dates it is off."""
    uid = f"in:{which.uid[:200]}"
    if uid in found:
        wrong.append(Wrong(which.row, "twice"))
        return
    try:
        content = Content(
            title=given["SUMMARY"][:200],
            organiser=given.get("by", "")[:200] or "-",
            place=given["LOCATION"][:200],
            about=given["DESCRIPTION"][:1000],
            url=_address(given["URL"]),
        )
    except ValidationError:
        wrong.append(Wrong(which.row, "value", "SUMMARY"))
        return
    times = " ".join(f"{one.starts_at.isoformat()} {one.ends_at.isoformat()}" for one in spans)
    mark = hashlib.sha256(f"{content.model_dump_json()} {times}".encode()).hexdigest()
    found[uid] = Incoming(uid, content, tuple(spans), mark, which.stamp)


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
        "repeats": "くりかえし方が読みとれません",
        "heavy": "くりかえしの計算が多すぎます",
    }
    return [f"{one.row}行目 {one.column} {why[one.why]}".replace("  ", " ") for one in wrong[:at_most]]
