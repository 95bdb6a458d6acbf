"""Reads RSS and Atom: each entry with its name there, its words, its dates where it tells them, and when it is from."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree as ET

_DATED = (
    "{http://www.w3.org/2002/12/cal#}",
    "{http://purl.org/rss/1.0/modules/event/}",
    "{http://www.w3.org/2002/12/cal/}",
)
_ENTRIES = {"item", "entry"}
_CODED = re.compile(rb"^\s*<\?xml[^>]*encoding=[\"']([A-Za-z0-9_-]+)[\"'][^>]*\?>")
# Encodings of Japanese pages that expat does not read by itself.
_JAPANESE = {"shift_jis": "cp932", "shift-jis": "cp932", "windows-31j": "cp932", "euc-jp": "euc_jp"}


@dataclass(frozen=True)
class Entry:
    """One entry. `starts` and `ends` are as written there, "" where it tells of no date; `stamp` when it is from."""

    uid: str
    title: str
    url: str
    about: str
    place: str
    by: str
    starts: str
    ends: str
    stamp: datetime | None


class _NoType(ET.TreeBuilder):
    """Refuses a document type, in whatever encoding it comes: nothing that an entity could blow up."""

    def doctype(self, _name: str, _pubid: str | None, _system: str | None) -> None:
        """Called by the parser at the beginning of one. Raises ValueError."""
        raise ValueError("a document type")


def entries(data: bytes) -> list[Entry] | None:
    """The entries in their order; None for what is no such feed, or brings entities that could blow up."""
    try:
        text = _decoded(data)
        root = ET.fromstring(text, ET.XMLParser(target=_NoType()))  # noqa: S314 - no document type, so no entities
        return [_entry(one) for one in root.iter() if _name(one.tag) in _ENTRIES]
    except (ET.ParseError, ValueError, LookupError):
        return None


def _decoded(data: bytes) -> bytes | str:
    said = _CODED.match(data[:300])
    codec = _JAPANESE.get(said[1].decode().lower()) if said else None
    return data[said.end() :].decode(codec) if said and codec else data


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _entry(item: ET.Element) -> Entry:
    said: dict[str, str] = {}
    for part in item:
        said.setdefault(_name(part.tag), (part.text or "").strip())
    dated = {_name(part.tag): (part.text or "").strip() for part in item if part.tag.startswith(_DATED)}
    url = said.get("link") or _link(item)
    about = said.get("description") or said.get("summary") or said.get("content") or ""
    return Entry(
        uid=said.get("guid") or said.get("id") or url or said.get("title", ""),
        title=_plain(said.get("title", "")),
        url=url,
        about=_plain(about),
        place=_plain(said.get("location", "")),
        by=_plain(said.get("organizer") or said.get("creator") or next(_authors(item), "")),
        starts=_first(dated, "dtstart", "startdate"),
        ends=_first(dated, "dtend", "enddate"),
        stamp=_stamp(_first(said, "updated", "published", "pubDate", "date", "modified")),
    )


def _link(item: ET.Element) -> str:
    """Where an entry of Atom leads."""
    links = [part for part in item if _name(part.tag) == "link" and part.get("rel", "alternate") == "alternate"]
    return links[0].get("href", "").strip() if links else ""


def _authors(item: ET.Element) -> Iterator[str]:
    for part in item:
        if _name(part.tag) == "author":
            yield from ((one.text or "").strip() for one in part if _name(one.tag) == "name")


def _first(said: Mapping[str, str], *names: str) -> str:
    return next((said[name] for name in names if said.get(name)), "")


def _plain(text: str) -> str:
    """Words without the tags that feeds carry in them."""
    bare = html.unescape(re.sub(r"<[^<>]*>", " ", html.unescape(text))) if "<" in text or "&" in text else text
    return re.sub(r"\s+", " ", bare).strip()


def _stamp(text: str) -> datetime | None:
    """RFC 3339 or RFC 822; None for anything else."""
    try:
        found = datetime.fromisoformat(text) if re.match(r"\d{4}-", text) else parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
