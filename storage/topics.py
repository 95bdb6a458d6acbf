"""What each topic of the coordinators' group shows, as far as it is known, and who brings it up to date now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, func, insert, or_, select, text, update

from storage import feed
from storage.columns import AnyRow
from storage.forum_tables import STALE, forum, staff_word, topic, topic_post
from storage.tables import OPEN, case_file, message
from storage.twins import insert_new

LEASE = timedelta(seconds=60)
MINUTE = timedelta(seconds=61)  # one second more than Telegram's: its clock and ours see a call at different moments

_f, _t, _p = forum.c, topic.c, topic_post.c
_LOOK = select(_f.chat, _f.moved_to, _f.cursor, _f.sent, _f.rest_until).where(_f.id == 1)
_FIRST = insert_new(forum)
_TAKE = (
    update(forum)
    .where(
        _f.id == 1,
        or_(_f.lease_owner.is_(None), _f.lease_owner == bindparam("owner"), _f.lease_until <= bindparam("now")),
    )
    .values(lease_owner=bindparam("owner"), lease_until=bindparam("until"))
)
_MINE = update(forum).where(_f.id == 1, _f.lease_owner == bindparam("owner"))
_FREE = update(forum).values(lease_owner=None)
_NEW = insert_new(topic)
_WANT = update(topic).where(_t.case_id.in_(bindparam("ids", expanding=True))).values(wanted=_t.wanted + 1)
_OPEN_CASES = select(case_file.c.id).where(text(OPEN))
_FORGOTTEN = select(case_file.c.id).where(case_file.c.person_id.is_(None))
_LIVING = (
    update(topic)
    .where(or_(_t.closed.is_(False), and_(_t.thread.is_not(None), _t.case_id.in_(_FORGOTTEN))))
    .values(wanted=_t.wanted + 1)
)
_SHOWN = select(
    _t.case_id, _t.thread, _t.card, _t.pinned, _t.closed, _t.name, _t.mark, _t.told, _t.told_part, _t.doing, _t.doubt,
    _t.anew, _t.wanted, _t.reached, _t.look_at,
)  # fmt: skip
_STALE = _SHOWN.where(text(STALE)).order_by(_t.case_id).limit(bindparam("at_most"))
_UNFINISHED = _SHOWN.where(text("doing IS NOT NULL"))
_LATE = _SHOWN.where(text("look_at IS NOT NULL"), _t.look_at <= bindparam("now")).order_by(_t.look_at).limit(20)
_OF_CASE = _SHOWN.where(_t.case_id == bindparam("of"))
_OF_THREAD = _SHOWN.where(_t.thread == bindparam("of"))
_SAVE = update(topic).where(_t.case_id == bindparam("of"))
_CASES = select(case_file.c.id).where(case_file.c.id.in_(bindparam("ids", expanding=True)))
_POST = insert(topic_post)
_POSTS = select(_p.id, _p.message_id, _p.pieces, _p.mark).where(_p.case_id == bindparam("of")).order_by(_p.id)
_REMARK = update(topic_post).where(_p.id == bindparam("of")).values(mark=bindparam("with"))
_NEWEST = select(func.max(message.c.id)).where(
    message.c.case_id == bindparam("of"), message.c.staff_id == bindparam("by")
)
_UNPOST = topic_post.delete().where(_p.case_id == bindparam("of"))


class LostLease(Exception):
    """Somebody else follows the feed now; what we were about to write is theirs to find out."""


@dataclass(frozen=True)
class Forum:
    """The group. `sent` are the moments of the last minute's calls; none goes out before `rest_until`."""

    chat: int
    cursor: int
    sent: tuple[float, ...]
    rest_until: datetime | None


@dataclass(frozen=True)
class Shown:
    """What a topic shows. `told`, `told_part`: the last line of the talk that went there, and how much of it."""

    case_id: int
    thread: int | None
    card: int | None
    pinned: bool
    closed: bool
    name: str | None
    mark: bytes | None
    told: int
    told_part: int
    doing: str | None
    doubt: bool
    anew: bool
    wanted: int
    reached: int
    look_at: datetime | None


@dataclass(frozen=True)
class Post:
    """A message that stands for pieces of lines: (line, part). `mark` is None for a coordinator's own."""

    id: int
    message_id: int
    pieces: tuple[tuple[int, int], ...]
    mark: bytes | None


def look(conn: Connection) -> Forum | None:
    """The group as it was left; None before the first time."""
    row = conn.execute(_LOOK).first()
    return None if row is None else _forum(row)


def _forum(row: AnyRow) -> Forum:
    return Forum(row.moved_to or row.chat, row.cursor, tuple(json.loads(row.sent)), row.rest_until)


def chats(conn: Connection, chat: int) -> tuple[int, ...]:
    """The numbers under which the group that is set is known: the one that was set, and the one it moved to."""
    row = conn.execute(_LOOK).first()
    return (chat, row.moved_to) if row is not None and row.chat == chat and row.moved_to else (chat,)


