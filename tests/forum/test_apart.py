"""Somebody in the group stands apart from a case: its topic shows a card and a link, and they can do nothing there."""

from __future__ import annotations

import pytest

from bot.handover import Done
from storage import audit, standings
from storage.casefile import CaseHead
from storage.standings import Kind, New
from tests.bot.desk import head, open_case_of, staff_words, write
from tests.forum.group import SATO, SUZUKI, Group

pytestmark = pytest.mark.anyio


def _apart(forum: Group, case: CaseHead, *, yes: bool = True) -> None:
    new, now = New(Kind.APART, forum.suzuki.id, forum.sato.id), forum.centre.now
    if yes:
        write(forum.centre, lambda conn: standings.put(conn, new, case, now))
    else:
        write(forum.centre, lambda conn: standings.drop(conn, Kind.APART, case, forum.suzuki.id, now))


async def test_S12_a_topic_becomes_a_bare_card_and_what_stood_there_goes_with_the_old_one(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.centre.desk.claim(case.id, forum.sato)
    await forum.work()
    assert await forum.centre.desk.reply(case.id, forum.sato, "ホールは空いています。", "k1") == Done()
    await forum.work()
    before = forum.thread(case.id)
    assert "ホール" in "".join(forum.texts(case.id))
    _apart(forum, case)
    await forum.work_for(10)
    assert before not in forum.threads
    assert forum.thread(case.id) != before
    (card,) = forum.texts(case.id)
    assert "内容はここに出しません" in card
    assert "場所・設備" not in card + forum.threads[forum.thread(case.id)].name
    assert forum.buttons(case.id)["コンソールで開く"].endswith(f"/console/cases/{case.id}")
    assert await forum.centre.desk.reply(case.id, forum.sato, "ホールは九時からです。", "k2") == Done()
    await forum.work()
    assert len(forum.texts(case.id)) == 1
    _apart(forum, case, yes=False)
    await forum.work_for(10)
    assert "場所・設備" in forum.texts(case.id)[0]


async def test_S12_who_stands_apart_presses_and_writes_for_nothing_and_nobody_writes_there(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    _apart(forum, case)
    await forum.work()
    await forum.press(SUZUKI, case.id, "担当する")
    await forum.work()
    assert forum.telegram.toasts(SUZUKI) == ["この件には関わらないことになっているため、できません。"]
    assert head(forum.centre, case.id).holder is None
    assert "refused" in [row.what for row in forum.centre.store.read(audit.latest)]
    await forum.press(SATO, case.id, "担当する")
    for user in (SATO, SUZUKI):
        await forum.say(user, case.id, "ホールは九時からです。")
    await forum.work()
    assert head(forum.centre, case.id).holder == forum.sato.id
    assert staff_words(forum.centre) == []
