"""The clerk of the coordinators' group: follows what changes and brings each topic up to date, at Telegram's pace."""

from __future__ import annotations

import asyncio
import itertools
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from typing import Protocol, TypeVar, runtime_checkable

import structlog
from sqlalchemy import Connection

from bot.bell import Bell
from bot.channels.forum_calls import Call, Fate, Lost, Moved, Never, NoTopic, Say, Toast, Wait, Went
from bot.channels.telegram_draw import Part
from bot.forum import plan
from bot.forum.draw import Style, step
from bot.forum.plan import Kind, Step
from bot.forum.truth import Truth, read
from storage import feed, staff_words, topics
from storage.engine import Store
from storage.staff_words import Waiting
from storage.topics import MINUTE, Forum, LostLease, Shown
from storage.writer import StorageDown

log = structlog.get_logger()
T = TypeVar("T")
Found = tuple[Shown, Truth | None, Step | None]
A_MINUTE, PLENTY = 20, 15  # calls in any minute (Bot FAQ: 20 to a group); up to how many there is room for trifles
LOOK_S = 1.0


@runtime_checkable
class Group(Protocol):
    """A channel that can speak to a forum group."""

    async def forum(self, chat: int, call: Call) -> Fate:
        """Do something there. Never raises for what the network or the platform did."""
        ...


