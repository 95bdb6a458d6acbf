"""Whatever Telegram, the coordinators or the power do to the group: nothing is lost, and no words are sent twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest

from bot.channels.doubles.faults import FailAfter, Refuse
from bot.channels.forum_calls import Call, Fate
from bot.forum.clerk import A_MINUTE, Clerk
from dialogs.heard import Typed, Withdrew
from storage import Store, outbox, people, topics
from storage.casefile import CaseHead
from storage.outbox import Delivery, Finished
from tests.bot.centre import Centre
from tests.bot.desk import open_case_of, staff_words, write
from tests.doubles import oracle
from tests.forum.group import FORUM, SATO, SUZUKI, Group, group, style

pytestmark = pytest.mark.anyio


async def held(forum: Group, who: str = "U1") -> CaseHead:
    """A case of Sato's, its topic up to date."""
    case = open_case_of(forum.centre, who)
    await forum.centre.desk.claim(case.id, forum.sato)
    await forum.work()
    return case


def calls(forum: Group) -> list[str]:
    """What the clerk asked of Telegram, in order, without the answers over buttons."""
    return [call.endpoint for call in forum.telegram.ledger if call.endpoint != "answerCallbackQuery"]


# -- pace ------------------------------------------------------------------------------------------------------------


async def test_never_more_than_twenty_calls_a_minute_and_everything_arrives(forum: Group) -> None:
    cases = [open_case_of(forum.centre, f"U{number}") for number in range(9)]
    for case in cases:
        await forum.centre.desk.claim(case.id, forum.sato)
    for turn in range(5):
        for number in range(9):
            forum.centre.say(f"U{number}", f"{turn} 番目のことば")
        await forum.work_for(10)
    await forum.work_for(180)
    times = [call.at.timestamp() for call in forum.telegram.ledger]
    assert max(sum(start <= one < start + 60 for one in times) for start in times) <= A_MINUTE
    assert [call for call in forum.telegram.ledger if call.status == 429] == []
    for case in cases:
        words = "\n".join(forum.texts(case.id)[1:])
        assert [words.index(f"{turn} 番目のことば") for turn in range(5)] == sorted(
            words.index(f"{turn} 番目のことば") for turn in range(5)
        )
        assert words.count("番目のことば") == 5
        assert len(forum.texts(case.id)) < 6, "several in one message"


async def test_the_pace_is_kept_over_a_new_start(forum: Group) -> None:
    for number in range(12):
        open_case_of(forum.centre, f"U{number}")
    await forum.work()
    before = len(forum.telegram.ledger)
    await forum.work(forum.another())
    assert len(forum.telegram.ledger) == before == A_MINUTE


async def test_retry_after_is_obeyed_to_the_second(forum: Group) -> None:
    forum.telegram.faults.next("createForumTopic", Refuse(429, retry_after=30))
    case = open_case_of(forum.centre)
    await forum.work()
    assert calls(forum) == ["createForumTopic"]
    forum.later(29)
    await forum.work()
    assert calls(forum) == ["createForumTopic"]
    forum.later(2)
    await forum.work()
    assert case.ref in forum.texts(case.id)[0]


