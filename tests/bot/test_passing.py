"""A case is given to a colleague: who goes on is told to the resident, and notes name whom they are for."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.acts import LONGEST, Done, Refused
from bot.due import Due
from bot.jotting import named
from bot.passing import passing
from bot.pausing import Wait
from bot.timed import Later, keeping
from bot.web.console.besides import pieces
from storage import Store, cases, news, notes, staff, standings
from storage import timed as stored
from storage.audit import What
from storage.cases import State
from storage.staff import Member, Role
from storage.standings import Kind, New
from tests.bot.centre import Centre
from tests.bot.desk import head, open_case_of, said, words, write

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


async def give(
    centre: Centre, case_id: int, member: Member, to: int, key: str = "k", *, text: str = ""
) -> Done | Refused:
    return await centre.desk.do(case_id, member, What.GIVE, passing(centre.desk, to, text, key))


async def test_the_resident_is_told_who_goes_on_and_the_new_holder_finds_it(centre: Centre) -> None:
    case, sato, suzuki = open_case_of(centre), centre.member("sato"), centre.member("suzuki")
    await centre.desk.claim(case.id, sato)
    await centre.desk.wait(case.id, sato, Wait.WEEK)
    centre.carried()
    pressed = [give(centre, case.id, sato, suzuki.id, text="よろしく") for _ in range(4)]
    assert await asyncio.gather(*pressed) == [Done()] * 4
    (told,) = words(centre.carried())
    assert "Suzukiが担当します" in told
    now = head(centre, case.id)
    assert (now.holder, now.state, now.pending_until) == (suzuki.id, State.CLAIMED, None)
    (note,) = centre.store.read(lambda conn: notes.of_case(conn, centre.store.vault, case.id))
    assert (note.kind, note.text, note.staff_id) == (notes.Kind.PASSED, "よろしく", sato.id)
    told_to = centre.store.read(lambda conn: news.unseen(conn, suzuki.id))
    assert [(one.kind, one.from_name, one.ref) for one in told_to] == [(news.Kind.GIVEN, "Sato", case.ref)]
    assert "よろしく" not in str(said(centre))
    assert await centre.desk.reply(case.id, sato, "まだ私です", "r") == Refused("not_holder", "Suzuki")
    assert await centre.desk.reply(case.id, suzuki, "引きつぎました", "r") == Done()


async def test_C31_of_two_places_that_it_is_given_to_at_once_one_gets_it(centre: Centre) -> None:
    sato = centre.member("sato")
    takers = [centre.member("suzuki"), centre.member("tanaka")]
    for number in range(4):
        case = open_case_of(centre, f"U{number}")
        await centre.desk.claim(case.id, sato)
        done = await asyncio.gather(*(give(centre, case.id, sato, one.id, f"{number}{one.id}") for one in takers))
        winner = takers[done.index(Done())]
        assert [one for one in done if one != Done()] == [Refused("not_holder", winner.name)]
        assert head(centre, case.id).holder == winner.id
        kinds = [one.kind for one in centre.store.read(lambda conn, of=case.id: cases.history(conn, of))]  # type: ignore[misc]
        assert kinds.count("handed_over") == 1


async def test_only_the_holder_gives_and_only_to_somebody_who_works_here(centre: Centre) -> None:
    case, sato, suzuki = open_case_of(centre), centre.member("sato"), centre.member("suzuki")
    reader = write(centre, lambda conn: staff.add(conn, "reader", "Reader", Role.COMMITTEE, centre.now))
    left = centre.member("left")
    write(centre, lambda conn: staff.set_active(conn, left.id, False))
    apart, kato = centre.member("apart"), write(centre, lambda conn: _specialist(conn, centre))
    write(centre, lambda conn: standings.put(conn, New(Kind.APART, apart.id, None), head(centre, case.id), centre.now))
    assert await give(centre, case.id, sato, suzuki.id) == Refused("not_holder")
    await centre.desk.claim(case.id, sato)
    for nobody in (reader or 0, left.id, sato.id, apart.id, kato, 999, 0):
        assert await give(centre, case.id, sato, nobody) == Refused("nobody_there")
    assert await give(centre, case.id, sato, suzuki.id, text="あ" * (LONGEST + 1)) == Refused("too_long")
    assert await give(centre, 999, sato, suzuki.id) == Refused("gone")
    assert head(centre, case.id).holder == sato.id
    asked = New(Kind.ASKED, kato, sato.id)
    write(centre, lambda conn: standings.put(conn, asked, head(centre, case.id), centre.now))
    assert await give(centre, case.id, sato, kato) == Done()


def _specialist(conn: Connection, centre: Centre) -> int:
    return staff.add(conn, "kato", "Kato", Role.SPECIALIST, centre.now) or 0


async def test_S12_who_keeps_out_of_a_case_gets_no_news_of_it_and_sends_nothing_later(centre: Centre) -> None:
    case, sato, suzuki = open_case_of(centre), centre.member("sato"), centre.member("suzuki")
    await centre.desk.claim(case.id, sato)
    later = Later("あとで", centre.now + timedelta(days=1), 2**40)
    assert await centre.desk.do(case.id, sato, What.TIMED, keeping(later, "k")) == Done()
    await centre.desk.note(case.id, sato, "@suzuki さんへ", "n")
    assert len(centre.store.read(lambda conn: pieces(conn, suzuki))) == 1
    for one in (sato, suzuki):
        apart = New(Kind.APART, one.id, None)
        write(centre, lambda conn, apart=apart: standings.put(conn, apart, head(centre, case.id), centre.now))  # type: ignore[misc]
    assert centre.store.read(lambda conn: pieces(conn, suzuki)) == []
    centre.carried()
    centre.now += timedelta(days=1)
    due = Due(centre.store, centre.desk, lambda: centre.now)
    assert [await due.look() for _ in range(2)] == [0, 0]
    (one_,) = centre.store.read(lambda conn: stored.of_case(conn, centre.store.vault, case.id))
    assert (one_.state, centre.carried()) == (stored.State.RETURNED, [])


async def test_what_is_named_in_a_note_or_a_call_is_news_for_that_colleague_alone(centre: Centre) -> None:
    case, sato, suzuki = open_case_of(centre), centre.member("sato"), centre.member("suzuki")
    centre.carried()
    assert [await centre.desk.note(case.id, sato, "@suzuki さん、@sato から。", "n") for _ in range(2)] == [Done()] * 2
    assert await centre.desk.call(case.id, sato, notes.Kind.PHONE, "土曜に来るそうです ＠Suzukiさん", "c") == Done()
    told = centre.store.read(lambda conn: [news.unseen(conn, one.id) for one in (sato, suzuki)])
    assert [len(one) for one in told] == [0, 2]
    write(centre, lambda conn: news.seen(conn, suzuki.id, case.id))
    assert centre.store.read(lambda conn: news.unseen(conn, suzuki.id)) == []
    assert (centre.carried(), "土曜" in str(said(centre))) == ([], False)  # never sent anywhere
    kept = centre.store.read(lambda conn: notes.of_case(conn, centre.store.vault, case.id))
    assert [one.kind for one in kept] == [None, notes.Kind.PHONE]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@sato お願いします", {"sato"}),
        ("＠佐藤さん", {"sato"}),
        ("@satoko と @SATO", {"satoko", "sato"}),
        ("@satomi", set()),
        ("sato@example.jp", set()),
        ("@佐藤花子さん", {"satoko"}),
        ("@", set()),
        ("@@sato", {"sato"}),
    ],
)
def test_a_name_is_found_whole_and_nobody_else_by_it(text: str, found: set[str]) -> None:
    everybody = [("sato", "佐藤"), ("satoko", "佐藤花子")]
    members = [Member(n, login, name, Role.COORDINATOR, True, None) for n, (login, name) in enumerate(everybody, 1)]
    assert {one.login for one in named(text, members)} == found
