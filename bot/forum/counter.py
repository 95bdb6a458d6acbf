"""The counter of the coordinators' group: what is pressed or written there goes to the same desk as the console's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar, assert_never

from sqlalchemy import Connection

from bot.bell import Bell
from bot.channels.telegram_group import Coded, Deed, Left, Noticed, Pressed, Wrote
from bot.forum.words import word
from bot.handover import Desk, Done, Manner, Refused
from storage import audit, cases, linking, people, quotes, staff_words, standings, topics, ways
from storage.audit import Entry, What
from storage.casefile import CaseHead, Mode
from storage.engine import Store
from storage.may import Deed as Right
from storage.may import Reach, may
from storage.staff import Member
from storage.staff_words import Said

T = TypeVar("T")
_BUTTON = re.compile(r"case:(claim|release|close|reopen):([0-9]{1,18})")
_NOTE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]*[/／][\u200b-\u200f\u2060\ufeff]*[/／]")
# What was wanted is so already: a second touch, or a colleague was quicker.
_WHY: Mapping[tuple[str, str], str] = {
    ("release", "not_holder"): "not_yours",
    ("close", "not_holder"): "not_yours",
    ("reopen", "not_holder"): "not_yours",
}


@dataclass(frozen=True)
class Place:
    """Where somebody wrote: the case of the topic, and who they are to us."""

    head: CaseHead
    member: Member | None


class Counter:
    """Each deed is durable, or done, when `heard` returns; it may be brought again and still happens once."""

    def __init__(self, store: Store, desk: Desk, bell: Bell, clock: Callable[[], datetime], chat: int) -> None:
        self._store, self._desk, self._bell, self._clock, self._chat = store, desk, bell, clock, chat

    async def heard(self, deed: Deed) -> bool:
        """Do what somebody did; False for what is not the coordinators' at all, such as words in a residents' group.

        Raises StorageDown: then nothing may be acknowledged.
        """
        ours = deed.chat in await self._read(lambda conn: topics.chats(conn, self._chat))
        if not ours and not isinstance(deed, Coded):
            return False
        match deed:
            case Coded():
                if ours or deed.private:
                    await self._link(deed)
            case Pressed():
                await self._press(deed)
            case Wrote():
                if deed.thread is not None:
                    await self._wrote(deed, deed.thread)
            case Left():
                await self._write(lambda conn: topics.moved(conn, deed.chat, deed.to))
            case Noticed():
                pass
            case _:
                assert_never(deed)
        self._bell.ring()
        return True

    async def _link(self, deed: Coded) -> None:
        now, vault = self._clock(), self._store.vault

        def job(conn: Connection) -> None:
            fresh = linking.use_code(conn, vault, deed.code, deed.user, now)
            member = fresh or linking.member_of(conn, vault, deed.user)  # a code that is brought twice is used already
            if fresh is not None and member is not None:
                audit.add(conn, vault, [Entry(member.id, What.JOINED)], now)
                standings.announce(conn, member.id, now)
                if deed.private:
                    pair = ("telegram", str(deed.chat))
                    ways.keep(conn, people.contacts_for(conn, vault, [pair], now)[pair], member, now)
            told = word("told.linked", name=member.name) if member else word("told.wrong_code")
            staff_words.put(conn, Said(deed.chat, told), now)

        await self._write(job)

    async def _press(self, deed: Pressed) -> None:
        member = await self._read(lambda conn: linking.member_of(conn, self._store.vault, deed.user))
        button = _BUTTON.fullmatch(deed.data)
        if member is None or may(member.role, Right.WORK) is Reach.NONE:
            return await self._toast(deed, word("told.stranger" if member is None else "told.reader"), loud=True)
        if button is None:
            return await self._toast(deed, word("told.old"), loud=True)
        what, case_id, key = button[1], int(button[2]), f"telegram:{deed.event_id}"
        doing = {"claim": self._desk.claim, "release": self._desk.release}
        doing |= {"close": self._desk.close, "reopen": self._desk.reopen}
        done = await doing[what](case_id, member, key)
        if isinstance(done, Done):
            return await self._toast(deed, word("done." + what))
        return await self._toast(deed, _why(done, what), loud=True)

    async def _wrote(self, deed: Wrote, thread: int) -> None:
        place = await self._read(lambda conn: self._place(conn, deed.user, thread))
        if place is None:
            return
        if place.member is None:
            await self._explain(deed, place.head.id)
        elif (wrong := _unfit(deed, place)) is not None:
            await self._tell(deed, wrong)
        else:
            await self._pass_on(deed, place.head.id, place.member)

    def _place(self, conn: Connection, user: str, thread: int) -> Place | None:
        shown = topics.of_thread(conn, thread)
        head = None if shown is None else cases.head_of(conn, shown.case_id)
        if head is not None and standings.apart_in_group(conn, head):  # whatever is written here, they read it too
            head = replace(head, mode=Mode.PRIVATE)
        return None if head is None else Place(head, linking.member_of(conn, self._store.vault, user))

    async def _pass_on(self, deed: Wrote, case_id: int, member: Member) -> None:
        """Notes first: when the words for the resident are refused, the notes are kept all the same."""
        note, reply = parted(deed.text or "")
        key = f"telegram:{deed.event_id}"
        if note:
            kept = await self._desk.note(case_id, member, note, key + ":note")
            if isinstance(kept, Refused):
                await self._tell(deed, _why(kept, "note"))
        if reply or not note:
            own, answers = deed.message, await self._read(lambda conn: _answered(conn, case_id, deed))
            manner = Manner(answers, lambda conn: topics.add_own(conn, case_id, own, member.id))
            done = await self._desk.reply(case_id, member, reply, key, manner)
            if isinstance(done, Refused):
                await self._tell(deed, _why(done, "reply"))

    async def _explain(self, deed: Wrote, case_id: int) -> None:
        """A stranger is told once in a while, not under each of their lines."""
        now = self._clock()

        def job(conn: Connection) -> None:
            if not linking.explained(conn, self._store.vault, deed.user, case_id, now):
                staff_words.put(conn, Said(deed.chat, word("told.stranger_wrote"), deed.thread, deed.message), now)

        await self._write(job)

    async def _tell(self, deed: Wrote, text: str) -> None:
        now, said = self._clock(), Said(deed.chat, text, deed.thread, deed.message)
        await self._write(lambda conn: staff_words.put(conn, said, now))

    async def _toast(self, deed: Pressed, text: str, *, loud: bool = False) -> None:
        now, said = self._clock(), Said(deed.chat, text, tap=deed.tap, loud=loud)
        await self._write(lambda conn: staff_words.put(conn, said, now))

    async def _read(self, look: Callable[[Connection], T]) -> T:
        return await asyncio.to_thread(self._store.read, look)

    async def _write(self, job: Callable[[Connection], T]) -> T:
        return await asyncio.wrap_future(self._store.writer.submit(job))


def parted(text: str) -> tuple[str, str]:
    """(inner note, words for the resident). A text that begins with `//` is a note to its end: whoever goes on in the
    next line means no resident. Further down, each line with `//` is a note of its own.
    """
    lines = text.splitlines()
    first = next((line for line in lines if line.strip()), "")
    notes = [line for line in lines if _NOTE.match(line)] if not _NOTE.match(first) else lines
    reply = [] if notes is lines else [line for line in lines if not _NOTE.match(line)]
    return "\n".join(_NOTE.sub("", line, count=1).strip() for line in notes).strip(), "\n".join(reply).strip()


def _answered(conn: Connection, case_id: int, deed: Wrote) -> int | None:
    """The resident's line that stands in the message which was answered, when there is exactly one."""
    posts = topics.posts(conn, case_id) if deed.answers else []
    lines = {
        line for post in posts if post.message_id == deed.answers and post.mark is not None for line, _ in post.pieces
    }
    theirs = quotes.of_person(conn, case_id, sorted(lines))
    return theirs[0] if len(theirs) == 1 else None


def _unfit(deed: Wrote, place: Place) -> str | None:
    """Why nothing of it can be passed on, whoever holds the case."""
    reader = place.member is not None and may(place.member.role, Right.NOTE) is Reach.NONE
    # A command for some bot, or one mistyped: no resident could make anything of it.
    command = deed.text is not None and deed.text.startswith("/") and not _NOTE.match(deed.text)
    wrong = (
        (reader, "reader"),
        (deed.edited, "edited"),
        (place.head.person_id is None, "gone"),
        (place.head.mode is Mode.PRIVATE, "private"),
        (deed.text is None, "things"),
        (command, "command"),
    )
    return next((word("told." + why) for so, why in wrong if so), None)


def _why(refused: Refused, what: str) -> str:
    key = _WHY.get((what, refused.why), refused.why)
    if not refused.by:
        key = {"not_holder": "nobody", "not_yours": "not_anyones"}.get(key, key)
    return word("told." + key, name=refused.by)
