"""What the topics say: true after people change their mind, whole, harmless, and valid to Telegram's description."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.channels.doubles.faults import FailAfter
from dialogs.heard import Corrected, Typed, Withdrew
from storage import Store, outbox, people, topics
from storage.casefile import CaseHead
from storage.outbox import Delivery, Finished
from tests.bot.centre import Centre
from tests.bot.desk import open_case_of, write
from tests.doubles import oracle
from tests.forum.group import SATO, SUZUKI, Group, group

pytestmark = pytest.mark.anyio


async def held(forum: Group, who: str = "U1") -> CaseHead:
    """A case of Sato's, its topic up to date."""
    case = open_case_of(forum.centre, who)
    await forum.centre.desk.claim(case.id, forum.sato)
    await forum.work()
    return case


# -- people who change their mind --------------------------------------------------------------------------------------


async def test_words_that_were_taken_back_go_from_the_group_too(forum: Group) -> None:
    case = await held(forum)
    forum.centre.receive(forum.centre.event("U1", Typed("カナリア"), said="m-canary"))
    forum.centre.hear()
    await forum.work()
    assert "カナリア" in forum.texts(case.id)[1]
    forum.centre.say("U1", Withdrew("m-canary"))
    await forum.work()
    assert "カナリア" not in "".join(forum.texts(case.id))
    assert "取り消されました" in forum.texts(case.id)[1]


async def test_words_that_were_corrected_are_corrected_in_the_group(forum: Group) -> None:
    case = await held(forum)
    forum.centre.receive(forum.centre.event("U1", Typed("3日に行きます"), said="m-day"))
    forum.centre.hear()
    await forum.work()
    forum.centre.say("U1", Corrected("4日に行きます", "m-day"))
    await forum.work()
    whole = "".join(forum.texts(case.id))
    assert ("3日に行きます" in whole, whole.count("4日に行きます")) == (False, 1)


async def test_P08_who_is_forgotten_vanishes_with_their_topic(forum: Group) -> None:
    case = await held(forum)
    forum.centre.say("U1", "カナリア")
    await forum.work()
    person = forum.centre.person_of("U1")
    write(forum.centre, lambda conn: people.forget(conn, person, forum.centre.now))
    forum.telegram.faults.next("deleteForumTopic", FailAfter(502))
    await forum.work_for(4)
    assert forum.threads == {}
    assert forum.shown(case.id).thread is None
    assert forum.centre.store.read(lambda conn: topics.posts(conn, case.id)) == []


async def test_P08_who_is_forgotten_while_nobody_works_is_never_named_there(forum: Group) -> None:
    open_case_of(forum.centre)
    forum.centre.say("U1", "カナリア")
    person = forum.centre.person_of("U1")
    write(forum.centre, lambda conn: people.forget(conn, person, forum.centre.now))
    await forum.work()
    assert forum.telegram.ledger == []


# -- what is said ------------------------------------------------------------------------------------------------------


async def test_a_reply_that_did_not_arrive_is_told_on_the_card(forum: Group) -> None:
    case = await held(forum)
    await forum.say(SATO, case.id, "30脚です。")
    while claimed := forum.centre.claimed():
        gone = [Finished(one.id, "postman", Delivery.GAVE_UP, forum.centre.now, why="blocked") for one in claimed]
        write(forum.centre, lambda conn, gone=gone: outbox.finish(conn, gone))  # type: ignore[misc]
    forum.later(60)
    await forum.work()
    assert "届かなかった返事" in forum.texts(case.id)[0]


async def test_the_card_says_in_steps_how_long_somebody_waits(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    assert "（1分未満）" in forum.texts(case.id)[0]
    before = len(forum.telegram.ledger)
    forum.later(9 * 60)
    await forum.work()
    assert len(forum.telegram.ledger) == before
    forum.later(52 * 60)
    await forum.work()
    assert "（1時間）" in forum.texts(case.id)[0]


async def test_hostile_words_stay_words_and_long_ones_arrive_whole(forum: Group) -> None:
    case = await held(forum)
    odd, long = "<b>&amp; </i> %s {ref} \u202e👨‍👩‍👧", "あ" * 4800 + "終わり"
    forum.centre.say("U1", odd)
    forum.centre.say("U1", long)
    await forum.work()
    texts = forum.texts(case.id)[1:]
    assert "<b>&amp; </i> %s {ref} 👨‍👩‍👧" in texts[0]
    assert "".join(texts).count("あ") == 4800
    assert texts[-1].endswith("終わり")


async def test_all_that_is_asked_of_telegram_is_what_its_description_says(
    forum: Group, capsys: pytest.CaptureFixture[str]
) -> None:
    case = await held(forum)
    forum.centre.say("U1", "もしもし")
    await forum.press(SUZUKI, case.id, "ボットにもどす")
    await forum.say(SUZUKI, case.id, "わたしから。")
    await forum.press(SATO, case.id, "終了する")
    await forum.work_for(60)
    forum.later(60)
    await forum.press(SATO, case.id, "もう一度開く")
    await forum.work()
    person = forum.centre.person_of("U1")
    write(forum.centre, lambda conn: people.forget(conn, person, forum.centre.now))
    await forum.work_for(60)
    wanted = {
        *("createForumTopic", "sendMessage", "pinChatMessage", "editMessageText", "editForumTopic", "closeForumTopic"),
        *("reopenForumTopic", "deleteForumTopic", "answerCallbackQuery"),
    }
    assert {call.endpoint for call in forum.telegram.ledger} == wanted
    assert [call.status for call in forum.telegram.ledger if call.status != 200] == []
    with capsys.disabled():
        there = oracle.at_hand("telegram/api.json")
    for call in forum.telegram.ledger if there else ():
        needed, known = oracle.telegram_parameters(call.endpoint)
        assert needed <= set(call.body) <= known
        if "reply_markup" in call.body:
            assert oracle.telegram_faults("InlineKeyboardMarkup", call.body["reply_markup"]) == []


async def test_a_group_that_is_set_later_gets_the_cases_that_are_open(store: Store, now: datetime) -> None:
    centre = Centre(store, now)
    cases = [open_case_of(centre, who) for who in ("U1", "U2")]
    async with group(store, centre) as forum:
        await forum.work()
        assert len(forum.threads) == len(cases)
        assert [case.ref in forum.texts(case.id)[0] for case in cases] == [True, True]
