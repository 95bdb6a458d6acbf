"""The queue: folders with their counts, and the list of cases in the order of work."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import anyio.to_thread
from sqlalchemy import Connection
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from bot.web.badge import room_of
from bot.web.console import begin, feeds
from bot.web.console.besides import pieces
from bot.web.console.breaches import Breach, breaches
from bot.web.console.due import Scene, span
from bot.web.console.gist import excerpts
from bot.web.console.lens import Lens, lens
from bot.web.console.number import line_of
from bot.web.console.rows import Row, row, topics
from bot.web.console.shown import write
from bot.web.console.words import word
from bot.web.drawing import draw
from bot.web.room import Room
from storage import audit, cases, feed, sight, staff, tags
from storage.cases import Counts, Which
from storage.sight import Sight
from storage.staff import Member
from storage.worklist import WHATEVER, Item, Narrow, Place, Wanted, items

_PLACE = re.compile(r"(-?\d{1,3})-(\d{1,12})\.(\d{6})-(\d{1,18})")
_TOPIC = re.compile(r"[a-z_]{1,40}")
_AT_MOST = 50
_SAID = frozenset({"view_kept", "view_gone", "view_not"})
_WARNED = timedelta(days=1)


@dataclass(frozen=True)
class Folder:
    """Which part of the queue is looked at."""

    which: Which
    topic: str = ""
    after: Place | None = None
    narrow: Narrow = WHATEVER

    @classmethod
    def of(cls, asked: QueryParams) -> Folder:
        """The folder an address asks for; what cannot be read is left out."""
        name, topic = asked.get("folder", ""), asked.get("topic", "")
        which = Which(name) if name in set(Which) else Which.ALL if topic else Which.UNASSIGNED
        place = _PLACE.fullmatch(asked.get("after", ""))
        after = _place(*place.groups()) if place else None
        return cls(which, topic if _TOPIC.fullmatch(topic) else "", after, _narrow(asked))

    def query(self, after: Place | None = None) -> str:
        """The same folder as the end of an address."""
        asked = {"folder": self.which.value, "topic": self.topic, "after": _mark(after) if after else ""}
        asked |= {key: str(value) for key, value in asdict(self.narrow).items() if value}
        return urlencode({key: value for key, value in asked.items() if value})

    @property
    def title(self) -> str:
        """Its name; topics are named by the page."""
        return word("room." + self.which.value)


def _narrow(asked: QueryParams) -> Narrow:
    """What else an address asks for; what cannot be read is left out."""
    told = {name: asked.get(name, "") for name in ("urgency", "language", "holder", "tag")}
    words = {name: told[name] if _TOPIC.fullmatch(told[name].replace("-", "_")) else "" for name in told}
    return Narrow(words["urgency"], words["language"], line_of(told["holder"]), line_of(told["tag"]))


def _place(rank: str, seconds: str, fraction: str, case_id: str) -> Place | None:
    """A place in the order as `_mark` wrote it; None for a moment that there is not."""
    try:
        at = datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(fraction))
    except (ValueError, OverflowError, OSError):
        return None
    return Place(int(rank), at, int(case_id))


def _mark(place: Place) -> str:
    whole = int(place.at.timestamp() // 1)
    return f"{place.rank}-{whole}.{place.at.microsecond:06}-{place.id}"


@dataclass(frozen=True)
class Queue:
    """What rail and list show, read in one moment; `cursor` is the last change it already holds.

    `unwritten` must be in the audit before anybody is shown this.
    """

    folder: Folder
    counts: Counts
    topics: list[tuple[str, str, int]]
    rows: list[Row]
    more: str
    cursor: int
    warnings: list[str]
    breaches: list[Breach]
    further: int
    lens: Lens
    unwritten: list[audit.Entry]

    @property
    def title(self) -> str:
        """The folder's name."""
        named = {key: name for key, name, _ in self.topics}
        topic = self.folder.topic
        return named.get(topic, topic) if topic else self.folder.title

    @property
    def empty(self) -> str:
        """What to say when nothing lies in it."""
        if self.folder.narrow != WHATEVER:
            return word("narrow.nothing")
        return word("room.empty_topic" if self.folder.topic else "room.empty_" + self.folder.which.value)


def look(conn: Connection, folder: Folder, member: Member, room: Room, current: int | None = None) -> Queue:
    """The queue as this member sees it."""
    scene = Scene(room.clock(), room.house.library["ja"], room.clocks)
    sees = sight.of(conn, member)
    found = items(conn, _wanted(folder, member, sees, scene.now))
    shown, further = found[:_AT_MOST], found[_AT_MOST:]
    lines = excerpts(conn, room.store.vault, [item.head.id for item in shown])
    tagged = tags.of_cases(conn, room.store.vault, [item.head.id for item in shown])
    counts = cases.counts(conn, member.id, scene.now, sees)
    near, besides = breaches(conn, member, scene, sees)
    seen = list(dict.fromkeys([*(item.head.id for item in shown), *(one.id for one in near)]))
    return Queue(
        folder=folder,
        counts=counts,
        topics=topics(counts.topics, scene.book),
        rows=[
            replace(
                row(item, member.id, current, scene),
                excerpt=lines.get(item.head.id, ""),
                tags=tuple(one.words for one in tagged.get(item.head.id, ())),
            )
            for item in shown
        ],
        more=_more(folder, shown) if further else "",
        cursor=feed.newest(conn),
        warnings=_warnings(conn, scene.now),
        breaches=near,
        further=besides,
        lens=lens(conn, room.store.vault, (folder.narrow, folder.query()), member, sees),
        unwritten=audit.unwritten(conn, member.id, current, seen, scene.now),
    )


def _wanted(folder: Folder, member: Member, sees: Sight, now: datetime) -> Wanted:
    return Wanted(now, folder.which, member.id, folder.topic, folder.after, _AT_MOST + 1, sees, folder.narrow)


def _warnings(conn: Connection, now: datetime) -> list[str]:
    """What everybody at the desk must know of: on a day like any other there is nothing."""
    names = {one.id: one.name for one in staff.everybody(conn)} if (found := audit.alerts(conn, now - _WARNED)) else {}
    return feeds.warnings(conn) + [
        word("room.many", name=names.get(one.staff_id or 0, ""), time=span(now - one.at), n=audit.MANY) for one in found
    ]


def _more(folder: Folder, shown: list[Item]) -> str:
    return "/console?" + folder.query(shown[-1].place)


async def show(request: Request, member: Member) -> Response:
    """GET /console."""
    room, folder = room_of(request), Folder.of(request.query_params)
    queue, news = await anyio.to_thread.run_sync(
        room.store.read, lambda conn: (look(conn, folder, member, room), pieces(conn, member))
    )
    await write(room, queue.unwritten)
    first = await anyio.to_thread.run_sync(room.store.read, lambda conn: begin.steps(conn, member, room))
    said = request.query_params.get("said", "")
    more: dict[str, Any] = {"begin": first, "said": word("done." + said) if said in _SAID else ""}
    return draw(request, "console/queue.html", member=member, queue=queue, case=None, news=news, **more)
