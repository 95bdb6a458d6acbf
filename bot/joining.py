"""Channels of one person, joined by a code or parted again: said where it was asked, carried out, told elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.gathered import OWN, Moment
from bot.visit import Visit
from dialogs.asking import way
from dialogs.deeds import CodeWanted, Consented, JoinDeclined, JoinWanted, PartWanted
from dialogs.saying import Button, Message
from dialogs.session import Session
from dialogs.tap import LanguageTap
from dialogs.uniting import divided, united
from dialogs.words import Words
from storage import join_codes, joined, outbox, people, talk
from storage.crypt import Vault
from storage.inbox import Waiting
from storage.joined import Pair
from storage.people import Contact, Person, PersonChange


@dataclass(frozen=True)
class Step:
    """What is to be done once everything else of the round is written: these two become one, or these come apart."""

    asked_at: int
    keeper: int
    joins: int | None = None
    leave: Sequence[int] = ()


def take_back(conn: Connection, visit: Visit, now: datetime) -> None:
    """Whoever refused, or declined, has no code open: before anybody of the same round could use it."""
    for deed, _ in visit.deeds:
        match deed:
            case Consented(None):
                join_codes.drop(conn, visit.person.id, now)
            case JoinDeclined():
                join_codes.let_go(conn, visit.person.id)
            case _:
                pass


def answer(conn: Connection, vault: Vault, visit: Visit, moment: Moment) -> list[Step]:
    """Say what comes of a wish about channels; what is left to do."""
    steps: list[Step] = []
    for deed, waiting in visit.deeds:
        match deed:
            case CodeWanted():
                _say_code(conn, visit, waiting, moment)
            case JoinWanted():
                steps += _joining(conn, vault, visit, waiting, moment)
            case PartWanted():
                steps += _parting(conn, visit, waiting, moment)
            case _:
                pass
    return steps


def _say_code(conn: Connection, visit: Visit, waiting: Waiting, moment: Moment) -> None:
    words = visit.mind.house.library[visit.session.language]
    code = join_codes.make(conn, visit.person.id, waiting.contact_id, moment.now)
    visit.say((Message(words.say("join.code", code=code), _ways(words)),), waiting, moment)
    # It opens the person's talk: a coordinator who reads the case has no business with it.
    visit.kept[-1] = replace(visit.kept[-1], in_case=False)


def _ways(words: Words) -> tuple[Button, ...]:
    return way(words, "menu"), way(words, "person")


def _joining(conn: Connection, vault: Vault, visit: Visit, waiting: Waiting, moment: Moment) -> list[Step]:
    words = visit.mind.house.library[visit.session.language]
    keeper_id = join_codes.spend(conn, visit.person.id, moment.now)
    keeper = None if keeper_id is None else people.load(conn, vault, [keeper_id])[keeper_id]
    if keeper is None:
        visit.say((Message(words.say("join.gone"), _ways(words)),), waiting, moment)
        return []
    lines, theirs, own = [words.say("join.done")], Session.from_json(keeper.session), visit.session
    buttons = [way(words, "menu"), way(words, "part")]
    if theirs.flow and own.flow:
        lines.append(words.say("join.rested", title=words.say(f"{own.flow}.title")))
    if keeper.language != own.language:
        lines.append(words.say("join.tongue"))
        buttons.insert(0, Button(words.say("language.name"), str(LanguageTap(own.language))))
    visit.say((Message("\n".join(lines), tuple(buttons)),), waiting, moment)
    return [Step(waiting.contact_id, keeper.id, joins=visit.person.id)]


def _parting(conn: Connection, visit: Visit, waiting: Waiting, moment: Moment) -> list[Step]:
    """Asked on a channel that was joined, that one leaves; asked on the keeper's own, all that were joined do."""
    words, person = visit.mind.house.library[visit.session.language], visit.person
    home = next((one.home for one in person.contacts if one.id == waiting.contact_id), None)
    leave = joined.others_of(conn, person.id) if home is None else (home,)
    visit.say((Message(words.say("part.done"), (way(words, "menu"),)),), waiting, moment)
    return [Step(waiting.contact_id, person.id, leave=leave)]


def carry_out(conn: Connection, vault: Vault, visit: Visit, step: Step, now: datetime) -> None:
    """Do it, and tell it on every other channel, where whoever did not want it learns how to undo it."""
    if step.joins is not None:
        _join(conn, vault, visit, step, now)
    for other_id in step.leave:
        _part(conn, vault, visit, Step(step.asked_at, step.keeper, leave=(other_id,)), now)


def _join(conn: Connection, vault: Vault, visit: Visit, step: Step, now: datetime) -> None:
    # Whoever drew the code may have joined somebody in this very round.
    keeper, other = _both(conn, vault, joined.keeper_of(conn, step.keeper), visit.person.id)
    session, runs = united(Session.from_json(keeper.session), visit.session)
    joined.join(conn, vault, Pair(keeper, other), runs, now)
    people.save(conn, vault, [_change(keeper, session)])
    asked_at = next(one for one in other.contacts if one.id == step.asked_at)
    # Whoever had joined the other before is told as well: it may have been done on one of their devices by a stranger.
    for language, contacts, by in (
        (session.language, keeper.contacts, asked_at),
        (visit.session.language, [one for one in other.contacts if one is not asked_at], keeper.contacts[0]),
    ):
        words = visit.mind.house.library[language]
        told = Message(
            words.say("join.told", channel=words.say(f"channel.{by.channel}")),
            (way(words, "part"), way(words, "person")),
        )
        _tell(conn, vault, (keeper, contacts), told, now)


def _part(conn: Connection, vault: Vault, visit: Visit, step: Step, now: datetime) -> None:
    keeper, other = _both(conn, vault, step.keeper, step.leave[0])
    run = joined.part(conn, vault, Pair(keeper, other), now)
    stays, leaves = divided(Session.from_json(keeper.session), Session.from_json(other.session), run)
    people.save(conn, vault, [_change(keeper, stays), _change(other, leaves)])
    for person in _both(conn, vault, keeper.id, other.id):
        words = visit.mind.house.library[person.language]
        told = Message(words.say("part.told"), (way(words, "menu"),))
        _tell(conn, vault, (person, [one for one in person.contacts if one.id != step.asked_at]), told, now)


def _both(conn: Connection, vault: Vault, one: int, other: int) -> tuple[Person, Person]:
    found = people.load(conn, vault, [one, other])
    return found[one], found[other]


def _change(person: Person, session: Session) -> PersonChange:
    return PersonChange(
        id=person.id,
        key=person.key,
        language=session.language,
        session=session.to_json(),
        consented=session.consented,
        seen_at=person.seen_at,
    )


def _tell(
    conn: Connection, vault: Vault, to: tuple[Person, Sequence[Contact]], message: Message, now: datetime
) -> None:
    """Words of the bot's to each of these contacts: by the outbox; on our own pages they stand in the talk alone."""
    person, contacts = to
    for contact in contacts:
        number = None
        if contact.channel not in OWN:
            out = outbox.Outgoing(person.id, contact.id, contact.channel, person.key, [message.to_json()])
            (number,) = outbox.put(conn, vault, [out], now)
        line = talk.Line(
            person_id=person.id,
            key=person.key,
            at=now,
            way=talk.Way.OUT,
            author=talk.Author.BOT,
            body=message.to_json(),
            contact_id=contact.id,
            channel=contact.channel,
            outbox_id=number,
        )
        talk.write(conn, vault, [line])
