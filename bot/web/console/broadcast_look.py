"""What coordinators see of a broadcast: as it will look on each channel, to how many, at what cost, and what is odd."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.announcer import announcer
from bot.channels import line_draw, telegram_draw
from bot.channels.doubles.line.draw import draw as line_face
from bot.channels.letters import worded
from bot.heralding import nobody_rests, packed_for
from bot.links import all_of, hosts
from bot.purse import COUNTED, Reserves
from bot.web.console.segment_form import labels
from bot.web.room import Room
from bot.wording import Finding, findings
from dialogs.saying import Message
from dialogs.words import LANGUAGES
from knowledge.segment import All, Refusal, sentence
from storage import broadcasts, events, fates, openings, pushes, segments, ways
from storage.broadcasts import Broadcast, Draft, State
from storage.fates import Sums

_SOON = timedelta(minutes=1)  # who waits no longer than this only waits for their turn


@dataclass(frozen=True)
class Face:
    """One bubble on a phone: its words, and what can be tapped under them."""

    texts: list[str]
    taps: list[str]


@dataclass(frozen=True)
class Shown:
    """An announcement in one language, on each channel; `people` are those who get it so."""

    language: str
    people: int
    translated: bool
    channels: list[tuple[str, list[Face]]]


@dataclass(frozen=True)
class Meant:
    """To how many it goes now. `means` says to whom; `everyone` tells that it is everybody there is."""

    means: str
    total: int
    by_channel: dict[str, int]
    by_language: dict[str, int]
    everyone: bool
    resting: int  # who had enough lately, and is not sent it
    month_left: int | None
    room: int | None  # how many pushes may be spent on it; None for as many as there are

    @property
    def cost(self) -> int:
        """How many of LINE's pushes it takes."""
        return self.by_channel.get(COUNTED, 0)

    @property
    def short(self) -> int:
        """How many of them the month has no room for."""
        return 0 if self.room is None else max(self.cost - self.room, 0)


@dataclass(frozen=True)
class Going:
    """How far a broadcast is. `opened`: how often each link was, where it is counted. `quiet`: how many until when."""

    one: Broadcast
    sums: dict[str, Sums]
    whys: dict[str, int]
    opened: dict[str, int]
    quiet: dict[datetime, int]

    @property
    def all(self) -> Sums:
        """The sums of all channels."""
        return sum(self.sums.values(), Sums())


@dataclass(frozen=True)
class Look(Going):
    """All that the page of one broadcast shows."""

    meant: Meant
    found: list[Finding]
    shown: list[Shown]
    twin: int | None
    testers: list[tuple[int, str, str]]

    @property
    def stops(self) -> list[Finding]:
        """What it cannot go out with."""
        return [one for one in self.found if one.stops]

    @property
    def warns(self) -> list[Finding]:
        """What somebody must look at again."""
        return [one for one in self.found if not one.stops]


def going(conn: Connection, room: Room, one: Broadcast) -> Going:
    """How far it is: quickly, for it is asked every second while it is on its way."""
    counts = openings.of(conn, one.id)
    links = all_of(one.draft.texts) if counts or room.settings.broadcast_count_links else []
    opened = {link: counts.get(place, 0) for place, link in enumerate(links)}
    rest = fates.quiet(conn, one.id, room.clock() + _SOON) if one.state is State.RUNNING else {}
    return Going(one, fates.by_channel(conn, one.id), fates.whys(conn, one.id), opened, rest)


def look(conn: Connection, room: Room, one: Broadcast, now: datetime) -> Look:
    """Everything about a broadcast as it is at this moment."""
    meant = count(conn, room, one.draft, now)
    today = now.astimezone(ZoneInfo(room.settings.timezone)).date()
    found = findings(one.draft.texts, one.draft.drill, hosts(room.settings), today)
    if one.tested != one.mark:
        found.append(Finding("untested", "ja", stops=False))
    missing = [language for language, people in meant.by_language.items() if people and language not in one.draft.texts]
    found += [Finding("untranslated", language, stops=False) for language in missing]
    return Look(
        **vars(going(conn, room, one)),
        meant=meant,
        found=found,
        shown=preview(room, one, meant.by_language),
        twin=broadcasts.twin(conn, one.id, one.draft, now),
        testers=ways.testers(conn),
    )


def count(conn: Connection, room: Room, draft: Draft, now: datetime) -> Meant:
    """How many it means, and what that costs."""
    packed = packed_for(conn, draft, nobody_rests, room.settings.cap, now)
    by_channel, by_language = Counter[str](), Counter[str]()
    for group, people in packed.groups.items():
        by_channel[group.channel] += len(people)
        by_language[group.language] += len(people)
    everybody = segments.count(conn, All(), now).total
    month = pushes.month(conn, COUNTED, now)
    reserves = Reserves(room.settings.line_reserve_emergencies, room.settings.line_reserve_reminders)
    return Meant(
        means=_means(conn, room, draft),
        total=packed.total,
        by_channel=dict(by_channel.most_common()),
        by_language=dict(by_language.most_common()),
        everyone=packed.total > 0 and packed.total + packed.resting >= everybody,
        resting=packed.resting,
        month_left=None if month is None else month.left,
        room=reserves.room(month, draft.lane),
    )


def _means(conn: Connection, room: Room, draft: Draft) -> str:
    if draft.corrects_id is not None:
        return f"No.{draft.corrects_id}"
    kept = None if draft.segment_id is None else segments.version(conn, draft.segment_id)
    if kept is None or isinstance(kept.means, Refusal):
        return ""
    return f"{kept.name}({sentence(kept.means, labels(room.house.library, events.titles(conn)))})"


def said(room: Room, one: Broadcast, language: str) -> Message:
    """What somebody of this language gets."""
    return announcer(room.house.library, room.settings, room.store.vault).said(one.id, one.draft, language)


def preview(room: Room, of: Broadcast, by_language: dict[str, int]) -> list[Shown]:
    """Each language that is written or read, as the adapters draw it."""
    texts = of.draft.texts
    wanted = [one for one in LANGUAGES if one in texts or by_language.get(one)]
    return [Shown(one, by_language.get(one, 0), one in texts, _faces(said(room, of, one))) for one in wanted]


def _faces(message: Message) -> list[tuple[str, list[Face]]]:
    on_line = [line_face(drawn) for drawn in line_draw.draw([message])]
    labels_of = [[str(tap["label"]) for tap in [*face["buttons"], *face["quick"]]] for face in on_line]
    parts = telegram_draw.draw([message])
    return [
        (
            "line",
            [Face([str(text) for text in face["texts"]], taps) for face, taps in zip(on_line, labels_of, strict=True)],
        ),
        ("telegram", [Face([part.plain], [key.label for row in part.rows for key in row]) for part in parts]),
        ("web", [Face([worded(message.text)], [button.label for button in message.buttons])]),
    ]
