"""Hear what waits: one transaction holds that it was heard, what it led to, and the words that go out."""

from __future__ import annotations

import math
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from time import monotonic

import structlog
from sqlalchemy import Connection

from bot import granting, joining, offering, signing
from bot.alerting import alert
from bot.along import may_reply, nothing_waited, unused_right, with_what_waited
from bot.circle import follow, hear_in_circle
from bot.coming import by_card
from bot.correcting import correct
from bot.enlisting import enlisted
from bot.filing import file_deeds, links_of, open_case, tell_mine
from bot.gathered import OWN, Kept, Moment, Out
from bot.menu_wish import menus_wanted
from bot.mind import Mind
from bot.moment import moment_of
from bot.ports import Parcel
from bot.visit import Visit
from bot.withdrawing import withdraw
from dialogs.heard import from_json
from dialogs.saying import Button, Message, Weight
from storage import (
    cases,
    clocking,
    feed,
    inbox,
    later,
    line_menus,
    outbox,
    people,
    read_marks,
    rights,
    talk,
)
from storage.crypt import Vault
from storage.inbox import Waiting

log = structlog.get_logger()


VISITS = 0.6  # of the time of a round; the rest is for writing down what came of them


@dataclass(frozen=True)
class Helping:
    """How much is heard in one transaction: of so many people after a person's number, so many events of each.

    After so many seconds whoever was not heard waits for the next: meanwhile nothing that comes is acknowledged.
    """

    after: int = 0
    people: int = 64
    events: int = inbox.A_TURN
    seconds: float = math.inf


A_HELPING = Helping()


@dataclass(frozen=True)
class Round:
    """What one round of hearing did. `last` is where the next goes on; `farewells` go to people just forgotten.

    `parcels` says whether anything waits for delivery now, `things` whether anything waits to be fetched.
    """

    heard: int = 0
    last: int = 0
    people: int = 0
    parcels: int = 0
    things: int = 0
    farewells: tuple[Parcel, ...] = ()
    failed: tuple[tuple[int, str], ...] = ()


@dataclass
class _Batch:
    visits: list[Visit] = field(default_factory=list)
    heard: list[int] = field(default_factory=list)
    failed: list[tuple[int, str]] = field(default_factory=list)


def hear(conn: Connection, vault: Vault, mind: Mind, now: datetime, helping: Helping = A_HELPING) -> Round:
    """Hear the next waiting messages of some people, in order for each.

    What people do never raises; a message that breaks our own code is tried three times, then lies in the dead letters
    and its person is told. Nothing is sent here.
    """
    until = monotonic() + helping.seconds * VISITS
    waiting = inbox.waiting(conn, vault, helping.people, lock=True, after=helping.after)
    if not waiting:
        return Round()
    ids = list(dict.fromkeys(one.person_id for one in waiting))
    everyone = people.load(conn, vault, ids)
    open_cases = cases.of_person_open(conn, ids)
    moment = moment_of(conn, vault, mind, now)
    batch = _Batch()
    person_id = 0
    for person_id, events in groupby(waiting, key=lambda one: one.person_id):
        visit = Visit(mind, everyone[person_id], open_cases.get(person_id))
        _visit(visit, list(events)[: helping.events], moment, batch, until)
        if monotonic() > until:
            break
    farewells = _write(conn, vault, batch, moment)
    parcels = sum(len(visit.outs) for visit in batch.visits)
    things = sum(bool(kept.source) for visit in batch.visits for kept in visit.kept)
    return Round(len(batch.heard), person_id, len(batch.visits), parcels, things, farewells, tuple(batch.failed))


def _visit(visit: Visit, events: Sequence[Waiting], moment: Moment, batch: _Batch, until: float) -> None:
    """Hear one person's messages until a time; the first that breaks stops this person for now, never the others."""
    for event in events:
        try:
            heard = from_json(event.payload["heard"])
            if not event.withdrawn and not enlisted(visit, event, heard, moment):
                hearing = hear_in_circle if event.payload.get("circle") else Visit.hear
                hearing(visit, event, by_card(visit, heard, moment), moment)
        except Exception as broken:  # noqa: BLE001 - our own mistake must cost one message, not everybody's
            log.error("a message could not be heard", inbox=event.id, why=type(broken).__name__)
            batch.failed.append((event.id, type(broken).__name__))
            if event.tries + 1 >= inbox.MAX_TRIES:
                visit.say((_sorry(visit),), event, moment)
            break
        batch.heard.append(event.id)
        if visit.forgotten or visit.moves or monotonic() > until:
            break
    batch.visits.append(visit)


def _sorry(visit: Visit) -> Message:
    """Silence is worse than an apology with a way to a person."""
    words = visit.mind.house.library[visit.session.language]
    return Message(words.say("problem.broken"), (Button(words.say("command.person"), "m:person", Weight.WAY),))


