"""What stands on the posters of a place and of an event, and where their codes lead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import ourselves
from bot.ports import Itself
from bot.poster import Poster
from bot.web.console.words import word
from bot.web.days import weekday
from knowledge.event import Content, Way
from storage import places
from storage.crypt import Vault
from storage.events import DateState, Event, EventDate

_NAMES = {"line": "LINE", "telegram": "Telegram"}
_MOST_DAYS = 3


def place_fits(code: str) -> bool:
    """Whether a place may be named so in links and figures: posters of events have their own names."""
    return places.NAME.fullmatch(code) is not None and re.match("event-", code) is None


def of_place(vault: Vault, known: Mapping[str, Itself], url: str, named: tuple[str, str, str]) -> Poster:
    """The poster of a place. `named`: the centre, the place in figures (`place_fits`), and as people call it."""
    centre, code, shown = named
    return Poster(
        title=word("poster.head"),
        facts=(),
        call=word("poster.call"),
        more=word("poster.languages"),
        centre=centre,
        foot=shown,
        codes=(*chats(vault, known, code), (word("poster.web"), f"{url}/chat")),
    )


def of_event(
    vault: Vault, known: Mapping[str, Itself], url: str, event: Event, day: tuple[str, ZoneInfo, datetime]
) -> Poster:
    """The poster of an event that everybody may see. `day`: the centre, its clock's zone, and now."""
    centre, zone, now = day
    on = [one for one in event.dates if one.state is DateState.ON and one.span.ends_at >= now]
    content = event.content
    return Poster(
        title=content.title,
        facts=tuple(line for line in (_days(on, zone), *_facts(content)) if line),
        call=word("poster.call_join" if content.way is Way.BOT else "poster.call_event"),
        more=word("poster.languages"),
        centre=centre,
        foot=content.organiser if content.organiser != centre else "",
        codes=(*chats(vault, known, f"event-{event.id}"), (word("poster.web"), f"{url}/events/{event.id}")),
    )


def chats(vault: Vault, known: Mapping[str, Itself], place: str) -> list[tuple[str, str]]:
    """The name of each platform we are on, and the address that opens the talk there as by the card of a place."""
    code = places.code_of(vault, place)
    return [(_NAMES[one], ourselves.by_card(one, known, code)) for one in sorted(known)]


def _days(on: list[EventDate], zone: ZoneInfo) -> str:
    lines = []
    for one in on[:_MOST_DAYS]:
        start, end = one.span.starts_at.astimezone(zone), one.span.ends_at.astimezone(zone)
        day: dict[str, str | int] = {
            "month": start.month,
            "day": start.day,
            "weekday": weekday(start),
        }
        lines.append(word("poster.when", **day, start=f"{start:%H:%M}", end=f"{end:%H:%M}"))
    if len(on) > _MOST_DAYS:
        lines.append(word("poster.more_days", n=len(on) - _MOST_DAYS))
    return "\n".join(lines)


def _facts(content: Content) -> list[str]:
    place = word("poster.at_place", place=content.place) if content.place else ""
    cost = word("poster.cost", cost=content.cost) if content.cost else ""
    return [place, word("poster.free") if content.free else cost]