async def test_an_answer_over_a_button_does_not_wait_for_the_pace(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    for number in range(2, 14):
        open_case_of(forum.centre, f"U{number}")
    await forum.work()
    await forum.press(SATO, case.id, "担当する")
    await forum.work()
    assert forum.telegram.toasts(SATO) == ["あなたが担当になりました。"]


# -- topics that go ----------------------------------------------------------------------------------------------------


async def test_a_deleted_topic_is_made_anew_with_the_last_words(forum: Group) -> None:
    case = await held(forum)
    forum.centre.say("U1", "椅子は何脚ありますか。")
    await forum.work()
    await forum.say(SATO, case.id, "30脚です。")
    forum.telegram.delete_topic(FORUM, forum.thread(case.id))
    forum.centre.say("U1", "机は。")
    await forum.work_for(4)
    texts = forum.texts(case.id)
    assert len(forum.threads) == 1
    assert "作りなおしました" in texts[0]
    assert [one in texts[1] for one in ("椅子は何脚", "30脚です。", "机は。")] == [True, True, True]
    await forum.say(SATO, case.id, "机は10台です。")
    assert staff_words(forum.centre)[-1] == "机は10台です。"


async def test_a_topic_that_somebody_closed_is_opened_for_new_words(forum: Group) -> None:
    case = await held(forum)
    forum.threads[forum.thread(case.id)].closed = True
    forum.centre.say("U1", "もしもし")
    await forum.work()
    assert forum.texts(case.id)[1].endswith("もしもし")


async def test_a_deleted_card_is_sent_anew(forum: Group) -> None:
    case = open_case_of(forum.centre)
    await forum.work()
    forum.telegram.faults.next("editMessageText", Refuse(400, "Bad Request: message to edit not found"))
    await forum.centre.desk.claim(case.id, forum.sato)
    await forum.work()
    assert "担当：Sato" in forum.texts(case.id)[-1]
    forum.later(1)
    await forum.centre.desk.release(case.id, forum.sato)
    await forum.work()
    assert "担当：まだいません" in forum.texts(case.id)[-1]


async def test_a_group_that_got_another_number_is_followed(forum: Group) -> None:
    case = await held(forum)
    thread = forum.thread(case.id)
    await forum.telegram.migrate(SATO, FORUM, -1009)
    forum.telegram._state.chats[-1009].threads[thread] = forum.telegram._state.chats[FORUM].threads[thread]
    forum.centre.say("U1", "もしもし")
    await forum.work()
    assert [one["text"].splitlines()[-1] for one in forum.telegram.delivered(-1009)] == ["もしもし"]
    await forum.telegram.say(SATO, "はい。", chat=-1009, thread=thread)
    assert staff_words(forum.centre) == ["はい。"]


# -- what nobody knows -------------------------------------------------------------------------------------------------


async def test_B10_words_without_an_answer_are_not_sent_twice_and_the_card_says_so(forum: Group) -> None:
    case = await held(forum)
    forum.telegram.faults.next("sendMessage", FailAfter(502))
    forum.centre.say("U1", "もしもし")
    await forum.work_for(30)
    texts = forum.texts(case.id)
    assert sum("もしもし" in text for text in texts) == 1
    assert "届いたか不明な書きこみがあります" in texts[0]


class Killed(Exception):
    """The power went."""


@dataclass
class Deadly:
    """The process dies at its call of this number, before it goes out or after Telegram took it."""

    group: Group
    at: int
    after: bool
    made: int = 0

    async def forum(self, chat: int, call: Call) -> Fate:
        self.made += 1
        if self.made == self.at and not self.after:
            raise Killed
        fate = await self.group.channel.forum(chat, call)
        if self.made == self.at:
            raise Killed
        return fate


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3, 4])
async def test_B10_a_kill_at_any_call_loses_no_case_and_doubles_no_words(forum: Group, at: int, after: bool) -> None:
    case = open_case_of(forum.centre)
    forum.centre.say("U1", "人と話したい")
    await forum.centre.desk.claim(case.id, forum.sato)
    forum.centre.say("U1", "もしもし")
    deadly = Deadly(forum, at, after)
    clerk = Clerk(forum.centre.store, deadly, FORUM, style(forum.centre), lambda: forum.centre.now)
    with pytest.raises(Killed):
        await forum.work(clerk)
    await forum.work()
    assert deadly.made == at, "as long as the dead one's lease lives, nobody else works"
    forum.later(70)
    await forum.work_for(90)
    whole = "\n".join(one["text"] for one in forum.telegram.delivered(FORUM))
    assert whole.count("もしもし") == 1 or (whole.count("もしもし") == 0 and "届いたか不明な書きこみ" in whole)
    assert "担当：Sato" in forum.texts(case.id)[0]


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
