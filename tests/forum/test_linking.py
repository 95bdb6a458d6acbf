"""Who presses and writes in the group is known by a code that works once, and by nothing else."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from storage import Store, forum_tables, linking, staff
from tests.bot.desk import head, open_case_of, write
from tests.clock import Clock
from tests.forum.group import FORUM, STRANGER, SUZUKI, Group

pytestmark = pytest.mark.anyio
NEW = 777


def code_for(forum: Group, login: str = "tanaka") -> tuple[int, str]:
    """A new coordinator and their code."""
    member = forum.centre.member(login)
    return member.id, write(forum.centre, lambda conn: linking.make_code(conn, member.id, forum.centre.now))


def linked(forum: Group, user: int) -> int | None:
    """The member behind a Telegram user."""
    store = forum.centre.store
    member = store.read(lambda conn: linking.member_of(conn, store.vault, str(user)))
    return member.id if member else None


@pytest.mark.parametrize("place", [None, FORUM], ids=["private chat", "group"])
async def test_a_code_typed_to_the_bot_links_its_writer(forum: Group, place: int | None) -> None:
    number, code = code_for(forum)
    assert (await forum.telegram.say(NEW, f"/staff {code.lower()}", chat=place)).ok
    assert linked(forum, NEW) == number
    await forum.work()
    assert forum.telegram.delivered(place or NEW)[-1]["text"].startswith("Tanakaさんとして登録しました。")
    case = open_case_of(forum.centre)
    await forum.work()
    await forum.press(NEW, case.id, "担当する")
    assert head(forum.centre, case.id).holder == number


async def test_a_code_works_once_and_not_for_long(forum: Group) -> None:
    _, code = code_for(forum)
    await forum.telegram.say(NEW, f"/staff {code}")
    await forum.telegram.say(STRANGER, f"/staff {code}")
    _, late = code_for(forum, "ito")
    forum.later(31 * 60)
    await forum.telegram.say(STRANGER, f"/staff {late}")
    assert linked(forum, STRANGER) is None


async def test_a_new_code_voids_the_one_before(forum: Group) -> None:
    number, first = code_for(forum)
    second = write(forum.centre, lambda conn: linking.make_code(conn, number, forum.centre.now))
    await forum.telegram.say(NEW, f"/staff {first}")
    assert linked(forum, NEW) is None
    await forum.telegram.say(NEW, f"/staff {second}")
    assert linked(forum, NEW) == number


async def test_codes_cannot_be_guessed_at(forum: Group) -> None:
    number, code = code_for(forum)
    for _ in range(linking.MOST_TRIES):
        await forum.telegram.say(NEW, "/staff AAAAA-AAAAA")
    await forum.telegram.say(NEW, f"/staff {code}")
    assert linked(forum, NEW) is None
    forum.later(15 * 60)
    await forum.telegram.say(NEW, f"/staff {code}")
    assert linked(forum, NEW) == number


async def test_who_left_the_centre_can_do_nothing_in_the_group(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    write(forum.centre, lambda conn: staff.set_active(conn, forum.suzuki.id, False))
    await forum.press(SUZUKI, case.id, "担当する")
    assert head(forum.centre, case.id).holder is None


async def test_the_telegram_user_is_kept_as_a_blind_index_alone(forum: Group) -> None:
    rows = forum.centre.store.read(lambda conn: conn.execute(select(forum_tables.staff_chat)).all())
    assert len(rows) == 2
    assert all(str(SUZUKI).encode() not in bytes(row.user_index) for row in rows)


async def test_a_residents_start_link_is_no_code(forum: Group) -> None:
    await forum.telegram.say(NEW, "/start ABCDE23456")
    await forum.work()
    assert forum.telegram.delivered(NEW) == []


def test_a_code_is_easy_to_copy(store: Store, clock: Clock) -> None:
    def job(conn: object) -> str:
        number = staff.add(conn, "aoki", "青木", staff.Role.COORDINATOR, clock())  # type: ignore[arg-type]
        return linking.make_code(conn, number or 0, clock())  # type: ignore[arg-type]

    assert re.fullmatch(f"[{linking.SIGNS}]{{5}}-[{linking.SIGNS}]{{5}}", store.writer.submit(job).result())