class Clerk:
    """One at a time, however many processes: a lease keeps them apart, and what is begun is written down before."""

    def __init__(self, store: Store, group: Group, chat: int, style: Style, clock: Callable[[], datetime]) -> None:
        self._store, self._group, self._chat, self._style, self._clock = store, group, chat, style, clock
        self._owner = uuid.uuid4().hex
        self._all = True
        self._turn = itertools.count()
        self._line: dict[int, int] = {}  # topics in the order of their turn: whoever had theirs goes to the end

    async def rescue(self) -> None:
        """On SQLite no other process can be alive: what a dead one held is free at once."""
        if self._store.dialect == "sqlite":
            await self._write(topics.free)

    async def run(self, bell: Bell) -> None:
        """Follow for ever; look again every second, at once when something was done here."""
        while True:
            ring = asyncio.ensure_future(bell.wait(LOOK_S))
            try:
                worked = await self.round()
            except (StorageDown, LostLease) as away:
                worked = False
                log.warning("the coordinators' group waits", why=type(away).__name__)
            except Exception as broken:  # noqa: BLE001 - a clerk who dies of one case would show none any more
                worked = False
                log.error("the coordinators' group could not be told", why=type(broken).__name__)
            if worked:
                ring.cancel()
            else:
                await ring

    async def round(self) -> bool:
        """One look at what changed, and what can be done about it now; whether anything was."""
        if not self._all and not await asyncio.to_thread(self._store.read, self._anything):
            return False
        forum = await self._write(self._follow)
        if forum is None:
            return False
        self._all = False
        said = await self._say(forum)
        forum = await asyncio.to_thread(self._store.read, topics.look) or forum
        done = 0
        for shown, truth, doing in self._in_turn(await asyncio.to_thread(self._store.read, self._plan)):
            if doing is None or truth is None:
                self._line.pop(shown.case_id, None)
                await self._settle(shown, truth)
            elif self._room(forum, trifle=plan.RANK[doing.kind] >= plan.PATIENT):
                self._line[shown.case_id] = next(self._turn)
                forum = await self._do(forum, shown, truth, doing)
                done += 1
        return bool(said or done)

    def _anything(self, conn: Connection) -> bool:
        forum, now = topics.look(conn), self._clock()
        if forum is None or staff_words.waiting(conn):
            return True
        if forum.rest_until is not None and forum.rest_until > now:
            return False
        return feed.newest(conn) > forum.cursor or bool(topics.due(conn, now, 1))

    def _follow(self, conn: Connection) -> Forum | None:
        now = self._clock()
        forum = topics.take(conn, self._chat, self._owner, now)
        if forum is not None:
            for left in topics.unfinished(conn):  # by a process that died, or could not write any more
                topics.save(conn, plan.lost(left, left.doing or "", now))
            topics.follow(conn, self._owner, forum.cursor, everything=self._all)
        return forum

    def _in_turn(self, found: list[Found]) -> list[Found]:
        """What must vanish, then who is in danger, then who waits longest for their turn; trifles at the end."""
        for shown, _, _ in found:
            self._line.setdefault(shown.case_id, next(self._turn))
        return sorted(found, key=lambda one: (*_weight(one), self._line[one[0].case_id]))

    def _plan(self, conn: Connection) -> list[Found]:
        now, found = self._clock(), list[Found]()
        for shown in topics.due(conn, now):
            truth = read(conn, self._store.vault, shown)
            doing = None if truth is None else plan.next_step(truth, shown, self._style, self._mark, now)
            if doing and doing.kind in {Kind.OPEN, Kind.CARD} and shown.look_at and shown.look_at > now:
                continue
            found.append((shown, truth, doing))
        return found

    def _mark(self, text: str) -> bytes:
        return self._store.vault.mark(self._store.vault.house, "topic.mark", text)

    def _room(self, forum: Forum, *, trifle: bool = False) -> bool:
        now = self._clock()
        if forum.rest_until is not None and forum.rest_until > now:
            return False
        return len(_lately(forum, now)) < (PLENTY if trifle else A_MINUTE)

    async def _settle(self, shown: Shown, truth: Truth | None) -> None:
        """The topic shows what is true; it is looked at again when the next step of waiting is reached."""
        now = self._clock()
        later = None if truth is None or shown.thread is None else step(truth.head, now)[1]
        await self._write(lambda conn: topics.save(conn, replace(shown, reached=shown.wanted, look_at=later)))

    async def _do(self, forum: Forum, shown: Shown, truth: Truth, doing: Step) -> Forum:
        now = self._clock()
        forum = replace(forum, sent=(*_lately(forum, now), now.timestamp()))
        begun = replace(shown, doing=doing.doing, look_at=None)
        await self._write(lambda conn: topics.begin(conn, self._owner, begun, forum.sent, now))
        fate = await self._group.forum(forum.chat, doing.call)
        ended = self._clock()
        if isinstance(fate, Wait):
            forum = replace(forum, rest_until=ended + timedelta(seconds=fate.seconds))
        if not isinstance(fate, Went):
            log.warning("the coordinators' group", kind=doing.kind.value, why=_why(fate))
        await self._write(
            lambda conn: self._ended(conn, forum, plan.after(begun, doing, fate, truth, ended), (doing, fate))
        )
        return forum

    def _ended(self, conn: Connection, forum: Forum, shown: Shown, what: tuple[Step, Fate]) -> None:
        doing, fate = what
        topics.counted(conn, self._owner, forum.sent, self._clock())
        if forum.rest_until is not None:
            topics.rest(conn, self._owner, forum.rest_until)
        if isinstance(fate, Moved):
            topics.moved(conn, forum.chat, fate.to)
        if isinstance(fate, NoTopic) or (doing.kind is Kind.DELETE and isinstance(fate, Went)):
            topics.drop_posts(conn, shown.case_id)
        if doing.post is not None and not isinstance(fate, Wait | Moved | Lost):
            topics.remark(conn, doing.post.id, doing.mark)
        if doing.kind is Kind.WORDS and isinstance(fate, Went) and fate.number:
            pieces = [(piece.line, piece.part) for piece in doing.taken]
            topics.add_post(conn, shown.case_id, fate.number, pieces, doing.mark)
        topics.save(conn, shown)

    async def _say(self, forum: Forum) -> int:
        """Answers to coordinators: those over a button at once, those in the group within its pace."""
        done = 0
        for one in await asyncio.to_thread(self._store.read, staff_words.waiting):
            if one.said.tap is None and one.said.chat < 0 and not self._room(forum):
                continue
            forum = await self._say_one(forum, one)
            done += 1
        return done

    async def _say_one(self, forum: Forum, one: Waiting) -> Forum:
        now = self._clock()
        if one.sending or (one.said.tap and now - one.created_at > staff_words.TAPS_LIVE):
            await self._write(lambda conn: staff_words.done(conn, one.id))
            return forum
        if one.said.tap is None and one.said.chat < 0:
            forum = replace(forum, sent=(*_lately(forum, now), now.timestamp()))
        await self._write(lambda conn: self._begin_word(conn, forum, one))
        fate = await self._group.forum(one.said.chat, _words(one))
        if isinstance(fate, Wait) and one.said.tap is None:
            forum = replace(forum, rest_until=self._clock() + timedelta(seconds=fate.seconds))
            await self._write(lambda conn: staff_words.back(conn, one.id))
        else:
            await self._write(lambda conn: staff_words.done(conn, one.id))
        return forum

    def _begin_word(self, conn: Connection, forum: Forum, one: Waiting) -> None:
        topics.counted(conn, self._owner, forum.sent, self._clock())
        staff_words.sending(conn, one.id)

    async def _write(self, job: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._store.writer.submit(job))


def _words(one: Waiting) -> Call:
    if one.said.tap is not None:
        return Toast(one.said.tap, one.said.text, loud=one.said.loud)
    return Say(Part(escape(one.said.text, quote=False), one.said.text), one.said.thread, one.said.answers)


def _lately(forum: Forum, now: datetime) -> tuple[float, ...]:
    start = (now - MINUTE).timestamp()
    return tuple(one for one in forum.sent if one > start)


def _weight(found: Found) -> tuple[int, int]:
    _, truth, doing = found
    calm = 1 if truth is None or truth.head.why != "urgent" else 0
    if doing is None or doing.kind is Kind.DELETE:
        return 0, 0
    return 2 if plan.RANK[doing.kind] >= plan.PATIENT else 1, calm


def _why(fate: Fate) -> str:
    return fate.why if isinstance(fate, Wait | Never) else type(fate).__name__
