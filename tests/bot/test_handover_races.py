"""The desk while others act at the same moment: two coordinators, the person writing, the person leaving for good."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from bot.bell import Bell
from bot.conversation import Round, hear
from bot.handover import Desk, Done, Refused
from dialogs.heard import Tapped, Typed
from storage import Store, cases, people, worklist
from storage.cases import By, State, Who
from tests.bot.centre import Centre
from tests.bot.desk import (
    case_of,
    count,
    head,
    in_the_form,
    open_case_of,
    open_cases,
    said,
    session_of,
    staff_words,
    write,
)
from tests.ours import mind

pytestmark = pytest.mark.anyio
PEOPLE, EACH = 50, 20
T = TypeVar("T")


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def other_desk(centre: Centre, second: Store) -> Desk:
    """The desk of the other server."""
    return Desk(second, centre.mind, Bell(), lambda: centre.now)


async def test_C31_of_a_thousand_double_claims_one_wins_every_time(centre: Centre, second: Store) -> None:
    ids = [case.id for case in open_cases(centre, [("web", f"visitor {number}") for number in range(PEOPLE)], EACH)]
    members = [centre.member("sato"), centre.member("suzuki")]
    desks = [centre.desk, other_desk(centre, second)]
    holders: dict[int, int | None] = {}
    for some in batched(ids, 100):
        claims = [desk.claim(case_id, who) for case_id in some for desk, who in zip(desks, members, strict=True)]
        outcomes = await asyncio.gather(*claims)
        for case_id, pair in zip(some, batched(outcomes, 2), strict=True):
            (winner,) = [who for who, outcome in zip(members, pair, strict=True) if outcome == Done()]
            assert Refused("taken", winner.name) in pair
            holders[case_id] = winner.id
    held = centre.store.read(lambda conn: worklist.items(conn, worklist.Wanted(centre.now, at_most=2000)))
    assert {one.head.id: one.head.holder for one in held} == holders
    assert count(centre, "message") == len(ids)  # each resident heard of one coordinator


def batched(things: Sequence[T], size: int) -> list[Sequence[T]]:
    """The things, so many at a time."""
    return [things[at : at + size] for at in range(0, len(things), size)]


class Slow:
    """A worker that has heard what waits and has not committed yet, on a server of its own."""

    def __init__(self, store: Store, centre: Centre) -> None:
        self._heard, self._go = threading.Event(), threading.Event()
        self._job: Future[Round] = store.writer.submit(lambda conn: self._hear(conn, store, centre.now))

    def _hear(self, conn: Connection, store: Store, now: datetime) -> Round:
        made = hear(conn, store.vault, mind(), now)
        self._heard.set()
        assert self._go.wait(20)
        return made

    async def listening(self) -> None:
        """Wait until it holds the person."""
        assert await asyncio.to_thread(self._heard.wait, 20)

    async def commit(self) -> Round:
        """Let it end."""
        self._go.set()
        return await asyncio.wrap_future(self._job)


async def test_R10_a_claim_while_the_person_is_mid_message(centre: Centre, second: Store) -> None:
    in_the_form(centre)
    case = another_case(centre)
    sato = centre.member("sato")
    centre.receive(centre.event("U1", Tapped("a:1:trouble:money")))
    slow = Slow(second, centre)
    await slow.listening()
    claim = asyncio.create_task(centre.desk.claim(case, sato))
    await asyncio.sleep(0.05)
    assert (await slow.commit()).heard == 1
    assert await claim == Done()
    told = [text for _, text in said(centre)]
    assert "Satoが担当します" in told[-1]  # what the bot had begun to say came before
    lines = len(told)
    assert centre.say("U1", "メニュー") == []
    assert len(said(centre)) == lines + 1


async def test_a_release_while_the_person_is_mid_message_leaves_no_silence(centre: Centre, second: Store) -> None:
    in_the_form(centre)
    case = another_case(centre)
    sato = centre.member("sato")
    await centre.desk.claim(case, sato)
    centre.receive(centre.event("U1", Typed("まだですか")))
    slow = Slow(second, centre)
    await slow.listening()
    release = asyncio.create_task(centre.desk.release(case, sato))
    await asyncio.sleep(0.05)
    await slow.commit()
    assert await release == Done()
    who = [author for author, _ in said(centre)]
    assert (
        who[who.index("person", -4) :].count("bot") >= 1
    )  # whatever the order: after the person's words the bot speaks
    assert session_of(centre)["answers"] == {"standing": "npo"}


async def test_an_answer_given_during_a_release_is_kept(centre: Centre, second: Store) -> None:
    """The session that the bot goes on with is the one the worker has just written."""
    in_the_form(centre)
    case = another_case(centre)
    sato = centre.member("sato")
    await centre.desk.claim(case, sato)
    await centre.desk.release(case, sato)
    await centre.desk.claim(case, sato)
    centre.receive(centre.event("U1", Tapped("m:bot")), centre.event("U1", Tapped("a:1:trouble:money")))
    slow = Slow(second, centre)
    await slow.listening()
    release = asyncio.create_task(centre.desk.release(case, sato))
    await asyncio.sleep(0.05)
    await slow.commit()
    assert await release == Refused("not_holder")  # the person was quicker
    assert session_of(centre)["picked"] == ["money"]


async def test_P08_a_reply_while_the_person_is_being_forgotten(centre: Centre, second: Store) -> None:
    case = case_of(centre)
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    person = centre.person_of("U1")
    forgotten, go = threading.Event(), threading.Event()

    def forget(conn: Connection) -> None:
        people.forget(conn, person, centre.now)
        forgotten.set()
        assert go.wait(20)

    leaving = second.writer.submit(forget)
    assert await asyncio.to_thread(forgotten.wait, 20)
    reply = asyncio.create_task(centre.desk.reply(case.id, sato, "こんにちは", "k"))
    await asyncio.sleep(0.05)
    go.set()
    await asyncio.wrap_future(leaving)
    assert await reply == Refused("gone")
    assert count(centre, "outbox") == count(centre, "message") == 0


async def test_two_people_who_write_while_one_is_claimed_are_each_heard_by_the_right_one(
    centre: Centre, second: Store
) -> None:
    case = case_of(centre, "U1")
    centre.begin("U2")
    sato = centre.member("sato")
    centre.receive(centre.event("U1", Typed("ひとりめ")), centre.event("U2", Typed("メニュー")))
    rounds = await asyncio.gather(
        centre.desk.claim(case.id, sato),
        asyncio.to_thread(centre.hear),
        asyncio.wrap_future(second.writer.submit(lambda conn: hear(conn, second.vault, mind(), centre.now))),
    )
    assert rounds[0] == Done()
    centre.hear()
    assert [author for author, _ in said(centre, "U2")][-1] == "bot"
    assert ("person", "ひとりめ") in said(centre, "U1")
    await centre.desk.reply(case.id, sato, "はい", "k")
    assert staff_words(centre, "U1") == ["はい"]
    assert staff_words(centre, "U2") == []
    assert head(centre, case.id).state is State.CLAIMED


async def test_R10_a_reply_and_a_release_at_once_never_let_words_out_after_the_release(
    centre: Centre, second: Store
) -> None:
    case = open_case_of(centre)
    sato = centre.member("sato")
    there = other_desk(centre, second)
    for number in range(10):
        await centre.desk.claim(case.id, sato)
        await asyncio.gather(
            centre.desk.reply(case.id, sato, f"返事{number}", f"k{number}"), there.release(case.id, sato)
        )
        authors = [author for author, _ in said(centre)]
        assert authors[-1] == "bot"
    write(centre, lambda conn: cases.close(conn, case.id, By(Who.SYSTEM), centre.now))


def another_case(centre: Centre) -> int:
    """A case beside the form, so that the form goes on; its number."""
    centre.say("U1", "人と話したい")
    (case,) = centre.cases()
    return case.id