def take(conn: Connection, chat: int, owner: str, now: datetime) -> Forum | None:
    """Become the one who follows the feed; None while somebody else does. Another group than before begins anew."""
    first = {"id": 1, "chat": chat, "cursor": 0, "sent": "[]"}
    conn.execute(_FIRST[conn.dialect.name], first)
    if not conn.execute(_TAKE, {"owner": owner, "now": now, "until": now + LEASE}).rowcount:
        return None
    row = conn.execute(_LOOK).one()
    if row.chat != chat:
        for table in (topic_post, topic, staff_word):
            conn.execute(table.delete())
        conn.execute(_MINE.values(chat=chat, moved_to=None, cursor=0, sent="[]", rest_until=None), {"owner": owner})
        row = conn.execute(_LOOK).one()
    return _forum(row)


def free(conn: Connection) -> None:
    """End the lease of whoever had it. Only for a process that knows itself to be the only one, at its start."""
    conn.execute(_FREE)


def moved(conn: Connection, chat: int, to: int) -> None:
    """Telegram gave the group another number."""
    conn.execute(update(forum).where(or_(_f.chat == chat, _f.moved_to == chat)).values(moved_to=to))


def follow(conn: Connection, owner: str, cursor: int, everything: bool = False) -> None:
    """Note which topics changed after `cursor`; with `everything`, or from the beginning, look at each open case."""
    changes = feed.since(conn, cursor, 1000) if cursor else []
    ids = {change.case_id for change in changes if change.case_id is not None}
    end = changes[-1].id if changes else cursor or feed.newest(conn)
    if everything or not cursor:
        ids |= set(conn.execute(_OPEN_CASES).scalars())
        conn.execute(_LIVING)
    if ids:
        there = sorted(conn.execute(_CASES, {"ids": list(ids)}).scalars())
        rows = [{"case_id": one, "told": 0, "wanted": 0, "reached": 0} for one in there]
        conn.execute(_NEW[conn.dialect.name], rows)
        conn.execute(_WANT, {"ids": there})
    _own(conn, owner, cursor=end)


def due(conn: Connection, now: datetime, at_most: int = 100) -> list[Shown]:
    """Topics that may show something old."""
    rows = [*conn.execute(_STALE, {"at_most": at_most}), *conn.execute(_LATE, {"now": now})]
    return list({row.case_id: _shown(row) for row in rows}.values())


def _shown(row: AnyRow) -> Shown:
    return Shown(*row)


def unfinished(conn: Connection) -> list[Shown]:
    """Topics in which something was begun and nobody wrote down how it ended."""
    return [_shown(row) for row in conn.execute(_UNFINISHED)]


def of_case(conn: Connection, case_id: int) -> Shown | None:
    """The topic of a case."""
    row = conn.execute(_OF_CASE, {"of": case_id}).first()
    return None if row is None else _shown(row)


def of_thread(conn: Connection, thread: int) -> Shown | None:
    """The topic with this number of Telegram's."""
    row = conn.execute(_OF_THREAD, {"of": thread}).first()
    return None if row is None else _shown(row)


def begin(conn: Connection, owner: str, shown: Shown, sent: Sequence[float], now: datetime) -> None:
    """Before a call: what is about to be done, and one call more in this minute. Raises LostLease."""
    _own(conn, owner, sent=json.dumps(list(sent)), lease_until=now + LEASE)
    save(conn, shown)


def counted(conn: Connection, owner: str, sent: Sequence[float], now: datetime) -> None:
    """One call more in this minute. Raises LostLease."""
    _own(conn, owner, sent=json.dumps(list(sent)), lease_until=now + LEASE)


def rest(conn: Connection, owner: str, until: datetime) -> None:
    """Telegram asked us to wait. Raises LostLease."""
    _own(conn, owner, rest_until=until)


def _own(conn: Connection, owner: str, **values: object) -> None:
    if not conn.execute(_MINE.values(**values), {"owner": owner}).rowcount:
        raise LostLease


def save(conn: Connection, shown: Shown) -> None:
    """What the topic shows now; what is wanted of it belongs to `follow`."""
    values = asdict(shown)
    of = values.pop("case_id")
    del values["wanted"]
    conn.execute(_SAVE.values(**values), {"of": of})


def add_post(
    conn: Connection, case_id: int, message_id: int, pieces: Sequence[tuple[int, int]], mark: bytes | None
) -> None:
    """Remember which message stands for which lines."""
    row = {"case_id": case_id, "message_id": message_id, "pieces": json.dumps(list(pieces)), "mark": mark}
    conn.execute(_POST, row)


def add_own(conn: Connection, case_id: int, message_id: int, staff_id: int) -> None:
    """The newest line of this member's in the case stands in the topic already: they wrote it there."""
    line = conn.execute(_NEWEST, {"of": case_id, "by": staff_id}).scalar()
    if line is not None:
        add_post(conn, case_id, message_id, [(line, 0)], None)


def posts(conn: Connection, case_id: int) -> list[Post]:
    """The messages of a topic that stand for lines, oldest first."""
    return [
        Post(row.id, row.message_id, tuple((line, part) for line, part in json.loads(row.pieces)), row.mark)
        for row in conn.execute(_POSTS, {"of": case_id})
    ]


def remark(conn: Connection, post_id: int, mark: bytes) -> None:
    """A message shows other words now."""
    conn.execute(_REMARK, {"of": post_id, "with": mark})


def drop_posts(conn: Connection, case_id: int) -> None:
    """The topic is gone, and its messages with it."""
    conn.execute(_UNPOST, {"of": case_id})
