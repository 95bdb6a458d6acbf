"""Replies that leave later: at their moment, once, by whoever still holds the case, and back as a draft otherwise."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest

from bot.acts import LONGEST, Done, Refused
from bot.chores import TAKEN_KEPT, do
from bot.due import Due
from bot.passing import passing
from bot.timed import LATEST, Later, keeping, taking_back
from storage import Store, news, people, staff, timed, worklist
from storage.audit import What
from storage.staff import Member
from storage.timed import State, Timed
from tests.bot.centre import Centre
from tests.bot.desk import case_of, open_case_of, staff_words, words, write

pytestmark = pytest.mark.anyio
DAY = timedelta(days=1)
TEXT = "あすの朝のお知らせです"


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


async def held(centre: Centre) -> tuple[int, Member]:
    case, sato = open_case_of(centre), centre.member("sato")
    await centre.desk.claim(case.id, sato)
    centre.carried()
    return case.id, sato


async def keep(
    centre: Centre, case_id: int, member: Member, key: str = "k", *, text: str = TEXT, wait: timedelta | None = DAY
) -> Done | Refused:
    seen = centre.store.read(lambda conn: worklist.newest_of_others(conn, case_id, member.id))
    new = Later(text, None if wait is None else centre.now + wait, seen)
    return await centre.desk.do(case_id, member, What.TIMED, keeping(new, key))


async def take_back(centre: Centre, case_id: int, member: Member, number: int) -> Done | Refused:
    return await centre.desk.do(case_id, member, What.UNTIMED, taking_back(number))


def kept(centre: Centre, case_id: int) -> list[Timed]:
    return centre.store.read(lambda conn: timed.of_case(conn, centre.store.vault, case_id))


def due(centre: Centre) -> Due:
    return Due(centre.store, centre.desk, lambda: centre.now)


async def test_words_leave_at_their_moment_and_once_whoever_looks(centre: Centre) -> None:
    case_id, sato = await held(centre)
    assert [await keep(centre, case_id, sato) for _ in range(3)] == [Done()] * 3
    assert (len(kept(centre, case_id)), centre.carried(), staff_words(centre)) == (1, [], [])
    centre.now += DAY - timedelta(seconds=1)
    assert await due(centre).look() == 0
    centre.now += timedelta(seconds=1)
    assert sum(await asyncio.gather(*(due(centre).look() for _ in range(5)))) == 1
    assert (words(centre.carried()), staff_words(centre), kept(centre, case_id)) == ([TEXT], [TEXT], [])


async def test_a_private_case_keeps_its_words_on_our_page_later_too(centre: Centre) -> None:
    case, sato = case_of(centre), centre.member("sato")
    await centre.desk.claim(case.id, sato)
    centre.carried()
    await keep(centre, case.id, sato)
    centre.now += DAY
    await due(centre).look()
    assert TEXT not in words(centre.carried())
    assert staff_words(centre) == [TEXT]


async def test_what_waits_holds_up_nothing_that_is_said_before(centre: Centre) -> None:
    case_id, sato = await held(centre)
    await keep(centre, case_id, sato)
    await centre.desk.reply(case_id, sato, "いますぐの返事", "now")
    assert words(centre.carried()) == ["いますぐの返事"]


@pytest.mark.parametrize("change", ["closed", "not_holder", "released", "newer", "nobody_there"])
async def test_words_come_back_as_a_draft_when_things_have_changed(centre: Centre, change: str) -> None:
    case_id, sato = await held(centre)
    suzuki = centre.member("suzuki")
    await keep(centre, case_id, sato)
    match change:
        case "closed":
            await centre.desk.close(case_id, sato)
        case "not_holder":
            await centre.desk.do(case_id, sato, What.GIVE, passing(centre.desk, suzuki.id, "", "p"))
        case "released":
            await centre.desk.release(case_id, sato)
        case "newer":
            centre.say("U1", "もう大丈夫です")
        case _:
            write(centre, lambda conn: staff.set_active(conn, sato.id, False))
    centre.carried()
    centre.now += DAY
    assert await due(centre).look() == 0
    assert await due(centre).look() == 0
    (one,) = kept(centre, case_id)
    assert (one.state, one.why, one.text) == (State.RETURNED, change.replace("released", "not_holder"), TEXT)
    assert TEXT not in words(centre.carried())
    told = centre.store.read(lambda conn: news.unseen(conn, sato.id))
    assert [told_.kind for told_ in told] == [news.Kind.RETURNED]


async def test_taken_back_before_it_leaves_it_never_leaves_and_a_second_press_finds_it_still(centre: Centre) -> None:
    case_id, sato = await held(centre)
    await keep(centre, case_id, sato)
    (one,) = kept(centre, case_id)
    suzuki = centre.member("suzuki")
    assert await take_back(centre, case_id, suzuki, one.id) == Refused("not_holder", "Sato")
    assert [await take_back(centre, case_id, sato, one.id) for _ in range(2)] == [Done(), Done()]
    assert kept(centre, case_id) == []
    centre.now += DAY
    assert await due(centre).look() == 0
    assert centre.carried() == []
    found = centre.store.read(lambda conn: timed.find(conn, centre.store.vault, case_id, one.id))
    assert found is not None
    assert (found.state, found.text) == (State.TAKEN, TEXT)
    write(centre, lambda conn: do(conn, centre.now + TAKEN_KEPT))
    assert centre.store.read(lambda conn: timed.find(conn, centre.store.vault, case_id, one.id)) is None


async def test_C32_the_clock_and_the_take_back_at_once_send_or_give_back_never_both(centre: Centre) -> None:
    case_id, sato = await held(centre)
    for number in range(6):
        await keep(centre, case_id, sato, f"k{number}")
        (one,) = kept(centre, case_id)
        centre.now += DAY
        sent, back = await asyncio.gather(due(centre).look(), take_back(centre, case_id, sato, one.id))
        assert (sent, back) in {(1, Refused("away")), (0, Done())}
        assert len(words(centre.carried())) == sent


async def test_what_cannot_be_kept_is_refused_with_its_reason(centre: Centre) -> None:
    case_id, sato = await held(centre)
    suzuki, other = centre.member("suzuki"), open_case_of(centre, "U2").id
    assert await keep(centre, case_id, suzuki) == Refused("not_holder", "Sato")
    for wrong in (None, timedelta(0), -DAY, LATEST + DAY):
        assert await keep(centre, case_id, sato, wait=wrong) == Refused("moment")
    assert await keep(centre, case_id, sato, text=" ") == Refused("empty")
    assert await keep(centre, case_id, sato, text="あ" * (LONGEST + 1)) == Refused("too_long")
    assert await keep(centre, case_id, sato) == Done()
    assert await keep(centre, case_id, sato, text="ほかの文") == Refused("other_words")
    (one,) = kept(centre, case_id)
    assert await take_back(centre, other, sato, one.id) == Refused("away")  # of another case
    for number in range(timed.AT_MOST - 1):
        await keep(centre, case_id, sato, f"n{number}")
    assert await keep(centre, case_id, sato, "last") == Refused("many")


async def test_P08_nothing_leaves_for_whoever_was_forgotten(centre: Centre) -> None:
    case_id, sato = await held(centre)
    await keep(centre, case_id, sato)
    write(centre, lambda conn: people.forget(conn, centre.person_of("U1"), centre.now))
    centre.now += DAY
    assert await due(centre).look() == 0
    assert kept(centre, case_id) == []
