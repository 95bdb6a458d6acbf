"""Who could take a case that nobody has, as a proposal and never by itself; who stands in for a holder who is away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Connection

from bot.acts import Act, Done, Refused, Step, not_mine
from bot.handover import Desk
from bot.mind import Mind
from bot.passing import takers
from knowledge.hours import WEEK
from storage import abilities, cases, news
from storage.abilities import Ability, Absence, Load
from storage.casefile import CaseHead
from storage.staff import Member, Role

_SHOWN = 3
_NOBODY = Member(0, "", "", Role.SYSTEM, False, None)  # gives nothing away: everybody may be proposed


@dataclass(frozen=True)
class Proposed:
    """Somebody who could take a case, and why: whether they know the topic and the language; what they hold."""

    id: int
    name: str
    topic: bool
    language: bool
    load: int


@dataclass(frozen=True)
class Away:
    """The holder of a case is away until this day; `cover` stands in, "" where nobody was named."""

    last: str
    cover: str
    mine: bool


def proposed(conn: Connection, head: CaseHead, mind: Mind, now: datetime) -> list[Proposed]:
    """The first three for a case that nobody has: of those on duty, by skill, then load, then whose turn it is."""
    here, known, loads = mind.local(now), abilities.everything(conn), abilities.load(conn)
    away = {one.staff_id for one in abilities.absences(conn) if one.on(here.date().isoformat())}
    found: list[tuple[tuple[bool, bool, int, str], Proposed]] = []
    for one in takers(conn, head, _NOBODY):
        ability, load = known.get(one.id, Ability()), loads.get(one.id, Load())
        if one.role is Role.SPECIALIST or one.id in away or not on_duty(ability, mind, here):
            continue
        topic, speaks = head.topic in ability.topics, head.language in ability.languages
        speaks = speaks or head.language in ("ja", "ja-easy")
        chosen = Proposed(one.id, one.name, topic, speaks and head.language not in ("ja", "ja-easy"), load.cases)
        found.append(((not topic, not speaks, load.cases, load.last), chosen))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])[:_SHOWN]]


def on_duty(ability: Ability, mind: Mind, here: datetime) -> bool:
    """Whether somebody works at this moment of the centre's clock; while it is closed, at its next opening."""
    moment = here if mind.calendar.is_open(here) else mind.calendar.next_open(here)
    if ability.duty is None:
        return True
    spans = (one.split("-", 1) for one in ability.duty.get(WEEK[moment.weekday()], ()))
    return any(_time(start) <= moment.time() < _time(end) for start, end in spans)


def _time(told: str) -> time:
    return time.fromisoformat(told.strip().zfill(5))


def away(conn: Connection, head: CaseHead, member: Member, mind: Mind, now: datetime) -> Away | None:
    """Whether the holder of a case is away today, and whether this member may take it over meanwhile."""
    if head.holder is None or head.closed_at is not None:
        return None
    found = _today(conn, head.holder, mind.local(now).date().isoformat())
    if found is None:
        return None
    cover = next((one.name for one in takers(conn, head, _NOBODY) if one.id == found.cover_id), "")
    return Away(found.last, cover, head.holder != member.id and _may(found, member))


def covering(desk: Desk, mind: Mind) -> Step:
    """The step by which whoever stands in for an absent holder, or a manager, takes the case; the resident is told."""

    def step(act: Act) -> Done | Refused:
        holder = act.head.holder
        if holder == act.staff.id:
            return Done()
        found = None if holder is None else _today(act.conn, holder, mind.local(act.now).date().isoformat())
        if holder is None or found is None or not _may(found, act.staff):
            return not_mine(act)
        cases.hand_over(act.conn, act.head.id, holder, act.staff.id, act.now)
        news.add(act.conn, [news.New(holder, act.head.id, news.Kind.COVERED, act.staff.id)], act.now)
        desk.tell(act, "person.handed_over", name=act.staff.name)
        return Done()

    return step


def _today(conn: Connection, staff_id: int, today: str) -> Absence | None:
    found = (one for one in abilities.absences(conn) if one.staff_id == staff_id and one.on(today))
    return next(found, None)


def _may(found: Absence, member: Member) -> bool:
    return member.id == found.cover_id or member.role is Role.MANAGER
