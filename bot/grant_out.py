"""Calls for grants as others read them: last days as iCalendar, Atom, and open data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from knowledge import csv_file, grant_csv
from knowledge.grant_csv import DELIVERIES
from storage.grants import Grant

TOKYO = ZoneInfo("Asia/Tokyo")


def calendar(found: Sequence[Grant], public_url: str) -> bytes:
    """RFC 5545: the last day of each, as a whole day."""
    # It takes a while to import, and only who asks for a calendar needs it.
    from icalendar import Calendar
    from icalendar import Event as Entry

    book = Calendar()
    book.add("prodid", "-//Nakodo//grants//JA")
    book.add("version", "2.0")
    for of in found:
        entry = Entry()
        entry.add("uid", f"grant-{of.uid}")
        entry.add("summary", f"締切({DELIVERIES[of.content.delivery]}) {of.content.name}")
        entry.add("dtstart", of.content.closes)
        entry.add("dtend", of.content.closes + timedelta(days=1))
        entry.add("dtstamp", of.changed_at)
        entry.add("sequence", of.version)
        entry.add("description", f"{of.content.funder} {of.content.url}")
        entry.add("url", f"{public_url}/grants/{of.id}")
        entry.add("transp", "TRANSPARENT")
        book.add_component(entry)
    made: bytes = book.to_ical()
    return made


def atom(found: Sequence[Grant], public_url: str) -> str:
    """RFC 4287: each call once, by its last change."""
    newest = max((of.changed_at for of in found), default=datetime(2026, 1, 1, tzinfo=TOKYO))
    entries = "".join(
        f"<entry><id>{escape(public_url)}/grants/{of.id}</id><title>{escape(of.content.name)}</title>"
        f"<updated>{of.changed_at.isoformat(timespec='seconds')}</updated>"
        f"<link href={quoteattr(f'{public_url}/grants/{of.id}')}/>"
        f"<summary>{escape(_summary(of))}</summary></entry>"
        for of in sorted(found, key=lambda of: of.changed_at, reverse=True)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja">'
        f"<id>{escape(public_url)}/grants</id><title>助成</title><author><name>Nakodo</name></author>"
        f"<updated>{newest.isoformat(timespec='seconds')}</updated>"
        f"<link rel='self' href={quoteattr(f'{public_url}/grants.atom')}/>{entries}</feed>"
    )


def _summary(of: Grant) -> str:
    last = f"締切 {of.content.closes.isoformat()} {DELIVERIES[of.content.delivery]}"
    return "。".join(filter(None, (of.content.funder, last, of.content.about)))


def _rows(found: Sequence[Grant], public_url: str) -> list[dict[str, str]]:
    return [
        grant_csv.row(
            of.content, str(of.id), of.checked.isoformat() if of.checked else "", f"{public_url}/grants/{of.id}"
        )
        for of in found
    ]


def data_csv(found: Sequence[Grant], public_url: str) -> bytes:
    """The layout that is read as well, UTF-8 with BOM as spreadsheets want it."""
    return csv_file.written(grant_csv.COLUMNS, _rows(found, public_url))


def data_json(found: Sequence[Grant], public_url: str) -> str:
    """The same rows."""
    return json.dumps({"助成一覧": _rows(found, public_url)}, ensure_ascii=False)
