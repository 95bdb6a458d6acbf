"""Reads along: the talk of one device as server-sent events, whole at first and then whatever comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import anyio
import anyio.to_thread
from sqlalchemy import Connection
from sse_starlette import JSONServerSentEvent, ServerSentEvent

from bot.web import bubbles
from bot.web.device import Seat
from bot.web.room import Room
from storage import window
from storage.cases import of_person_open
from storage.window import Line, Window

# Rows of one person become visible in the order of their commits, not of their numbers: look a little behind.
_LOOK_BACK = 200
_WAIT_S, _PAUSE_S = 1.0, 0.1


@dataclass(frozen=True)
class Glance:
    """What the page sees at one moment."""

    language: str
    person_id: int
    held: bool
    lines: list[Line]


async def read_along(room: Room, seat: Seat, after: int, over: anyio.Event) -> AsyncIterator[ServerSentEvent]:
    """Every line once per connection, until it is `over`. An event's id is the cursor; "ready" follows the first lines.

    "held" tells whether a coordinator holds the talk: then nobody is "just writing an answer".
    """
    shown: set[int] = set()
    newest, first = after, True
    held: bool | None = None
    while not over.is_set():
        glance = await _look(room, seat, after if first else max(0, newest - _LOOK_BACK))
        if glance is None:
            yield JSONServerSentEvent({}, event="gone")
            return
        for line in glance.lines:
            newest = max(newest, line.id)
            drawn = None if line.id in shown else bubbles.drawn(line)
            shown.add(line.id)
            if drawn is not None:
                yield JSONServerSentEvent(drawn, event="line", id=str(newest))
        if glance.held is not held:  # told at first in any case: a page that comes back may believe what is over
            held = glance.held
            yield JSONServerSentEvent(held, event="held")
        if (glance.language, glance.person_id) != (seat.language, seat.person_id):  # the page begins anew
            yield JSONServerSentEvent({}, event="language")
            return
        if first:
            yield JSONServerSentEvent({}, event="ready")
        first = False
        await room.bell.wait(_WAIT_S)
        await anyio.sleep(_PAUSE_S)  # many commits ring at once: one look for all of them


async def _look(room: Room, seat: Seat, after: int) -> Glance | None:
    """The lines after a number, or None when the session or the person is no more."""

    def find(conn: Connection) -> Glance | None:
        found = seat.spoken(conn, room.clock())
        if found is None:
            return None
        person_id, language = found
        case = of_person_open(conn, [person_id]).get(person_id)
        held = case is not None and case.holder is not None
        return Glance(language, person_id, held, window.look(conn, room.store.vault, Window(person_id, after)))

    return await anyio.to_thread.run_sync(room.store.read, find)
