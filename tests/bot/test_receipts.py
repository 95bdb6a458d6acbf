"""「既読」 on LINE: when whoever answers has read it, once, afterwards, and nothing hangs on it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from bot.channels.doubles.faults import Refuse, Reset
from bot.receipts import Receipts
from storage import Store, read_marks
from tests.bot.correspondence import Correspondence
from tests.bot.desk import count, open_case_of, write
from tests.bot.post import post_office
from tests.channels.samples import HANAKO
from tests.clock import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(store: Store, now: datetime) -> AsyncIterator[Correspondence]:
    async with post_office(store, Clock(now)) as post:
        yield Correspondence.at(store, post)


def receipts(centre: Correspondence) -> Receipts:
    return Receipts(centre.store, centre.post.channels, lambda: centre.now)


def marked(centre: Correspondence) -> list[bool]:
    """Which of her own bubbles show on Hanako's phone as read."""
    return [face["read"] for face in centre.post.line.screen(HANAKO) if face["from"] == "person"]


def looked(centre: Correspondence) -> None:
    """A coordinator has the talk before their eyes."""
    person = centre.person_of(HANAKO)
    write(centre, lambda conn: read_marks.read(conn, person, centre.now))


async def test_all_up_to_the_newest_message_is_read_by_one_call(centre: Correspondence) -> None:
    open_case_of(centre, HANAKO)
    for text in ("一つ目", "二つ目", "三つ目"):
        await centre.write(text)
    assert await receipts(centre).tell()
    assert marked(centre) == [False, False, False], "nobody has read anything yet"
    looked(centre)
    assert await receipts(centre).tell()
    assert await receipts(centre).tell()
    assert marked(centre) == [True, True, True]
    assert centre.post.calls().count("markAsRead") == 1
    assert count(centre, "read_mark") == 0


async def test_whoever_answers_has_read(centre: Correspondence) -> None:
    case, sato = open_case_of(centre, HANAKO), centre.member("sato")
    await centre.desk.claim(case.id, sato)
    await centre.write("読みましたか")
    await centre.desk.reply(case.id, sato, "読みました。", "k1")
    assert "markAsRead" not in centre.post.calls(), "nothing is told inside the transaction"
    await receipts(centre).tell()
    assert marked(centre) == [True]


async def test_what_comes_after_a_look_is_not_read_by_it(centre: Correspondence) -> None:
    open_case_of(centre, HANAKO)
    await centre.write("一つ目")
    looked(centre)
    await receipts(centre).tell()
    await centre.write("二つ目")
    await receipts(centre).tell()
    assert marked(centre) == [True, False]


async def test_words_in_no_case_are_read_by_nobody(centre: Correspondence) -> None:
    centre.begin(HANAKO)
    await centre.write("会議室はいくらですか")
    assert count(centre, "read_mark") == 0


@pytest.mark.parametrize("fault", [Refuse(500), Refuse(429), Reset(accepted=False)], ids=["500", "429", "cut off"])
async def test_what_line_could_not_take_is_told_again_for_an_hour(
    centre: Correspondence, fault: Refuse | Reset
) -> None:
    open_case_of(centre, HANAKO)
    await centre.write("読みましたか")
    looked(centre)
    centre.post.line.faults.next("markAsRead", fault)
    assert not await receipts(centre).tell()
    assert await receipts(centre).tell()
    assert marked(centre) == [True]


async def test_a_mark_that_line_does_not_know_is_let_go_and_changes_nothing(centre: Correspondence) -> None:
    open_case_of(centre, HANAKO)
    await centre.write("読みましたか")
    centre.post.line._state.read_marks.clear()
    looked(centre)
    assert await receipts(centre).tell()
    assert (marked(centre), count(centre, "read_mark")) == ([False], 0)


async def test_an_hour_later_it_is_no_use_any_more(centre: Correspondence) -> None:
    open_case_of(centre, HANAKO)
    await centre.write("読みましたか")
    looked(centre)
    centre.post.line.faults.next("markAsRead", Refuse(500))
    centre.later(2 * 3600)
    await receipts(centre).tell()
    assert count(centre, "read_mark") == 0


async def test_the_newest_mark_is_kept_whatever_order_they_come_in(centre: Correspondence) -> None:
    centre.begin(HANAKO)
    person = centre.person_of(HANAKO)
    vault, later = centre.store.vault, centre.now.replace(year=2030)
    marks = [read_marks.Mark(7, person, "new", later), read_marks.Mark(7, person, "old", centre.now)]
    for mark in marks:
        write(centre, lambda conn, mark=mark: read_marks.keep(conn, vault, [mark]))  # type: ignore[misc]
    looked(centre)
    due = centre.store.read(lambda conn: read_marks.due(conn, vault, 9))
    assert [one.token for one in due] == ["new"]
