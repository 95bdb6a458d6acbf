"""What the dates of events set going: reminders, offers to whoever waits, word of every change to all it concerns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.billboard import happening
from bot.keeping_on import keep_on
from bot.mind import Mind
from bot.notices import Made, Pen, To, awake, tell
from bot.reminding import Teller
from dialogs import events as cards
from dialogs.asking import way
from dialogs.dates import say_moment
from dialogs.happening import Happening
from dialogs.saying import Button, Link, Message, Weight
from dialogs.tap import EventAct, EventTap
from dialogs.words import Words
from knowledge import offsets
from knowledge.offsets import Offset, by_day
from storage import events, receivers, reminders, sign_ups
from storage.engine import Store
from storage.events import DateState, Event, EventDate
from storage.events import State as EventState
from storage.reminders import Kind, Reminder, When, Whose
from storage.sign_ups import SignUp, State

EVERY_S = 30.0
AFTERWARDS = Offset(days=1, hour=10)  # thanks, and what it was like
ASKED_UNTIL = timedelta(days=3)
Found = tuple[Event, EventDate]


@dataclass(frozen=True)
class Standing:
    """A sign-up with its date and event."""

    found: Found
    one: SignUp

    def of(self, pen: Pen) -> Happening:
        """The date as talks know it."""
        return happening(*self.found, pen.mind.zone, pen.mind.public_url, pen.now)

    def say(self, words: Words, pen: Pen, key: str, **more: str | int) -> str:
        """A phrase with title and time."""
        of = self.of(pen)
        return words.say(f"events.{key}", title=of.label, when=cards.when(of, words), **more)

    def saying(self, pen: Pen, key: str, **more: str | int) -> Made:
        """The same as words for whoever carries them, with a way to a person."""
        return lambda words: [Message(self.say(words, pen, key, **more), (way(words, "person"),))]

    def offering(self, pen: Pen) -> Made:
        """`offer` for whoever carries it."""
        return lambda words: [self.offer(words, pen)]

    def offer(self, words: Words, pen: Pen) -> Message:
        """A place is kept for them until a moment."""
        until = pen.mind.local(self.one.offered_until or pen.now)
        text = self.say(words, pen, "offer", people=self.one.people, until=say_moment(until, words))
        tap = EventTap(EventAct.TAKE, str(self.one.id))
        no = Button(words.say("events.pass"), str(EventTap(EventAct.PASS, str(self.one.id))), Weight.OPTION)
        return Message(text, (Button(words.say("events.take"), str(tap), Weight.MAIN), no, way(words, "person")))

    def reminder(self, words: Words, pen: Pen) -> Message:
        """It is soon."""
        text = self.say(words, pen, "remind", people=self.one.people, code=self.one.code)
        ticket = Link(words.say("events.ticket"), f"{pen.mind.public_url}/events/t/{self.one.code}")
        maps = cards.links(self.of(pen), words)[1:]
        return Message(text, (leaving_button(words, self.one), way(words, "person")), links=(ticket, *maps))

    def thanks(self, words: Words, _pen: Pen) -> Message:
        """It is over; one tap says what it was like."""
        taps = [
            Button(words.say(f"events.rate_{said}"), str(EventTap(EventAct.RATE, str(self.one.id), said)))
            for said in "ypn"
        ]
        return Message(words.say("events.thanks", title=self.found[0].content.title), tuple(taps))


def leaving_button(words: Words, one: SignUp) -> Button:
    """They will not come."""
    return Button(words.say("events.leave"), str(EventTap(EventAct.LEAVE, str(one.id))), Weight.OPTION)


def remind(pen: Pen, found: Found, one: SignUp) -> None:
    """Plan, or move, what this person will hear about this date."""
    of, date = found
    start = pen.mind.local(date.span.starts_at)
    planned = {text: offset for text in of.content.offsets if (offset := offsets.read(text))}
    moments = {text: When(offset.due(start), date.span.starts_at) for text, offset in planned.items()}
    reminders.plan(pen.conn, Whose(Kind.EVENT, date.id, one.person_id, one.contact_id), moments, pen.now)
    due = AFTERWARDS.due(pen.mind.local(date.span.ends_at))
    after = {str(AFTERWARDS): When(due, due + ASKED_UNTIL)}
    reminders.plan(pen.conn, Whose(Kind.THANKS, date.id, one.person_id, one.contact_id), after, pen.now)


def free_place(pen: Pen, found: Found) -> None:
    """Keep free places for those who wait, and tell them by day; the hours count from when they are told."""
    of, date = found
    start = pen.mind.local(date.span.starts_at)
    if date.state is not DateState.ON or start <= pen.now:
        return

    def until(person_id: int) -> datetime | None:
        told, quiet = awake(pen, person_id), receivers.quiet(pen.conn, person_id)
        ends = min(by_day(told + timedelta(hours=of.content.offer_hours), quiet), start)
        return ends if ends > told else None

    for one in sign_ups.offer(pen.conn, date.id, until):
        to = To(one.person_id, one.contact_id)
        tell(pen, to, Standing(found, one).offering(pen), not_before=awake(pen, one.person_id))


def changed(pen: Pen, before: Event, after: Event) -> int:
    """Tell exactly those who signed up for a date that moved, changed its place or is off; how many were told.

    Of a date that was off and takes place again, those hear who were told that it was off, and nobody else.
    """
    old = {one.id: one for one in before.dates}
    told = 0
    for date in after.dates:
        was = old.get(date.id)
        if was is None or date.span.ends_at < pen.now:
            continue
        off = date.state is DateState.OFF or after.state is EventState.CANCELLED
        if was.state is DateState.OFF or before.state is EventState.CANCELLED:
            told += 0 if off else _tell_again(pen, (after, date))
            continue
        place = before.content.place != after.content.place
        if not off:
            _replan(pen, (after, date))
        if off or place or was.span != date.span:
            told += _tell_all(pen, (after, date), "cancelled" if off else "changed")
        if not off:
            free_place(pen, (after, date))
    return told


def _tell_again(pen: Pen, found: Found) -> int:
    """It takes place after all: each hears it once, and signs up anew if they can still come."""
    date = found[1]
    were_told = [one for one in sign_ups.of_date(pen.conn, date.id) if one.state is State.OFF]
    for one in were_told:
        standing = Standing(found, one)

        def made(words: Words, standing: Standing = standing) -> list[Message]:
            join = Button(words.say("events.join"), str(EventTap(EventAct.JOIN, str(date.id))), Weight.MAIN)
            return [Message(standing.say(words, pen, "restored"), (join, way(words, "person")))]

        tell(pen, To(one.person_id, one.contact_id), made)
        sign_ups.leave(pen.conn, one, State.LEFT)
    return len(were_told)


def _replan(pen: Pen, found: Found) -> None:
    for one in sign_ups.of_date(pen.conn, found[1].id):
        if one.state is State.GOING:
            remind(pen, found, one)


def _tell_all(pen: Pen, found: Found, key: str) -> int:
    of, date = found
    standing = sign_ups.live(sign_ups.of_date(pen.conn, date.id))
    for one in standing:
        more = {"place": of.content.place or "-"} if key == "changed" else {}
        tell(pen, To(one.person_id, one.contact_id), Standing(found, one).saying(pen, key, **more))
        if key == "cancelled":
            sign_ups.leave(pen.conn, one, State.OFF)
    if key == "cancelled":
        for kind in Kind:
            reminders.cancel(pen.conn, kind, date.id)
    return len(standing)


def _standing(pen: Pen, one: Reminder) -> Standing | None:
    found = events.of_date(pen.conn, one.whose.item)
    mine = sign_ups.mine(pen.conn, one.whose.item, one.whose.person_id)
    if found is None or mine is None or mine.state is not State.GOING or found[1].state is DateState.OFF:
        return None
    return Standing(found, mine)


def _soon(pen: Pen, one: Reminder) -> Made | None:
    standing = _standing(pen, one)
    return None if standing is None else lambda words: [standing.reminder(words, pen)]


def _after(pen: Pen, one: Reminder) -> Made | None:
    """Thanks go to whoever came; where nobody stood at the door, to all who were to come."""
    standing = _standing(pen, one)
    if standing is None:
        return None
    counted = any(other.arrived_at for other in sign_ups.of_date(pen.conn, one.whose.item))
    if counted and standing.one.arrived_at is None:
        return None
    return lambda words: [standing.thanks(words, pen)]


TELLERS: Mapping[Kind, Teller] = {Kind.EVENT: _soon, Kind.THANKS: _after}


class WaitingLists:
    """Runs beside the other chores: an offer that nobody took goes to the next in line."""

    def __init__(self, store: Store, mind: Mind, clock: Callable[[], datetime]) -> None:
        self._store, self._mind, self._clock = store, mind, clock

    async def run(self) -> None:
        """Look twice a minute, for ever."""
        await keep_on(self.look, EVERY_S, "waiting lists wait for the database", "an offer could not be moved on")

    async def look(self) -> int:
        """Move on what lapsed, and offer what is free; how many offers lapsed."""
        now = self._clock()
        over, free = await asyncio.to_thread(
            self._store.read, lambda conn: (sign_ups.lapsed(conn, now), sign_ups.movable(conn, now))
        )
        if not over and not free:
            return 0
        return await asyncio.wrap_future(self._store.writer.submit(lambda conn: self._move_on(conn, over, free, now)))

    def _move_on(self, conn: Connection, over: Sequence[SignUp], free: Sequence[int], now: datetime) -> int:
        pen, moved = Pen(conn, self._store.vault, self._mind, now), 0
        for one in over:
            found = events.of_date(conn, one.date_id)
            if found is None or not sign_ups.leave(conn, one, State.LAPSED):
                continue
            moved += 1
            made = Standing(found, one).saying(pen, "lapsed")
            tell(pen, To(one.person_id, one.contact_id), made, not_before=awake(pen, one.person_id))
            free_place(pen, found)
        for date_id in free:
            if found := events.of_date(conn, date_id):
                free_place(pen, found)
        return moved