def _write(conn: Connection, vault: Vault, batch: _Batch, moment: Moment) -> tuple[Parcel, ...]:
    """Everything the visits led to, a few statements for all of them together."""
    gone = [visit for visit in batch.visits if visit.forgotten]
    farewells = tuple(parcel for visit in gone for parcel in _forget(conn, visit, moment.now))
    staying = [visit for visit in batch.visits if not visit.forgotten]
    steps: list[tuple[Visit, joining.Step]] = []
    for visit in staying:
        joining.take_back(conn, visit, moment.now)
    for visit in staying:
        correct(conn, vault, visit, moment)
        withdraw(conn, vault, visit, moment.now)
        if visit.tells_mine:
            tell_mine(conn, vault, visit, moment)
        signing.answer(conn, vault, visit, moment)
        granting.answer(conn, vault, visit, moment)
        offering.answer(conn, vault, visit, moment)
        steps += [(visit, step) for step in joining.answer(conn, vault, visit, moment)]
    case_ids = {visit.person.id: open_case(conn, vault, visit, moment) for visit in staying}
    people.save(
        conn,
        vault,
        [
            people.PersonChange(
                id=visit.person.id,
                key=visit.person.key,
                language=visit.session.language,
                session=visit.session.to_json(),
                consented=visit.session.consented,
                seen_at=moment.now,
            )
            for visit in staying
        ],
    )
    _write_words(conn, vault, staying, case_ids, moment)
    for visit in staying:
        for contact_id in visit.changed_reach():
            people.set_reachable(conn, contact_id, visit.reachable[contact_id], visit.moved.get(contact_id))
    file_deeds(conn, vault, staying, case_ids, moment.now)
    alert(conn, vault, staying, case_ids, moment.now)
    line_menus.want(conn, [one for visit in staying for one in menus_wanted(visit)])
    again = [visit.case.id for visit in staying if visit.case]  # an earlier case may have been opened again
    if touched := {*again, *(one for one in case_ids.values() if one)}:
        clocking.settle(conn, staying[0].mind.clocks, list(touched), moment.now)
    inbox.done(conn, batch.heard)
    for visit in staying:
        follow(conn, vault, visit, moment.now)
    for event_id, why in batch.failed:
        inbox.failed(conn, event_id, why)
    for visit, step in steps:
        joining.carry_out(conn, vault, visit, step, moment.now)
    return farewells


def _write_words(
    conn: Connection, vault: Vault, visits: Sequence[Visit], case_ids: dict[int, int | None], moment: Moment
) -> None:
    """What was said to and by everybody: the parcels first, so that each line of the talk knows its own."""
    outgoing: list[outbox.Outgoing] = []
    along: list[tuple[later.Later, int]] = []
    start: dict[int, int] = {}
    waited = later.waiting_for(conn, vault, {one.person.id: one.person.key for one in visits if may_reply(one)})
    for visit in visits:
        nothing_waited(visit, waited, moment)
        start[visit.person.id] = len(outgoing)
        for out, taken in with_what_waited(visit, waited, moment.now):
            along += [(one, len(outgoing)) for one in taken]
            outgoing.append(_outgoing(conn, visit, out, case_ids[visit.person.id], moment.now))
    numbers = outbox.put(conn, vault, outgoing, moment.now)
    rights.keep(conn, vault, [right for visit in visits if (right := unused_right(visit, outgoing))])
    later.taken_along(conn, [(one, numbers[place]) for one, place in along])
    lines = [
        _line(visit, kept, case_ids[visit.person.id], _number(kept, numbers, start[visit.person.id]), moment.now)
        for visit in visits
        for kept in visit.kept
    ]
    talk.write(conn, vault, lines)
    read_marks.keep(conn, vault, [mark for visit in visits for kept in visit.kept if (mark := _mark(visit, kept))])
    own = {visit.person.id for visit in visits if any(kept.of.channel in OWN for kept in visit.kept)}
    feed.add(conn, [feed.Change(moment.now, "said", None, person_id) for person_id in sorted(own)])


def _outgoing(conn: Connection, visit: Visit, out: Out, case_id: int | None, now: datetime) -> outbox.Outgoing:
    messages = links_of(conn, (visit.person.id, out.to.id), out.messages, visit.mind.public_url, now)
    return outbox.Outgoing(
        person_id=visit.person.id,
        contact_id=out.to.id,
        channel=out.to.channel,
        key=visit.person.key,
        messages=[message.to_json() for message in messages],
        reply_token=out.reply_token,
        reply_until=out.reply_until,
        lane=outbox.URGENT if out.urgent else outbox.TALK,
        case_id=case_id,
    )


def _number(kept: Kept, numbers: Sequence[int], start: int) -> int | None:
    """Of the parcel that carries what was said; those of one visit begin at `start`."""
    return None if kept.parcel is None else numbers[start + kept.parcel]


def _line(visit: Visit, kept: Kept, case_id: int | None, outbox_id: int | None, now: datetime) -> talk.Line:
    incoming = kept.way is talk.Way.IN
    filed = case_id if kept.in_case else None
    return talk.Line(
        person_id=visit.person.id,
        key=visit.person.key,
        at=kept.at,
        way=kept.way,
        author=kept.author,
        body=kept.body,
        case_id=filed,
        contact_id=kept.of.contact_id,
        channel=kept.of.channel,
        said_id=kept.of.payload.get("said", "") if incoming else "",
        outbox_id=outbox_id,
        handle=kept.of.payload.get("handle", "") if incoming and filed else "",
        quotes=kept.of.payload.get("quotes", "") if incoming and filed else "",
        fetch=talk.Fetch(kept.source, now) if kept.source and filed else None,
    )


def _mark(visit: Visit, kept: Kept) -> read_marks.Mark | None:
    """LINE's leave to show that this was read, of words that a coordinator will see."""
    token = kept.of.payload.get("read", "") if kept.way is talk.Way.IN and kept.in_case else ""
    return read_marks.Mark(kept.of.contact_id, visit.person.id, token, kept.at) if token else None


def _forget(conn: Connection, visit: Visit, now: datetime) -> list[Parcel]:
    """Everything goes; the farewell is carried at once and kept nowhere."""
    people.forget(conn, visit.person.id, now)
    return [
        Parcel(
            id=0,
            channel=out.to.channel,
            address=out.to.address,
            written=[message.to_json() for message in out.messages],
            retry_key=str(uuid.uuid4()),
            reply_token=out.reply_token,
            reply_until=now + timedelta(seconds=30) if out.reply_token else None,
            language=visit.session.language,
        )
        for out in visit.outs[-1:]
    ]
