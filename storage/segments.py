"""Segments in the database: to one statement over one narrow table, counted exactly, and kept in every version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    false,
    func,
    insert,
    literal_column,
    not_,
    or_,
    select,
    text,
    true,
    update,
)

from knowledge.event import What
from knowledge.interests import GROUP, codes, mask
from knowledge.segment import (
    ANY,
    UNSET,
    All,
    And,
    Asked,
    Did,
    Has,
    Not,
    Or,
    Refusal,
    Segment,
    Took,
    from_json,
    parts_of,
    to_json,
)
from storage.columns import AnyRow
from storage.event_tables import LIVE, event, event_date, sign_up
from storage.grant_tables import group_card
from storage.plain import clean
from storage.receive_tables import receiver, segment
from storage.tables import staff

_r, _c = receiver.c, segment.c
_MASKS = {Asked.TOPIC: _r.topics, Asked.AREA: _r.areas, Asked.ROLE: _r.roles}
_TEXTS = {Asked.OFTEN: _r.often, Asked.LANGUAGE: _r.language, Asked.CHANNEL: _r.channel}
_ADD = insert(segment).returning(_c.id)
_NUMBER = update(segment).where(_c.id == bindparam("of")).values(number=_c.id)
_READ = select(_c.id, _c.number, _c.at, staff.c.name.label("by"), _c.name, _c.body, _c.counted, _c.gone).select_from(
    segment.join(staff, staff.c.id == _c.staff_id)
)
_newer = segment.alias("newer")
_NOW = _READ.where(
    _c.id == select(func.max(_newer.c.id)).where(_newer.c.number == _c.number).correlate(segment).scalar_subquery()
)
_ALL = _NOW.where(~_c.gone).order_by(_c.name, _c.number)
_ONE = _NOW.where(_c.number == bindparam("of"), ~_c.gone)
_VERSION = _READ.where(_c.id == bindparam("of"))
LONGEST_NAME = 60


@dataclass(frozen=True)
class Counts:
    """How many people a segment means now, by channel and language."""

    by: Mapping[tuple[str, str], int]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by.values())

    def of_channel(self) -> dict[str, int]:
        """Summed up by channel, the largest first."""
        return _summed(self.by, 0)

    def of_language(self) -> dict[str, int]:
        """Summed up by language, the largest first."""
        return _summed(self.by, 1)


@dataclass(frozen=True)
class Saved:
    """A kept segment as it is now. `number` names it for ever, `id` this version; `counted` when it was kept.

    `means` is a refusal where codes were taken away since.
    """

    id: int
    number: int
    at: datetime
    by: str
    name: str
    means: Segment | Refusal
    counted: int


@dataclass(frozen=True)
class New:
    """A version to be kept. `number` None begins a new segment; `after` is the version that its writer saw."""

    staff_id: int
    name: str
    means: Segment
    counted: int
    number: int | None = None
    after: int = 0
    gone: bool = False


def condition(means: Segment, now: datetime) -> ColumnElement[bool]:
    """A segment as a condition on the rows of receivers; whether anything may be sent to them is another."""
    match means:
        case All():
            return true()
        case Has(asked, chosen) if asked in _MASKS:
            bits, column = mask(asked.value, chosen), _MASKS[asked]
            chose = column.op("&")(bits) != 0 if bits else false()
            return or_(chose, column == 0) if UNSET in chosen else chose
        case Has(asked, chosen) if asked in GROUP:
            return _of_group(asked.value, chosen)
        case Has(asked, chosen):
            return _TEXTS[asked].in_(chosen)
        case Took():
            return _r.person_id.in_(_took(means, now))
        case And(parts):
            return and_(*(condition(part, now) for part in sorted(parts, key=_looks)))
        case Or(parts):
            return or_(*(condition(part, now) for part in sorted(parts, key=_looks)))
        case Not(part):
            return not_(condition(part, now))
        case _:
            assert_never(means)


def _looks(means: Segment) -> int:
    """In how many other tables it looks: SQLite asks in the order given, so the cheap is asked first."""
    return sum(isinstance(part, Took) or (isinstance(part, Has) and part.asked in GROUP) for part in parts_of(means))


def _of_group(kind: str, chosen: tuple[str, ...]) -> ColumnElement[bool]:
    """Whose group is one of these, of those who let us choose announcements by it."""
    card = group_card.c

    def cards(bits: int) -> ColumnElement[bool]:
        return _r.person_id.in_(select(card.person_id).where(card.bits != 0, card.bits.op("&")(bits) != 0))

    chose = cards(bits) if (bits := mask(kind, chosen)) else false()
    return or_(chose, not_(cards(mask(kind, codes()[kind])))) if UNSET in chosen else chose


def _took(means: Took, now: datetime) -> Select[int]:
    """Who took part so; a date that was left, lost or called off is no part."""
    signed, since = sign_up.c, now - timedelta(days=means.days)
    when = (text("sign_up." + LIVE), signed.at >= since) if means.did is Did.SIGNED else (signed.arrived_at >= since,)
    found = select(signed.person_id).where(*when)
    if means.of == ANY:
        return found
    dates = select(event_date.c.id)
    if means.of in tuple(What):
        # As pydantic writes it; within anybody's words the marks are escaped.
        kind = select(event.c.id).where(event.c.content.contains(f'"what":"{means.of}"', autoescape=True))
        return found.where(signed.date_id.in_(dates.where(event_date.c.event_id.in_(kind))))
    return found.where(signed.date_id.in_(dates.where(event_date.c.event_id == int(means.of))))


def audience(means: Segment, now: datetime, hour: int | None = None) -> Select[tuple[int, int]]:
    """Everybody meant, as (person_id, contact_id): who chose to receive, did not stop, and can be reached there.

    With `hour`, of the centre's clock, only those for whom it is no quiet hour.
    """
    found = select(_r.person_id, _r.contact_id).where(_r.active, _r.contact_id.is_not(None), condition(means, now))
    return found if hour is None else found.where(not_(_quiet(hour)))


def _quiet(hour: int) -> ColumnElement[bool]:
    begins, ends = _r.quiet_from, _r.quiet_to
    within = and_(begins < ends, begins <= hour, ends > hour)
    over_midnight = and_(begins > ends, or_(begins <= hour, ends > hour))
    return or_(within, over_midnight)


def count(conn: Connection, means: Segment, now: datetime) -> Counts:
    """How many it means at this moment: one walk through one index, never an estimate."""
    rows = conn.execute(
        select(_r.channel, _r.language, func.count(literal_column("*")))
        .where(_r.active, condition(means, now))
        .group_by(_r.channel, _r.language)
    )
    return Counts({(channel, language): number for channel, language, number in rows})


def _summed(by: Mapping[tuple[str, str], int], place: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for key, number in by.items():
        found[key[place]] = found.get(key[place], 0) + number
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


def add(conn: Connection, new: New, now: datetime) -> int | None:
    """Keep a version; the number of the segment. None when there is none of that number, or somebody was quicker."""
    if new.number is not None:
        current = find(conn, new.number)
        if current is None or current.id != new.after:
            return None
    row = {
        "number": new.number or 0,
        "staff_id": new.staff_id,
        "at": now,
        "name": clean(new.name, LONGEST_NAME),
        "body": to_json(new.means),
        "counted": new.counted,
        "gone": new.gone,
    }
    id_: int = conn.execute(_ADD, row).scalar_one()
    if new.number is None:
        conn.execute(_NUMBER, {"of": id_})
    return new.number or id_


def find(conn: Connection, number: int) -> Saved | None:
    """The segment of a number as it is now; None when there is none, or it was put away."""
    row = conn.execute(_ONE, {"of": number}).first()
    return None if row is None else _saved(row)


def version(conn: Connection, version_id: int) -> Saved | None:
    """One version, whatever became of it since: what something was sent to."""
    row = conn.execute(_VERSION, {"of": version_id}).first()
    return None if row is None else _saved(row)


def named(conn: Connection, version_id: int) -> dict[str, frozenset[str]]:
    """Which codes a version names, by kind, and under `took` what of; none where there is no such version."""
    found = version(conn, version_id)
    if found is None or isinstance(found.means, Refusal):
        return {}
    parts = parts_of(found.means)
    has = [(part.asked.value, code) for part in parts if isinstance(part, Has) for code in part.codes]
    took = [(part.kind, part.of) for part in parts if isinstance(part, Took)]
    return {kind: frozenset(code for of, code in has + took if of == kind) for kind, _ in has + took}


def everything(conn: Connection) -> list[Saved]:
    """All segments as they are now, by name."""
    return [_saved(row) for row in conn.execute(_ALL)]


def _saved(row: AnyRow) -> Saved:
    return Saved(row.id, row.number, row.at, row.by, row.name, from_json(row.body), row.counted)
