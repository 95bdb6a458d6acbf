"""The articles that the centre writes: versions are only added, and their order tells which is in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, func, insert, select, update

from storage import feed
from storage.article_tables import article_version
from storage.columns import AnyRow
from storage.plain import clean
from storage.tables import staff

_c = article_version.c
_ADD = insert(article_version).returning(_c.id)
_NAME = update(article_version).where(_c.id == bindparam("of")).values(name=bindparam("called"))
_HEADS = select(
    _c.id, _c.name, _c.at, staff.c.name.label("by"), _c.why, _c.state, _c.start_at, _c.end_at, _c.shipped, _c["items"]
).select_from(article_version.join(staff, staff.c.id == _c.staff_id))
_ALL = _HEADS.order_by(_c.id)
_OF = _HEADS.where(_c.name == bindparam("called")).order_by(_c.id)
_NEWEST = select(func.max(_c.id))
_LAST = select(_c.id).where(_c.name == bindparam("called")).order_by(_c.id.desc()).limit(1)
_TWICE = select(_c.name).where(
    _c.id == select(func.max(_c.id)).scalar_subquery(), _c.staff_id == bindparam("by"), _c.body == bindparam("said")
)
_BODIES = select(_c.id, _c.body).where(_c.id.in_(bindparam("which", expanding=True)))
OWN = "own-"  # what the names of articles begin with that no release ships
_WHY, _BODY = 300, 200_000


class State(StrEnum):
    """What a version is. A draft leaves what residents read as it is; each of the others settles it from then on."""

    DRAFT = "draft"
    INTERNAL = "internal"  # for the centre's own people alone
    PUBLIC = "public"
    AWAY = "away"  # taken down: nobody reads it
    SHIPPED = "shipped"  # as the release has it


@dataclass(frozen=True)
class Version:
    """One version, without its words: whose, when, why, and from when until when it is for residents."""

    id: int
    name: str
    at: datetime
    by: str
    why: str
    state: State
    start_at: datetime | None
    end_at: datetime | None
    shipped: str
    items: tuple[int, ...]


@dataclass(frozen=True)
class New:
    """A version to be kept. `name` "" begins an article.

    `after` is the version that its writer had before them, None where it must stand whatever came meanwhile.
    """

    staff_id: int
    name: str
    after: int | None
    state: State
    body: str
    why: str = ""
    start_at: datetime | None = None
    end_at: datetime | None = None
    shipped: str = ""
    items: tuple[int, ...] = ()


def add(conn: Connection, new: New, now: datetime) -> Version | None:
    """Keep a version; None when somebody was quicker. Numbers appear in order, also over several servers.

    An article that is begun twice with the same words, one right after the other, is one: a second click.
    """
    feed.in_order(conn)
    if not new.name and (twice := conn.execute(_TWICE, {"by": new.staff_id, "said": new.body}).scalar()):
        return versions(conn, twice)[-1]
    last = conn.execute(_LAST, {"called": new.name}).scalar() if new.name else None
    if new.after is not None and (last or 0) != new.after:
        return None
    row = {
        "name": new.name,
        "staff_id": new.staff_id,
        "at": now,
        "why": clean(new.why, _WHY),
        "state": new.state.value,
        "start_at": new.start_at,
        "end_at": new.end_at,
        "shipped": new.shipped,
        "items": f",{','.join(map(str, new.items))}," if new.items else "",
        "body": clean(new.body, _BODY),
    }
    id_: int = conn.execute(_ADD, row).scalar_one()
    name = new.name or f"{OWN}{id_}"
    if not new.name:
        conn.execute(_NAME, {"of": id_, "called": name})
    return versions(conn, name)[-1]


def newest(conn: Connection) -> int:
    """The number of the newest version of all: another one where anything changed. 0 when nothing was written."""
    return conn.execute(_NEWEST).scalar() or 0


def everything(conn: Connection) -> list[Version]:
    """Every version of every article, oldest first."""
    return [_version(row) for row in conn.execute(_ALL)]


def versions(conn: Connection, name: str) -> list[Version]:
    """Every version of one article, oldest first."""
    return [_version(row) for row in conn.execute(_OF, {"called": name})]


def bodies(conn: Connection, ids: Iterable[int]) -> dict[int, str]:
    """What these versions say, as it was kept."""
    wanted = list(ids)
    return {row.id: row.body for row in conn.execute(_BODIES, {"which": wanted})} if wanted else {}


def in_force(written: Sequence[Version], now: datetime) -> dict[str, Version]:
    """By article the version that settles what residents read now; without one it is as the release has it.

    The newest decision counts, from its beginning on; one whose time is over leaves what the release has.
    """
    found: dict[str, Version] = {}
    for one in written:  # oldest first
        if one.state is State.DRAFT or (one.start_at is not None and one.start_at > now):
            continue
        over = one.end_at is not None and one.end_at <= now
        found[one.name] = replace(one, state=State.SHIPPED) if over else one
    return found


def next_change(written: Sequence[Version], now: datetime) -> datetime | None:
    """The next moment at which something begins or ends."""
    moments = [moment for one in written for moment in (one.start_at, one.end_at) if moment and moment > now]
    return min(moments, default=None)


def _version(row: AnyRow) -> Version:
    told = row._mapping["items"]
    items, state = tuple(int(one) for one in told.split(",") if one), State(row.state)
    return Version(
        row.id, row.name, row.at, row.by, row.why, state, row.start_at, row.end_at, row.shipped, items
    )  # fmt: skip
