"""The desk where cases are worked: claim, reply, note, release, close; only the holder speaks to the resident."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.acts import (
    LONGEST,
    Act,
    Deed,
    Done,
    Manner,
    Refused,
    Step,
    held,
    line_of,
    not_mine,
    once,
    press_of,
    settled,
    unasked,
    unfit,
    whom,
)
from bot.bell import Bell
from bot.delivery import Postman
from bot.filing import links_of
from bot.gathered import OWN
from bot.going_on import go_on
from bot.jotting import jotting
from bot.menu_wish import menus_of
from bot.mind import Mind
from bot.pausing import Wait, rest, timed
from bot.purse import COUNTED
from bot.timed import hurry
from dialogs.after import question
from dialogs.saying import Message, Page
from dialogs.tap import Stage
from dialogs.words import Words
from storage import (
    after,
    audit,
    cases,
    clocking,
    line_menus,
    notes,
    outbox,
    quotes,
    read_marks,
    rights,
    sight,
    talk,
)
from storage.audit import Entry, What
from storage.cases import By, CaseHead, Mode, Who
from storage.engine import Store
from storage.people import Contact, Person
from storage.quotes import Answerable
from storage.staff import Member

__all__ = ["LONGEST", "Desk", "Done", "Manner", "Refused"]

_LATER = {Stage.WEEKS: timedelta(days=14), Stage.MONTHS: timedelta(days=91)}  # N08: when people are asked how it went
PLAINLY = Manner()
_MOVES = frozenset({What.CLAIM, What.RELEASE, What.CLOSE, What.REOPEN})  # after these a person may see another menu
# Whoever does one of these has no second thoughts about what they sent in the case before it.
_GOES_ON = _MOVES | {What.REPLY, What.WAIT, What.GIVE, What.APPOINT, What.SPLIT}


class Desk:
    """Every method is one transaction; a key that was used before makes the call a repetition without effect."""

    gather = timedelta(0)  # how long words that must be pushed wait for more, to leave as one push

    def __init__(
        self, store: Store, mind: Mind, bell: Bell, clock: Callable[[], datetime], postman: Postman | None = None
    ) -> None:
        self._store = store
        self.mind = mind
        self._bell = bell
        self._clock = clock
        self._postman = postman

    async def claim(self, case_id: int, staff: Member, key: str = "") -> Done | Refused:
        """Take a case that nobody holds. The resident is told who answers now."""
        return await self.do(case_id, staff, What.CLAIM, once(self._claim, "claim", key))

    async def release(self, case_id: int, staff: Member, key: str = "") -> Done | Refused:
        """Give the person back to the bot, which goes on where it was."""
        return await self.do(case_id, staff, What.RELEASE, once(self._release, "release", key))

    async def close(self, case_id: int, staff: Member, key: str = "") -> Done | Refused:
        """End the case."""
        return await self.do(case_id, staff, What.CLOSE, once(self.ending, "close", key))

    async def reopen(self, case_id: int, staff: Member, key: str = "") -> Done | Refused:
        """Take a closed case up again, as its holder; the resident is told that it goes on.

        A person has one open case: while another of theirs is open, that one is gone on with, and both name each other.
        """
        return await self.do(case_id, staff, What.REOPEN, once(self._reopen, "reopen", key))

    async def reply(self, case_id: int, staff: Member, text: str, key: str, manner: Manner = PLAINLY) -> Done | Refused:
        """Write to the resident, as the holder, perhaps in answer to one particular message of theirs."""

        return await self.do(case_id, staff, What.REPLY, self.replying(text, key, manner))

    def replying(self, text: str, key: str, manner: Manner = PLAINLY) -> Step:
        """The step by which a holder writes to the resident."""
        return lambda act: self._reply(act, text, key, manner)

    async def note(self, case_id: int, staff: Member, text: str, key: str) -> Done | Refused:
        """Write for colleagues only: a table that nothing which sends ever reads."""
        return await self.do(case_id, staff, What.NOTE, jotting(text, key))

    async def call(self, case_id: int, staff: Member, kind: notes.Kind, text: str, key: str) -> Done | Refused:
        """Write down what was said by telephone or at the counter: for colleagues only, as a note is."""
        return await self.do(case_id, staff, What.CALL, jotting(text, key, kind))

    async def wait(self, case_id: int, staff: Member, what: Wait, day: date | None = None) -> Done | Refused:
        """Say what the case waits for, as its holder. While it is the person or a day to come, its clocks rest."""
        return await self.do(case_id, staff, What.WAIT, lambda act: rest(act, what, self.mind, day))

    def ask_about(self, conn: Connection, head: CaseHead, stage: Stage, now: datetime) -> bool:
        """The bot asks how it went with a closed case, in the caller's transaction; False for nobody there."""
        act = unasked(conn, self._store.vault, head, now)
        return act is not None and self.announce(act, lambda words: (question(words, stage, head.ref),))

    async def do(self, case_id: int, staff: Member, what: What, step: Step) -> Done | Refused:
        """A deed at a case, in a transaction of its own; it is written into the audit when it is done."""
        now = self._clock()

        def job(conn: Connection) -> Done | Refused:
            if what in _GOES_ON:
                hurry(conn, self._store.vault, self, (case_id, staff.id), now)
            return self.within(conn, case_id, staff, Deed(what, step), now)

        done = await asyncio.wrap_future(self._store.writer.submit(job))
        self.ring()
        return done

    def ring(self) -> None:
        """Tell open pages and the postman that something was written."""
        self._bell.ring()
        if self._postman:
            self._postman.due.set()

    def within(self, conn: Connection, case_id: int, staff: Member, deed: Deed, now: datetime) -> Done | Refused:
        """The same in the caller's transaction, for deeds whose moment the clock decides."""
        head = held(conn, case_id)
        if head is None or head.person_id is None:
            return Refused("gone")
        if not sight.of(conn, staff).sees(head):
            audit.add(conn, self._store.vault, [Entry(staff.id, What.REFUSED, (case_id,))], now)
            return Refused("apart")
        act = Act(conn, self._store.vault, head, head.person_id, staff, now)
        done = deed.step(act)
        if isinstance(done, Done):
            clocking.settle(conn, self.mind.clocks, [case_id], now)
            if deed.what in _MOVES:
                line_menus.want(conn, menus_of(conn, act.vault, act.person_id))
            audit.add(conn, self._store.vault, [Entry(staff.id, deed.what, (case_id,))], now)
        return done

    def _claim(self, act: Act) -> Done | Refused:
        if act.head.holder == act.staff.id:
            return Done()
        if not cases.claim(act.conn, act.head.id, act.staff.id, act.now):
            latest = cases.head_of(act.conn, act.head.id) or act.head
            return Refused("closed") if latest.closed_at else Refused("taken", latest.holder_name or "")
        self.tell(act, "person.joined", name=act.staff.name)
        return Done()

    def _release(self, act: Act) -> Done | Refused:
        if not cases.release(act.conn, act.head.id, act.staff.id, act.now):
            return not_mine(act)
        self.tell(act, "person.left")
        self._go_on(act)
        return Done()

    def ending(self, act: Act) -> Done | Refused:
        """The step by which a case ends."""
        if act.head.holder not in (None, act.staff.id):
            return not_mine(act)
        if not cases.close(act.conn, act.head.id, By(Who.STAFF, act.staff.id), act.now):
            return Refused("closed")
        ended = "person.closed"
        if act.head.holder is None:
            self.tell(act, ended, ref=act.head.ref)
            return Done()
        asked = self.mind.asked
        later = [after.Planned(stage.value, act.now + wait) for stage, wait in _LATER.items() if stage in asked]
        now = [after.Planned(one.value, act.now, asked=True) for one in (Stage.CLOSE, Stage.PUBLIC) if one in asked]
        after.plan(act.conn, act.head.id, act.head.holder, [*now, *later])

        def said(words: Words) -> Sequence[Message]:
            end = Message(words.say(ended, ref=act.head.ref))
            return (end, question(words, Stage.CLOSE, act.head.ref)) if Stage.CLOSE in asked else (end,)

        self.announce(act, said)
        return Done()

    def _reopen(self, act: Act) -> Done | Refused:
        if act.head.holder == act.staff.id:
            return Done()
        by = By(Who.STAFF, act.staff.id)
        if not cases.reopen(act.conn, act.head.id, by, act.now):
            other = cases.of_person_open(act.conn, [act.person_id]).get(act.person_id)
            if other is None or other.id == act.head.id:
                return not_mine(act)
            cases.link(act.conn, act.head, other, by, act.now)
            return Refused("other_open", other.holder_name or "", other.id)
        cases.claim(act.conn, act.head.id, act.staff.id, act.now)
        after.drop(act.conn, act.head.id)
        self.tell(act, "person.reopened", ref=act.head.ref, name=act.staff.name)
        return Done()

    def _reply(self, act: Act, text: str, key: str, manner: Manner) -> Done | Refused:
        press = press_of(act, key, f"reply to {manner.answers}" if manner.answers else "reply", text)
        if before := unfit(text) or settled(act, press):
            return before
        if act.head.holder != act.staff.id:
            return not_mine(act)
        quoted = quotes.answerable(act.conn, act.vault, act.head.id, manner.answers) if manner.answers else None
        if manner.answers and (quoted is None or quoted.withdrawn):
            return Refused("withdrawn")
        if not press.first(act.conn, act.vault, act.now):
            return Refused("other_words")
        self._say(replace(act, answers=manner.answers), Message(text.strip(), sender=act.staff.name), quoted)
        read_marks.read(act.conn, act.person_id, act.now)  # whoever answers has read
        if manner.beside:
            manner.beside(act.conn)
        timed(act, self.mind.calendar)
        return Done()

    def tell(self, act: Act, key: str, **values: str | int) -> None:
        """The bot announces a change of who speaks."""
        self.announce(act, lambda words: (Message(words.say(key, **values)),))

    def announce(self, act: Act, made: Callable[[Words], Sequence[Message]]) -> bool:
        """The bot speaks about a case; False when there is no way to the person."""
        person, contact = whom(act)
        if contact is None:
            return False
        self._send(act, person, contact, made(self.mind.house.library[person.language]), talk.Author.BOT)
        return True

    def _say(self, act: Act, message: Message, quoted: Answerable | None) -> None:
        """A coordinator's words. In private mode a chat only learns that there are some; they are read on our page."""
        person, contact = whom(act)
        if contact is None:
            return
        if quoted and quoted.contact_id == contact.id:  # what was said elsewhere cannot be quoted here
            message = replace(message, quote=quoted.handle or None)
        if act.head.mode is Mode.OPEN or contact.channel in OWN:
            self._send(act, person, contact, (message,), talk.Author.STAFF)
            return
        words = self.mind.house.library[person.language]
        notice = Message(words.say("person.word"), page=Page(words.say("private.talk"), "talk"), sender=message.sender)
        number = self._queue(act, person, contact, (notice,))
        talk.write(act.conn, act.vault, [line_of(act, (person, contact), message, talk.Author.STAFF, number)])

    def _go_on(self, act: Act) -> None:
        person, contact = whom(act)
        if contact is not None:
            messages = go_on(act, self.mind, person, contact)
            self._send(act, person, contact, messages, talk.Author.BOT)

    def _send(
        self, act: Act, person: Person, contact: Contact, messages: Sequence[Message], author: talk.Author
    ) -> None:
        number = None
        if contact.channel in OWN:
            messages = links_of(act.conn, (person.id, contact.id), messages, self.mind.public_url, act.now)
        else:
            number = self._queue(act, person, contact, messages)
        lines = [line_of(act, (person, contact), message, author, number) for message in messages]
        talk.write(act.conn, act.vault, lines)

    def _queue(self, act: Act, person: Person, contact: Contact, messages: Sequence[Message]) -> int:
        linked = links_of(act.conn, (person.id, contact.id), messages, self.mind.public_url, act.now)
        token, until = rights.take(act.conn, act.vault, contact.id, act.now) or ("", None)
        out = outbox.Outgoing(
            person_id=person.id,
            contact_id=contact.id,
            channel=contact.channel,
            key=person.key,
            messages=[message.to_json() for message in linked],
            reply_token=token,
            reply_until=until,
            lane=outbox.URGENT if act.urgent else outbox.REMINDER if act.reminds else outbox.TALK,
            case_id=act.head.id,
            not_before=None if token or contact.channel != COUNTED else act.now + self.gather,
        )
        return outbox.put(act.conn, act.vault, [out], act.now)[0]
