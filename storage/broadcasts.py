"""Broadcasts as coordinators make them: written, tested, asked for, agreed to by a second person, started, stopped."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, or_, select, text, update

from storage import leftovers
from storage.broadcast_tables import LEFT, broadcast, chunk
from storage.columns import AnyRow
from storage.plain import clean
from storage.tables import staff

_c = broadcast.c
_editor, _second, _stopper = staff.alias("editor"), staff.alias("second"), staff.alias("stopper")
_READ = (
    select(
        broadcast, staff.c.name.label("author"), _editor.c.name.label("editor"), _second.c.name.label("second"),
        _stopper.c.name.label("stopper"),
    )
    .select_from(
        broadcast.join(staff, staff.c.id == _c.staff_id)
        .join(_editor, _editor.c.id == _c.editor_id)
        .outerjoin(_second, _second.c.id == _c.approved_by)
        .outerjoin(_stopper, _stopper.c.id == _c.stopped_by)
    )
)  # fmt: skip
_ONE = _READ.where(_c.id == bindparam("of"))
_LATEST = _READ.order_by(_c.id.desc()).limit(bindparam("at_most"))
_DUE = (
    _READ.where(_c.state == "approved", or_(_c.due_at.is_(None), _c.due_at <= bindparam("now")))
    .order_by(_c.lane, _c.id)
)  # fmt: skip
_ADD = insert(broadcast).returning(_c.id)
_SET = update(broadcast).where(_c.id == bindparam("of"), _c.mark == bindparam("seen"))
_EDITABLE = _c.state.in_(("draft", "asked", "approved", "held"))
_TWIN = (
    select(_c.id)
    .where(_c.said_mark == bindparam("said"), _c.id != bindparam("of"), _c.started_at > bindparam("since"))
    .limit(1)
)
_LATELY = select(_c.id).where(_c.started_at > bindparam("since"))
_RUNNING = select(_c.id).where(_c.state == "running").order_by(_c.id)
_OVER = _RUNNING.where(
    ~select(chunk.c.id).where(chunk.c.broadcast_id == _c.id, text("broadcast_chunk." + LEFT)).exists()
)
_END = (
    update(broadcast)
    .where(_c.id.in_(bindparam("ids", expanding=True)), _c.state == "running")
    .values(state="done", ended_at=bindparam("now"))
)
LONGEST_TITLE = 60
TWIN_WITHIN = timedelta(hours=1)


class State(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"
    ASKED = "asked"  # waits for a second person
    APPROVED = "approved"  # leaves at its moment
    HELD = "held"  # should have left, and waits for a second person again
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class Held(StrEnum):
    """Why one that was agreed to waits for a person again."""

    CHANGED = "changed"  # it means a tenth more or fewer people than were agreed to
    LATE = "late"  # nothing was running at its moment
    OFTEN = "often"  # some of its people got much within minutes
    ROOM = "room"  # the month of LINE has no room for all
    EXPIRED = "expired"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Draft:
    """All that an approval is bound to. `texts` by language, Japanese always; `segment_id` is the segment's version.

    A correction has `corrects_id`, and `segment_id` of what it corrects. `partly`: to as many as LINE's month holds.
    `beyond`: also to those who had as many lately as the centre allows.
    """

    title: str
    texts: Mapping[str, str]
    segment_id: int | None
    lane: int
    corrects_id: int | None = None
    drill: bool = False
    due_at: datetime | None = None
    expires_at: datetime | None = None
    partly: bool = False
    beyond: bool = False

    @property
    def said_mark(self) -> str:
        """Of what is said alone, without a difference in spaces."""
        return _hash([sorted((language, "".join(said.split())) for language, said in self.texts.items())])

    @property
    def mark(self) -> str:
        """64 hexadecimal signs that change with any part of it but the title, which no resident sees."""
        times = [one and one.isoformat() for one in (self.due_at, self.expires_at)]
        means = [self.segment_id, self.corrects_id, self.lane, self.drill, self.partly, *[self.beyond] * self.beyond]
        return _hash([sorted(self.texts.items()), means, times])


@dataclass(frozen=True)
class Broadcast:
    """One broadcast as it stands now; people of the centre by name. `tested` is the mark that was tested last."""

    id: int
    staff_id: int
    editor_id: int
    author: str
    editor: str
    second: str | None
    stopper: str | None
    at: datetime
    state: State
    draft: Draft
    mark: str
    tested: str | None
    expected: int
    approved_at: datetime | None
    held: Held | None
    often: bool
    started_at: datetime | None
    ended_at: datetime | None

    @property
    def waits(self) -> bool:
        """Whether a second person is to decide."""
        return self.state in (State.ASKED, State.HELD)


def _hash(data: object) -> str:
    return hashlib.sha256(json.dumps(data, ensure_ascii=True).encode()).hexdigest()


def _row(draft: Draft) -> dict[str, object]:
    return {
        "title": clean(draft.title, LONGEST_TITLE),
        "body": json.dumps(dict(draft.texts), ensure_ascii=True),
        "segment_id": draft.segment_id,
        "corrects_id": draft.corrects_id,
        "lane": draft.lane,
        "drill": draft.drill,
        "due_at": draft.due_at,
        "expires_at": draft.expires_at,
        "partly": draft.partly,
        "beyond": draft.beyond,
        "mark": draft.mark,
        "said_mark": draft.said_mark,
    }


def add(conn: Connection, staff_id: int, draft: Draft, now: datetime) -> int:
    """A new draft; its number."""
    row = _row(draft) | {"staff_id": staff_id, "editor_id": staff_id, "at": now, "state": "draft"}
    number: int = conn.execute(_ADD, row).scalar_one()
    return number


def change(conn: Connection, of: tuple[int, str], staff_id: int, draft: Draft) -> bool:
    """Write it anew; any approval is void. `of` is its number and the mark that the writer saw. False: it has left."""
    values = _row(draft) | {"editor_id": staff_id, "state": "draft", "approved_by": None, "approved_at": None}
    kept = _SET.where(_EDITABLE).values(**values, held=None, asked_at=None)
    return conn.execute(kept, {"of": of[0], "seen": of[1]}).rowcount > 0


def tested(conn: Connection, one: Broadcast) -> None:
    """This very content was sent to the testers."""
    conn.execute(_SET.values(tested=one.mark), {"of": one.id, "seen": one.mark})


def ask(conn: Connection, one: Broadcast, expected: int, now: datetime) -> bool:
    """Ask for a second person; False when it changed meanwhile."""
    asked = _SET.where(_c.state == "draft").values(state="asked", expected=expected, asked_at=now)
    return conn.execute(asked, {"of": one.id, "seen": one.mark}).rowcount > 0


def approve(conn: Connection, one: Broadcast, staff_id: int, expected: int, now: datetime) -> bool:
    """A second person agrees to this content for so many; False for whoever wrote it, and when it changed meanwhile."""
    waiting = _SET.where(
        _c.state.in_(("asked", "held")), _c.staff_id != staff_id, _c.editor_id != staff_id
    )  # fmt: skip
    values = {"state": "approved", "approved_by": staff_id, "approved_at": now, "expected": expected, "held": None}
    values["often"] = one.often or one.held is Held.OFTEN
    return conn.execute(waiting.values(values), {"of": one.id, "seen": one.mark}).rowcount > 0


def back(conn: Connection, one: Broadcast) -> bool:
    """Back to a draft: refused, or taken back before it left."""
    values = {"state": "draft", "approved_by": None, "approved_at": None, "asked_at": None, "held": None}
    found = _SET.where(_EDITABLE).values(values)
    return conn.execute(found, {"of": one.id, "seen": one.mark}).rowcount > 0


def hold(conn: Connection, one: Broadcast, why: Held) -> bool:
    """One that was due waits for a person; whether it was still to leave."""
    kept = _SET.where(_c.state == "approved").values(state="held", held=why.value)
    return conn.execute(kept, {"of": one.id, "seen": one.mark}).rowcount > 0


def start(conn: Connection, one: Broadcast, now: datetime) -> bool:
    """It leaves now; False when somebody else started it, or took it back: one of several servers hears True."""
    begun = _SET.where(_c.state == "approved").values(state="running", started_at=now)
    return conn.execute(begun, {"of": one.id, "seen": one.mark}).rowcount > 0


def stop(conn: Connection, one_id: int, staff_id: int | None, now: datetime, why: str = "stopped") -> bool:
    """Nothing more of it begins; what is left is skipped, or in doubt. False when it was not running."""
    halted = update(broadcast).where(_c.id == bindparam("of"), _c.state == "running")
    values = {"state": "stopped", "ended_at": now, "stopped_by": staff_id}
    if conn.execute(halted.values(values), {"of": one_id}).rowcount == 0:
        return False
    leftovers.settle(conn, now, why)
    return True


def running(conn: Connection) -> Sequence[int]:
    """What is on its way."""
    return conn.execute(_RUNNING).scalars().all()


def over(conn: Connection) -> Sequence[int]:
    """Those on their way of which nothing is left."""
    return conn.execute(_OVER).scalars().all()


def end(conn: Connection, ids: Sequence[int], now: datetime) -> None:
    """These are done."""
    conn.execute(_END, {"ids": ids, "now": now})


def expired(conn: Connection, now: datetime) -> Sequence[int]:
    """Those that still run past the moment until which they were true."""
    return conn.execute(_RUNNING.where(_c.expires_at <= now)).scalars().all()


def due(conn: Connection, now: datetime) -> list[Broadcast]:
    """What was agreed to and should leave by now, urgent first."""
    return [_broadcast(row) for row in conn.execute(_DUE, {"now": now})]


def latest(conn: Connection, at_most: int = 50) -> list[Broadcast]:
    """The newest."""
    return [_broadcast(row) for row in conn.execute(_LATEST, {"at_most": at_most})]


def find(conn: Connection, number: int) -> Broadcast | None:
    """One of them."""
    row = conn.execute(_ONE, {"of": number}).first()
    return None if row is None else _broadcast(row)


def twin(conn: Connection, one_id: int, draft: Draft, now: datetime) -> int | None:
    """Another that said the same and left within the last hour."""
    found: int | None = conn.execute(
        _TWIN, {"said": draft.said_mark, "of": one_id, "since": now - TWIN_WITHIN}
    ).scalar()
    return found


def lately(conn: Connection, since: datetime) -> Sequence[int]:
    """Those that left since a moment."""
    return conn.execute(_LATELY, {"since": since}).scalars().all()


def _broadcast(row: AnyRow) -> Broadcast:
    draft = Draft(row.title, json.loads(row.body), **{name: getattr(row, name) for name in _DRAFTED})
    kept = {name: getattr(row, name) for name in _KEPT}
    return Broadcast(**kept, state=State(row.state), draft=draft, held=Held(row.held) if row.held else None)


_DRAFTED = ("segment_id", "lane", "corrects_id", "drill", "due_at", "expires_at", "partly", "beyond")
_KEPT = (
    "id", "staff_id", "editor_id", "author", "editor", "second", "stopper", "at", "mark", "tested", "expected",
    "approved_at", "often", "started_at", "ended_at",
)  # fmt: skip
