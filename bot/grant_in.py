"""Reads calls for grants from elsewhere: our own table as CSV; of RSS and Atom each entry is a lead to be completed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.event_in import MOST, lead
from knowledge import feed_xml, grant_csv
from storage.feeds import Lead
from storage.grant_imports import Incoming


@dataclass(frozen=True)
class Read:
    """What a feed holds, and how many of its entries could not be read."""

    found: tuple[Incoming, ...] = ()
    leads: tuple[Lead, ...] = ()
    wrong: int = 0


def read(data: bytes) -> Read:
    """Told by its beginning. Feeds name no last day and no rules, so nothing is guessed: a person fills them in."""
    if not data[:400].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        sheet = grant_csv.read(data)
        found = tuple(Incoming(uid=one.uid, content=one.content, mark=one.mark) for one in sheet.found)
        return Read(found, wrong=len(sheet.wrong))
    entries = feed_xml.entries(data)
    if entries is None or len(entries) > MOST:
        return Read(wrong=1)
    leads = {one.uid: lead(one) for one in entries if one.title}
    return Read(leads=tuple(leads.values()), wrong=len(entries) - len(leads))
