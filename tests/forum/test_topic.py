"""A case has one topic with a card, which shows the same as the console whoever did something and wherever."""

from __future__ import annotations

import asyncio

import pytest

from bot.handover import Done, Refused
from storage import notes
from tests.bot.desk import case_of, head, open_case_of, staff_words
from tests.forum.group import FORUM, SATO, STRANGER, SUZUKI, Group

pytestmark = pytest.mark.anyio


async def test_a_new_case_has_one_topic_with_a_pinned_card(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    await forum.work(forum.another())
    assert [thread.name for thread in forum.threads.values()] == [f"未担当 {case.ref} 場所・設備"]
    (card,) = forum.messages(case.id)
    assert case.ref in card["text"]
    assert "担当者を待っています" in card["text"]
    assert forum.telegram._state.chats[FORUM].pinned == [card["message_id"]]
    assert forum.buttons(case.id) == {
        "担当する": f"case:claim:{case.id}",
        "終了する": f"case:close:{case.id}",
        "コンソールで開く": f"https://nakodo.example/console/cases/{case.id}",
    }


async def test_the_button_claims_by_the_same_lock_as_the_console(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    assert (await forum.press(SATO, case.id, "担当する")).ok
    assert head(forum.centre, case.id).holder == forum.sato.id
    assert await forum.centre.desk.claim(case.id, forum.suzuki) == Refused("taken", "Sato")
    await forum.work()
    assert forum.telegram.toasts(SATO) == ["あなたが担当になりました。"]
    assert "担当：Sato" in forum.texts(case.id)[0]
    assert list(forum.buttons(case.id)) == ["ボットにもどす", "終了する", "コンソールで開く"]
    assert next(iter(forum.threads.values())).name.startswith("Sato ")


async def test_what_is_done_in_the_console_shows_in_the_group(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    press = forum.buttons(case.id)["担当する"]
    assert await forum.centre.desk.claim(case.id, forum.suzuki) == Done()
    await forum.telegram.press(SATO, forum.messages(case.id)[0]["message_id"], press, chat=FORUM)
    await forum.work()
    assert forum.telegram.toasts(SATO) == ["Suzukiさんが担当しています。"]
    assert "担当：Suzuki" in forum.texts(case.id)[0]


async def test_of_two_who_press_at_once_one_gets_it(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    await asyncio.gather(forum.press(SATO, case.id, "担当する"), forum.press(SUZUKI, case.id, "担当する"))
    await forum.work()
    assert head(forum.centre, case.id).holder in {forum.sato.id, forum.suzuki.id}
    said = sorted([*forum.telegram.toasts(SATO), *forum.telegram.toasts(SUZUKI)])
    assert sum("あなたが担当になりました" in one for one in said) == 1


async def test_words_go_both_ways(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    await forum.press(SATO, case.id, "担当する")
    forum.centre.say("U1", "椅子は何脚ありますか。")
    await forum.work()
    assert forum.texts(case.id)[1] == "住民 11/22 18:30\n椅子は何脚ありますか。"
    assert (await forum.say(SATO, case.id, "30脚です。")).ok
    assert staff_words(forum.centre) == ["30脚です。"]
    await forum.work()
    assert len(forum.texts(case.id)) == 2, "what was typed in the topic is not said there again"
    await forum.centre.desk.reply(case.id, forum.sato, "机もあります。", "k1")
    await forum.work()
    assert forum.texts(case.id)[2].endswith("\n机もあります。")


async def test_only_the_holders_words_reach_the_resident(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    await forum.say(SUZUKI, case.id, "わたしから。")
    await forum.press(SATO, case.id, "担当する")
    await forum.say(SUZUKI, case.id, "わたしからも。")
    await forum.work()
    assert staff_words(forum.centre) == []
    told = forum.texts(case.id)[1:]
    assert told[0].startswith("送っていません。まだだれも担当していません。")
    assert told[1].startswith("送っていません。Satoさんが担当しています。")


@pytest.mark.parametrize(
    "text",
    [
        "// 前にも来た方",
        "//前にも来た方\n電話は午前",
        "／／ 前にも来た方",
        "  // 前にも来た方",
        "\n\u200b/\u200b/ 前にも来た方",
    ],
    ids=["plain", "two lines", "wide", "indented", "invisible signs"],
)
async def test_a_note_never_reaches_the_resident(forum: Group, text: str) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    await forum.press(SATO, case.id, "担当する")
    await forum.say(SATO, case.id, text)
    assert staff_words(forum.centre) == []
    kept = forum.centre.store.read(lambda conn: notes.of_case(conn, forum.centre.store.vault, case.id))
    assert [note.text.splitlines()[0] for note in kept] == ["前にも来た方"]


async def test_a_note_in_the_middle_is_taken_out_of_a_reply(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    await forum.press(SATO, case.id, "担当する")
    await forum.say(SATO, case.id, "30脚です。\n// 予備は倉庫\nお待ちしています。")
    assert staff_words(forum.centre) == ["30脚です。\nお待ちしています。"]


async def test_a_stranger_is_told_kindly_and_nothing_happens(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    await forum.press(STRANGER, case.id, "担当する")
    await forum.say(STRANGER, case.id, "こんにちは")
    await forum.say(STRANGER, case.id, "だれかいますか")
    await forum.work()
    assert head(forum.centre, case.id).holder is None
    assert [text[:17] for text in forum.telegram.toasts(STRANGER)] == ["まだ担当者として登録されていません"]
    assert [text for text in forum.texts(case.id) if "どこにも送っていません" in text] == forum.texts(case.id)[1:2]
    assert len(forum.texts(case.id)) == 2
    assert staff_words(forum.centre) == []


async def test_a_topic_is_closed_with_its_case_and_opened_with_it(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    await forum.press(SATO, case.id, "担当する")
    await forum.work()
    await forum.press(SATO, case.id, "終了する")
    await forum.work()
    thread = forum.threads[forum.thread(case.id)]
    assert (thread.closed, thread.name.split()[0]) == (True, "終了")
    assert forum.centre.cases() == []
    forum.later(60)
    await forum.press(SUZUKI, case.id, "もう一度開く")
    await forum.work()
    assert (thread.closed, thread.name.split()[0]) == (False, "Suzuki")
    assert head(forum.centre, case.id).holder == forum.suzuki.id


async def test_P05_a_private_case_shows_a_card_and_no_words(forum: Group) -> None:
    case = case_of(forum.centre)
    await forum.work()
    await forum.press(SATO, case.id, "担当する")
    forum.centre.say("U1", "カナリアの悩み")
    await forum.say(SATO, case.id, "お返事です。")
    await forum.centre.desk.reply(case.id, forum.sato, "カナリアの返事", "k1")
    await forum.work()
    assert "カナリア" not in repr(forum.telegram.ledger)
    assert forum.texts(case.id)[1:] == ["送っていません。非公開の相談の返事とメモは、コンソールで書いてください。"]
    assert forum.buttons(case.id)["コンソールで開く"].endswith(f"/console/cases/{case.id}")
    assert staff_words(forum.centre) == ["カナリアの返事"]


async def test_the_same_update_twice_happens_once(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    await forum.press(SATO, case.id, "担当する")
    said = await forum.say(SATO, case.id, "30脚です。")
    freed = await forum.centre.desk.release(case.id, forum.sato)
    assert freed == Done()
    assert (await forum.telegram.redeliver(said.event["update_id"])).ok
    assert staff_words(forum.centre) == ["30脚です。"]


async def test_the_card_says_until_when_an_answer_is_due_and_that_it_is_late(forum: Group) -> None:
    case = case_of(forum.centre)
    await forum.work()
    due = head(forum.centre, case.id).due_at
    assert due is not None
    local = due.astimezone(forum.centre.mind.zone)
    said = f"はじめの返事 {local.month}/{local.day} {local:%H:%M}まで"
    assert f"期限：{said}" in forum.texts(case.id)[0]
    forum.centre.now = due
    await forum.work()
    assert f"⚠ 期限をすぎています：{said}でした" in forum.texts(case.id)[0]
