"""One case: who it is with, what was said, what the form told, what colleagues noted, and what happened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import anyio.to_thread
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bot.covering import Away, Proposed, away, proposed
from bot.passing import takers
from bot.told import TELLING, answered, in_japanese
from bot.web.badge import room_of
from bot.web.console.besides import Noted, Piece, Waiting, noted, pieces, waiting, with_calls
from bot.web.console.bubbles import Bubble, Quoted, in_short
from bot.web.console.due import Due, Scene, due, moment
from bot.web.console.earlier import unwritten
from bot.web.console.gist import Gist, gist
from bot.web.console.moments import Choice, days, departures, hours, quiet
from bot.web.console.number import line_of, number
from bot.web.console.outcomes import said_of
from bot.web.console.pushes import cost
from bot.web.console.queue import Folder, Queue, look
from bot.web.console.rows import heat, title, urgency
from bot.web.console.shown import write
from bot.web.console.standing import Ties, ties
from bot.web.console.together import together
from bot.web.console.words import known, word
from bot.web.console.work import Page as On
from bot.web.console.work import Work, work
from bot.web.drawing import draw
from bot.web.room import Room
from storage import canned, cases, holds, news, read_marks, sight, tags, worklist
from storage.canned import Canned
from storage.cases import CaseHead, Event
from storage.holds import Hold
from storage.staff import Member
from storage.tags import Tag
from storage.writer import StorageDown

DONE = frozenset({
    "claim", "release", "close", "reopen", "reply", "note", "wait", "linked", "pass", "calls", "later", "merge",
    "unmerge", "relate", "unrelate", "split", "share", "unshare", "appoint", "unappoint", "sending", "closing",
    "going_on", "held", "unheld", "cover", "tags", "sort",
})  # fmt: skip


@dataclass(frozen=True)
class Step:
    """One line of what happened; `case_id` and `ref` name another case where the line is about one."""

    at: datetime
    name: str
    what: str
    case_id: int | None = None
    ref: str = ""


@dataclass(frozen=True)
class Sheet:
    """A case in words. `held` is "nobody", "me", "other" or "closed"; `seen` the last line somebody else wrote.

    `cost` is what a reply would cost now, in words; `joined` are the other channels of the person; `unread`: LINE could
    still show them that they were read.
    """

    head: CaseHead
    title: str
    urgency: str
    heat: str
    state: str
    held: str
    channel: str
    joined: list[str]
    language: str
    gone: bool
    gist: Gist | None
    talk: list[Bubble]
    answers: list[tuple[str, str]]
    notes: list[Noted]
    timed: list[Waiting]
    ready: list[Canned]
    proposed: list[Proposed]
    away: Away | None
    colleagues: list[Member]
    history: list[Step]
    seen: int
    cost: str
    unread: bool
    due: Due | None
    told: str
    hold: Hold | None
    tags: list[Tag]


@dataclass(frozen=True)
class Attempt:
    """What was tried and could not be done: shown again with its words, so that nothing typed is lost.

    `answers` is the line that the reply was meant for, 0 for none; `told` says what happened instead of `wrong`; `form`
    are the fields of any other form, with its name as `of`.
    """

    wrong: str = ""
    reply: str = ""
    note: str = ""
    key: str = ""
    answers: int = 0
    call: str = ""
    passing: str = ""
    told: str = ""
    form: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def fresh(cls, reply: str = "", told: str = "") -> Attempt:
        """A page to go on with, under a key that was never used."""
        return cls(reply=reply, told=told, key=str(uuid.uuid4()))


@dataclass(frozen=True)
class Choices:
    """The moments that a page offers: for words to leave. `quiet`: it is late now."""

    leaving: list[Choice]
    days: list[Choice]
    hours: list[Choice]
    quiet: bool


def sheet(conn: Connection, room: Room, case_id: int, member: Member) -> Sheet | None:
    """The case as this member sees it; None when there is none."""
    vault = room.store.vault
    found = cases.get(conn, vault, case_id)
    if found is None:
        return None
    head = found.head
    way = worklist.way_of(conn, head.contact_id)
    scene = Scene(room.clock(), room.house.library["ja"], room.clocks)
    rows = in_japanese(found, room.house)
    whole = together(conn, vault, head, member)
    jotted = whole.notes
    said = with_calls(whole.talk, jotted)
    return Sheet(
        head=head,
        title=title(head, room.house.library["ja"]),
        urgency=urgency(head),
        heat=heat(head),
        state=word("state." + head.state.value),
        held=_held(head, member),
        channel=known("channel", way or "none", "none"),
        joined=[known("channel", one, "none") for one in worklist.beside(conn, head.contact_id)],
        language=known("language", head.language, "ja"),
        gone=head.person_id is None,
        gist=gist(rows, said),
        talk=said,
        answers=answered(rows, room.house.library, TELLING),
        notes=noted(jotted, said),
        timed=waiting(conn, vault, head, scene.now),
        ready=[one for one in canned.everything(conn) if not one.gone],
        proposed=proposed(conn, head, room.mind, scene.now) if _held(head, member) == "nobody" else [],
        away=away(conn, head, member, room.mind, scene.now),
        colleagues=takers(conn, head, member),
        history=_steps(conn, case_id, member),
        seen=worklist.newest_of_others(conn, case_id, member.id),
        cost=cost(conn, head, way, room.settings, scene.now),
        due=due(head, scene),
        told=moment(head.promised_at, scene) if head.promised_at and head.first_reply_at is None else "",
        hold=holds.of_case(conn, vault, case_id),
        tags=tags.of_cases(conn, vault, [case_id]).get(case_id, []),
        unread=head.person_id is not None and read_marks.unread(conn, head.person_id),
    )


def _held(head: CaseHead, member: Member) -> str:
    if head.closed_at is not None:
        return "closed"
    if head.holder is None:
        return "nobody"
    return "me" if head.holder == member.id else "other"


def _steps(conn: Connection, case_id: int, member: Member) -> list[Step]:
    """The history, without other cases that are not there for this member."""
    events = cases.history(conn, case_id)
    seen = sight.of(conn, member).among(conn, {int(one.data["case"]) for one in events if "case" in one.data})
    return [_step(one) for one in events if "case" not in one.data or int(one.data["case"]) in seen]


def _step(event: Event) -> Step:
    what = known("event", event.kind + ("_" + str(event.data["side"]) if "side" in event.data else ""))
    if event.kind == "appointment":
        what = known("appointed", str(event.data.get("what")))
    if event.kind == "state":
        what = known("state", str(event.data.get("to")), "claimed")
    if event.kind == "outcome":
        what = said_of(str(event.data.get("stage")), str(event.data.get("answer")))
    name = event.staff_name or known("who", event.who.value, "system")
    if "case" in event.data:
        return Step(event.at, name, what, int(event.data["case"]), str(event.data["ref"]))
    return Step(event.at, name, what)


async def show(request: Request, member: Member) -> Response:
    """GET /console/cases/{id}."""
    return await page(request, member)


async def page(request: Request, member: Member, attempt: Attempt | None = None, status: int = 200) -> Response:
    """The page of a case, perhaps with what could not be done. Raises 404."""
    room, case_id = room_of(request), number(request)
    folder = Folder.of(request.query_params)

    def read(conn: Connection) -> tuple[Queue, Sheet, Ties, list[Piece], Work] | None:
        found = sheet(conn, room, case_id, member)
        if found is None:
            return None
        queue, tied = look(conn, folder, member, room, case_id), ties(conn, found.head, member)
        done = work(conn, room, On(member, found.head, found.talk))
        queue = replace(queue, unwritten=[*queue.unwritten, *unwritten(conn, member, done.earlier, room.clock())])
        return queue, found, tied, pieces(conn, member), done

    both = await anyio.to_thread.run_sync(room.store.read, read)
    if both is None:
        raise HTTPException(404)
    queue, case, tied, news_, done = both
    await write(room, queue.unwritten)
    if any(one.case_id == case_id for one in news_) and _looked_at(request):
        _later(room, lambda conn: news.seen(conn, member.id, case_id))
    if case.unread and _looked_at(request) and case.held in {"me", "nobody"}:
        _note_read(room, case.head)
    said = request.query_params.get("said", "")
    now, zone = room.clock(), ZoneInfo(room.settings.timezone)
    told = attempt.told if attempt else word("done." + said) if said in DONE else ""
    values = {
        "queue": queue,
        "case": case,
        "ties": tied,
        "work": done,
        "here_at": lambda moment: moment.astimezone(zone),
        "news": news_,
        "new_key": lambda: str(uuid.uuid4()),  # each form its own: one that was used says nothing of another
        "attempt": attempt or Attempt.fresh(),
        "choices": Choices(departures(now, zone), days(now, zone), hours(), quiet(now, zone)),
        "answering": _answering(case, attempt.answers if attempt else line_of(request.query_params.get("answers"))),
        "said": told,
        "spent": request.query_params.get("spent", ""),
        "fresh_after": now - timedelta(hours=1),
    }
    return draw(request, "console/case.html", status, member=member, **values)


def _looked_at(request: Request) -> bool:
    """Whether a person has this page before their eyes: one that renews itself says so while its tab is in front."""
    return "hx-request" not in request.headers or request.headers.get("x-looked-at") == "yes"


def _note_read(room: Room, head: CaseHead) -> None:
    person_id, now = head.person_id, room.clock()
    if person_id is not None:
        _later(room, lambda conn: read_marks.read(conn, person_id, now))


def _later(room: Room, job: Callable[[Connection], None]) -> None:
    """Nobody waits for it, and when it cannot be written the next look does."""
    with suppress(StorageDown):
        room.store.writer.submit(job).add_done_callback(_heed)


def _heed(job: Future[None]) -> None:
    if not job.cancelled():
        job.exception()


def _answering(case: Sheet, line: int) -> Quoted | None:
    """The line that the next reply answers, for whoever may reply and while it stands."""
    chosen = next((one for one in case.talk if one.id == line and one.answerable), None) if case.held == "me" else None
    return None if chosen is None else Quoted(chosen.id, chosen.name, in_short(chosen.text or chosen.doing))
