"""What a case page says of the work itself: the checklist, cases that belong together, partners, and appointments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from bot.passing import takers
from bot.sharing import AGREED
from bot.web.console.bubbles import Bubble, in_short
from bot.web.console.earlier import Earlier, earlier
from bot.web.console.held import seconds
from bot.web.console.moments import Choice
from bot.web.console.rows import topic
from bot.web.console.words import word
from bot.web.room import Room
from dialogs.dates import say_moment
from dialogs.flows.consultation import Consultation, Trouble
from dialogs.words import Words
from knowledge import checklists
from storage import appointments, cases, partners, sight, ticks, ties
from storage.appointments import Appointment, State
from storage.cases import CaseHead
from storage.partners import Deed, Partner
from storage.staff import Member
from storage.ticks import Tick
from storage.ties import Kind, Tie


@dataclass(frozen=True)
class Check:
    """One item of the checklist; `tick` is None while it is not done."""

    key: str
    text: str
    tick: Tick | None


@dataclass(frozen=True)
class Tied:
    """Another case that this one has to do with. `undo` is the deed that unties them, empty where there is none."""

    label: str
    case_id: int
    ref: str
    state: str
    undo: str


@dataclass(frozen=True)
class Outsider:
    """A partner outside the centre. `live`: the way in is open now, as `state` says; `looks`: when it was read."""

    partner: Partner
    live: bool
    state: str
    looks: list[datetime]
    answers: list[Deed]


@dataclass(frozen=True)
class Meeting:
    """An appointment on the page. `clash`: whom it is with has another one then."""

    of: Appointment
    state: str
    clash: bool


@dataclass(frozen=True)
class Work:
    """All of it; `lines` are what can be split off, `wishes` what the resident wished for as moments of a form.

    With `undoes` the viewer can take back an end, so it need not be asked for twice.
    """

    checks: list[Check]
    ties: list[Tied]
    into: Tied | None
    others: list[Tied]
    outsiders: list[Outsider]
    agreed: list[str]
    meetings: list[Meeting]
    wishes: list[Choice]
    whom: list[Member]
    lines: list[tuple[int, str]]
    topics: list[tuple[str, str]]
    earlier: list[Earlier]
    undoes: bool

    @property
    def undone(self) -> list[Check]:
        """What was not ticked."""
        return [one for one in self.checks if one.tick is None]


@dataclass(frozen=True)
class Page:
    """The page it stands on: whose eyes, which case, and its talk as it is drawn."""

    member: Member
    head: CaseHead
    talk: list[Bubble]


def work(conn: Connection, room: Room, on: Page) -> Work:
    """The work on a case as this member sees it."""
    head, book = on.head, room.house.library["ja"]
    record = _record(conn, room, head.id)
    found = _ties(conn, on)
    return Work(
        checks=_checks(conn, head),
        ties=[one for _, one in found],
        into=next((one for tied, one in found if tied.kind is Kind.MERGED and tied.case_id == head.id), None),
        others=_others(conn, on),
        outsiders=_outsiders(conn, room, head),
        agreed=[book.say(f"consultation.share.{one}") for one in record.get("share") or () if one in AGREED],
        meetings=_meetings(conn, room, on),
        wishes=[_wish(str(one), book) for one in record.get("slot") or ()],
        whom=[on.member, *takers(conn, head, on.member)] if head.holder == on.member.id else [],
        lines=[(one.id, f"{one.name}: {in_short(one.text or one.doing)}") for one in _own_lines(on)],
        topics=[(one.value, topic(one.value, book)) for one in Trouble],
        earlier=earlier(conn, head, on.member, book),
        undoes=seconds(conn, room, on.member) > 0,
    )


def _wish(told: str, book: Words) -> Choice:
    return Choice(told, say_moment(datetime.fromisoformat(told), book))


def _record(conn: Connection, room: Room, case_id: int) -> dict[str, Any]:
    whole = cases.get(conn, room.store.vault, case_id)
    record = whole.record if whole and isinstance(whole.record, dict) else {}
    kept = {name: record.get(name) for name in (Consultation.share.key, Consultation.slot.key)}
    return {name: value for name, value in kept.items() if isinstance(value, list)}


def _own_lines(on: Page) -> list[Bubble]:
    return [one for one in on.talk if one.who == "person" and not one.withdrawn and not one.of][-40:]


def _checks(conn: Connection, head: CaseHead) -> list[Check]:
    done = ticks.of_case(conn, head.id)
    return [Check(one.key, one.text, done.get(one.key)) for one in checklists.lists().of(head.topics or (head.topic,))]


def _ties(conn: Connection, on: Page) -> list[tuple[Tie, Tied]]:
    found = ties.of_case(conn, on.head.id)
    seen = sight.of(conn, on.member).among(conn, [one.beside(on.head.id) for one in found])
    heads = {one: cases.head_of(conn, one) for one in seen}
    out = []
    for one in found:
        other = heads.get(one.beside(on.head.id))
        if other is not None:
            out.append((one, _tied(one, other, on)))
    return out


def _tied(one: Tie, other: CaseHead, on: Page) -> Tied:
    here = one.case_id == on.head.id
    side = "" if one.kind is Kind.RELATED else "_here" if here else "_there"
    mine = on.head.holder == on.member.id
    undo = ""
    if mine and one.kind is Kind.RELATED:
        undo = "unrelate"
    elif mine and one.kind is Kind.MERGED and not here:
        undo = "unmerge"
    return Tied(word(f"tie.{one.kind.value}{side}"), other.id, other.ref, word("state." + other.state.value), undo)


def _others(conn: Connection, on: Page) -> list[Tied]:
    """The other open cases of the same person; the first is the one that new words go into, if that is not this."""
    if on.head.person_id is None or on.head.closed_at is not None:
        return []
    mine = sight.of(conn, on.member)
    open_ones = [one for one in ties.open_beside(conn, on.head) if mine.sees(one)]
    goes_to = cases.of_person_open(conn, [on.head.person_id]).get(on.head.person_id)
    return [
        Tied(
            word("tie.goes_to" if goes_to and goes_to.id == one.id else "tie.also"),
            one.id,
            one.ref,
            word("state." + one.state.value),
            "",
        )
        for one in open_ones
    ]


def _outsiders(conn: Connection, room: Room, head: CaseHead) -> list[Outsider]:
    did, living = partners.deeds(conn, room.store.vault, head.id), partners.living(conn, head.id, room.clock())
    found = []
    for one in partners.of_case(conn, room.store.vault, head.id):
        theirs = [deed for deed in did if deed.partner_id == one.id]
        live = one.id in living
        state = "revoked" if one.revoked_at else "over" if not live else "opened" if one.opened_at else "waiting"
        looks = [deed.at for deed in theirs if not deed.text]
        answers = [deed for deed in theirs if deed.text]
        found.append(Outsider(one, live, word("partner." + state), looks, answers))
    return found


def _meetings(conn: Connection, room: Room, on: Page) -> list[Meeting]:
    vault, found = room.store.vault, []
    seen = sight.of(conn, on.member)
    here = [on.head, *(one for one in ties.parts(conn, on.head) if seen.sees(one))]
    made = [one for case in here for one in appointments.of_case(conn, vault, case.id)]
    for one in sorted(made, key=lambda one: one.when.starts_at):
        since, until = one.when.starts_at - appointments.DAY, one.when.ends_at
        near = appointments.within(conn, vault, since, until) if one.stands else []
        found.append(Meeting(one, word("meeting." + one.state.value), one.id in appointments.clashing(near)))
    return [one for one in found if one.of.state is not State.CANCELLED or one.of.when.starts_at > room.clock()]
