"""Carries out what people wish about events, under the lock of the date, and says what came of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.billboard import happening, joinable
from bot.gathered import Moment, home_of
from bot.happenings import Standing, free_place, leaving_button, remind
from bot.notices import Pen
from bot.visit import Visit
from dialogs import events as cards
from dialogs.asking import way
from dialogs.deeds import Completed, EventWish
from dialogs.flows.sign_up import SignUp as Form
from dialogs.saying import Button, Link, Message, Weight
from dialogs.tap import EventAct, EventTap
from dialogs.words import Words
from storage import events, reminders, sign_ups
from storage.crypt import Vault
from storage.inbox import Waiting
from storage.reminders import Kind
from storage.sign_ups import SignUp, State


def answer(conn: Connection, vault: Vault, visit: Visit, moment: Moment) -> None:
    """Everything of one visit, in its order."""
    pen = Pen(conn, vault, visit.mind, moment.now)
    for deed, waiting in visit.deeds:
        match deed:
            case Completed(Form.name, record):
                messages = _join(pen, visit, waiting, (int(record["event"]), int(record["people"])))
            case EventWish():
                messages = _wish(pen, visit, deed)
            case _:
                continue
        visit.say(tuple(messages), waiting, moment)


def _words(visit: Visit) -> Words:
    return visit.mind.house.library[visit.session.language]


def _ways(words: Words) -> tuple[Button, ...]:
    return way(words, "menu"), way(words, "person")


def _join(pen: Pen, visit: Visit, waiting: Waiting, wish: tuple[int, int]) -> list[Message]:
    words, (date_id, people) = _words(visit), wish
    found = events.of_date(pen.conn, date_id)
    if found is None or not joinable(*found, pen.mind.zone, pen.now):
        return [Message(words.say("events.gone"), (way(words, "events"), *_ways(words)))]
    before = sign_ups.mine(pen.conn, date_id, visit.person.id)
    room = found[1].capacity
    if before is None and room is not None and people > room:  # they would wait for ever
        return [Message(words.say("events.too_many", count=room), (way(words, "events"), *_ways(words)))]
    chat = home_of(visit.person, waiting)
    one = before or sign_ups.ask(pen.conn, date_id, (visit.person.id, chat), people, pen.now)
    if one.state is State.GOING:
        remind(pen, found, one)
    told = _told(pen, words, one)
    return [Message(words.say("events.already")), told] if before else [told]


def _told(pen: Pen, words: Words, one: SignUp) -> Message:
    """How it stands, with what can be done about it."""
    found = events.of_date(pen.conn, one.date_id)
    if found is None:
        return Message(words.say("events.gone"), _ways(words))
    of = happening(*found, pen.mind.zone, pen.mind.public_url, pen.now)
    when, people = cards.when(of, words), one.people
    leave = leaving_button(words, one)
    match one.state:
        case State.GOING:
            text = words.say("events.going", title=of.label, when=when, people=people, code=one.code)
            links = (Link(words.say("events.ticket"), f"{pen.mind.public_url}/events/t/{one.code}"),)
            return Message(text, (leave, *_ways(words)), links=(*links, *cards.links(of, words)))
        case State.WAITING:
            place = sign_ups.place_in_line(pen.conn, one)
            text = words.say("events.waiting", title=of.label, when=when, people=people, place=place)
            return Message(text, (leave, *_ways(words)))
        case State.OFFERED:
            return Standing(found, one).offer(words, pen)
        case _:
            return Message(words.say("events.over"), _ways(words))


def _wish(pen: Pen, visit: Visit, wish: EventWish) -> list[Message]:
    words = _words(visit)
    if wish.act is EventAct.MINE:
        return _mine(pen, visit)
    one = sign_ups.find(pen.conn, int(wish.key)) if wish.key.isdecimal() else None
    if one is None or one.person_id != visit.person.id:  # somebody else's, or forged
        return [Message(words.say("old.unknown"), _ways(words))]
    match wish.act:
        case EventAct.TAKE:
            return [_take(pen, words, one)]
        case EventAct.RATE:
            return [_rate(pen, words, one, wish.said)]
        case _:
            return [_leave(pen, words, one)]


def _take(pen: Pen, words: Words, one: SignUp) -> Message:
    found = events.of_date(pen.conn, one.date_id)
    if one.state is State.OFFERED and found and sign_ups.accept(pen.conn, one, pen.now):
        one = sign_ups.mine(pen.conn, one.date_id, one.person_id) or one
        remind(pen, found, one)
        return _told(pen, words, one)
    return _told(pen, words, one) if one.state is State.GOING else Message(words.say("events.over"), _ways(words))


def _leave(pen: Pen, words: Words, one: SignUp) -> Message:
    found = events.of_date(pen.conn, one.date_id)
    held = one.state in (State.GOING, State.OFFERED)
    if found is None or one.arrived_at or not sign_ups.live([one]) or not sign_ups.leave(pen.conn, one, State.LEFT):
        return Message(words.say("events.over"), _ways(words))
    for kind in Kind:
        reminders.cancel(pen.conn, kind, one.date_id, one.person_id)
    if held:
        free_place(pen, found)
    of = happening(*found, pen.mind.zone, pen.mind.public_url, pen.now)
    return Message(words.say("events.left_now", title=of.label, when=cards.when(of, words)), _ways(words))


def _rate(pen: Pen, words: Words, one: SignUp, said: str) -> Message:
    found = events.of_date(pen.conn, one.date_id)
    if found and said and _asked(one, found[1].span.ends_at, pen.now):
        sign_ups.answer(pen.conn, one, found[0].id, said)
    return Message(words.say("events.noted"), _ways(words))


def _asked(one: SignUp, ended: datetime, now: datetime) -> bool:
    """Only who was to come is asked, and only afterwards."""
    return one.state is State.GOING and now >= ended


def _mine(pen: Pen, visit: Visit) -> list[Message]:
    words, said = _words(visit), []
    for one in sign_ups.live(sign_ups.of_person(pen.conn, visit.person.id)):
        found = events.of_date(pen.conn, one.date_id)
        if found is None or found[1].span.ends_at < pen.now:
            continue
        of = happening(*found, pen.mind.zone, pen.mind.public_url, pen.now)
        text = words.say(
            f"events.mine_{one.state.value}",
            title=of.label,
            when=cards.when(of, words),
            people=one.people,
            **({"code": one.code} if one.state is State.GOING else {}),
        )
        take = [Button(words.say("events.take"), str(EventTap(EventAct.TAKE, str(one.id))), Weight.MAIN)]
        buttons = (*(take if one.state is State.OFFERED else ()), leaving_button(words, one))
        said.append(Message(text, buttons))
    if not said:
        return [Message(words.say("events.none_mine"), (way(words, "events"), *_ways(words)))]
    last = said[-1]
    return [*said[-4:-1], Message(last.text, (*last.buttons, *_ways(words)))]
