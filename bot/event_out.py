"""Events as others read them: iCalendar, Atom, and open data in the national layout."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from knowledge import csv_file, event_csv
from storage.events import DateState, Event, EventDate, State

Pair = tuple[Event, EventDate]
TOKYO = ZoneInfo("Asia/Tokyo")  # the national layout writes times of Japan


def _off(pair: Pair) -> bool:
    return pair[0].state is State.CANCELLED or pair[1].state is DateState.OFF


def calendar(pairs: Sequence[Pair], public_url: str) -> bytes:
    """RFC 5545; a date that is off says so, so that calendars which had it take it out."""
    # It takes a while to import, and only who asks for a calendar needs it.
    from icalendar import Calendar
    from icalendar import Event as Entry

    book = Calendar()
    book.add("prodid", "-//Nakodo//events//JA")
    book.add("version", "2.0")
    for pair in pairs:
        of, one = pair
        entry = Entry()
        entry.add("uid", f"{one.id}-{of.uid}")
        entry.add("summary", of.content.title)
        entry.add("dtstart", one.span.starts_at)
        entry.add("dtend", one.span.ends_at)
        entry.add("dtstamp", of.changed_at)
        entry.add("sequence", of.version)
        entry.add("location", " ".join(filter(None, (of.content.place, of.content.address))))
        entry.add("description", of.content.about)
        entry.add("url", f"{public_url}/events/{of.id}")
        entry.add("status", "CANCELLED" if _off(pair) else "CONFIRMED")
        book.add_component(entry)
    made: bytes = book.to_ical()
    return made


def atom(pairs: Sequence[Pair], public_url: str) -> str:
    """RFC 4287: each event once, by its last change."""
    found = {of.id: of for of, _ in pairs}
    newest = max((of.changed_at for of in found.values()), default=datetime(2026, 1, 1, tzinfo=TOKYO))
    entries = "".join(
        f"<entry><id>{escape(public_url)}/events/{of.id}</id><title>{escape(of.content.title)}</title>"
        f"<updated>{of.changed_at.isoformat(timespec='seconds')}</updated>"
        f"<link href={quoteattr(f'{public_url}/events/{of.id}')}/><summary>{escape(of.content.about)}</summary></entry>"
        for of in sorted(found.values(), key=lambda of: of.changed_at, reverse=True)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">'
        f"<id>{escape(public_url)}/events</id><title>催し</title><author><name>Nakodo</name></author>"
        f"<updated>{newest.isoformat(timespec='seconds')}</updated>"
        f"<link rel='self' href={quoteattr(f'{public_url}/events.atom')}/>{entries}</feed>"
    )


def _rows(pairs: Sequence[Pair], public_url: str) -> list[dict[str, str]]:
    on = [pair for pair in pairs if not _off(pair)]
    return [
        event_csv.row(
            of.content,
            event_csv.Dated(
                f"{one.id}",
                one.span.starts_at.astimezone(TOKYO),
                one.span.ends_at.astimezone(TOKYO),
                of.changed_at.astimezone(TOKYO).date(),
                f"{public_url}/events/{of.id}",
            ),
        )
        for of, one in on
    ]


def data_csv(pairs: Sequence[Pair], public_url: str) -> bytes:
    """The national layout, UTF-8 with BOM as spreadsheets want it."""
    return csv_file.written(event_csv.COLUMNS, _rows(pairs, public_url))


def data_json(pairs: Sequence[Pair], public_url: str) -> str:
    """The same rows."""
    return json.dumps({"イベント一覧": _rows(pairs, public_url)}, ensure_ascii=False)
