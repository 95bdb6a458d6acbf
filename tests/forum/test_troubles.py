"""Whatever Telegram, the coordinators or the power do to the group: nothing is lost, and no words are sent twice."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from bot.channels.doubles.faults import FailAfter, Refuse
from bot.channels.forum_calls import Call, Fate
from bot.forum.clerk import A_MINUTE, Clerk
from storage.casefile import CaseHead
from tests.bot.desk import open_case_of, open_cases, staff_words
from tests.forum.group import FORUM, SATO, Group, style

pytestmark = pytest.mark.anyio


async def held(forum: Group, who: str = "U1") -> CaseHead:
    """A case of Sato's, its topic up to date."""
    case = open_case_of(forum.centre, who)
    await forum.centre.desk.claim(case.id, forum.sato)
    await forum.work()
    return case


def crowd(size: int) -> list[tuple[str, str]]:
    """The addresses of so many people on the centre's own page."""
    return [("web", f"visitor {number}") for number in range(size)]


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
    open_cases(forum.centre, crowd(12))
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
    open_cases(forum.centre, crowd(12))
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


async def test_who_waits_in_a_flood_of_new_cases_has_their_turn(forum: Group) -> None:
    case = await held(forum)
    open_cases(forum.centre, crowd(24))
    await forum.work()
    forum.centre.say("U1", "もしもし")
    open_cases(forum.centre, crowd(64)[24:])
    for _ in range(2):
        forum.later(62)
        await forum.work()
    assert forum.texts(case.id)[1].endswith("もしもし")
    assert len(forum.threads) < 65, "the flood is still being told"


async def test_two_clerks_at_once_double_nothing(forum: Group) -> None:
    case = await held(forum)
    other = forum.another()
    for number in range(5):
        forum.centre.say("U1", f"{number} 番目のことば")
        await asyncio.gather(forum.work(), forum.work(other))
    forum.later(70)
    forum.centre.say("U1", "5 番目のことば")
    await asyncio.gather(forum.work(), forum.work(other))
    whole = "\n".join(forum.texts(case.id))
    assert [whole.count(f"{number} 番目のことば") for number in range(6)] == [1] * 6


async def test_a_group_the_bot_may_not_write_to_is_left_in_peace_for_a_minute(forum: Group) -> None:
    forum.telegram.faults.next("createForumTopic", Refuse(400, "Bad Request: not enough rights to create a topic"))
    case = open_case_of(forum.centre)
    await forum.work_for(50)
    assert calls(forum) == ["createForumTopic"]
    await forum.work_for(20)
    assert case.ref in forum.texts(case.id)[0]
