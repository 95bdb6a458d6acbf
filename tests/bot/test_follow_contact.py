"""Quotes and read marks follow their contact when channels are joined and parted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.handover import Done, Manner
from dialogs.heard import Tapped, Typed
from storage import Store, quotes, read_marks
from storage.inbox import Incoming
from tests.bot.centre import Centre
from tests.bot.desk import open_case_of, write
from tests.bot.joiners import both, code, one, part

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def marked(centre: Centre, text: str, quotes: str = "") -> Incoming:
    """Words of U1 as LINE brings them: with leave to mark them as read, and what they quote."""
    event = centre.event("U1", Typed(text), said=f"said {text}")
    more = {"read": f"read {text}", "handle": f"quote {text}", "quotes": quotes}
    return replace(event, payload={**(event.payload or {}), **more})


def hear(centre: Centre, event: Incoming) -> None:
    centre.receive(event)
    centre.hear()


def of_case(centre: Centre, case_id: int) -> list[str]:
    """What is quoted in a case, in the order in which it was."""
    found = centre.store.read(lambda conn: quotes.of_case(conn, centre.store.vault, case_id))
    return [str(line.body and line.body.get("text")) for _, line in sorted(found.items())]


def unread(centre: Centre, who: str, channel: str) -> bool:
    person = centre.person_of(who, channel)
    return centre.store.read(lambda conn: read_marks.unread(conn, person))


async def test_N05_quotes_and_read_marks_go_with_their_contact_there_and_back(centre: Centre) -> None:
    both(centre)
    case, sato = open_case_of(centre), centre.member("sato")
    hear(centre, marked(centre, "一つ目"))
    hear(centre, marked(centre, "二つ目", quotes="said 一つ目"))
    typed = code(centre, "T1", "telegram")
    centre.say("U1", typed)
    centre.say("U1", Tapped("m:join_sure"))
    assert one(centre)
    assert of_case(centre, case.id) == ["一つ目"]
    assert unread(centre, "T1", "telegram"), "the one they are now"
    assert await centre.desk.claim(case.id, sato) == Done()
    line = next(line.id for line in centre.lines("U1") if line.body and line.body.get("text") == "二つ目")
    assert await centre.desk.reply(case.id, sato, "はい。", "k1", Manner(line)) == Done()
    assert not unread(centre, "T1", "telegram"), "whoever answers has read"
    hear(centre, marked(centre, "三つ目", quotes="said 二つ目"))
    assert of_case(centre, case.id) == ["一つ目", "二つ目", "二つ目"]
    part(centre, "U1")
    assert of_case(centre, case.id) == ["一つ目", "二つ目", "二つ目"]
    assert (unread(centre, "U1", "line"), unread(centre, "T1", "telegram")) == (True, False)
    write(centre, lambda conn: read_marks.read(conn, centre.person_of("U1"), centre.now))
    due = centre.store.read(lambda conn: read_marks.due(conn, centre.store.vault, 9))
    assert [mark.token for mark in due] == ["read 三つ目"]
