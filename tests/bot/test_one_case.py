"""One person has one open case: what is filed into it, what never is, and what the coordinators read there."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.handover import Done, Refused
from dialogs.heard import Tapped, Typed
from storage import Store, attaching, cases, talk, worklist
from storage.cases import Case, CaseHead, Mode, Who
from storage.staff import Member
from tests.bot.centre import Centre
from tests.bot.desk import case_of

TO_THE_STORY = ("文字だけ", "いいえ", "だれにも伝えない")
STORY = "会長とけんかをしています"


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def the_case(centre: Centre) -> Case:
    """The only open case there is."""
    (head,) = centre.cases()
    case = centre.store.read(lambda conn: cases.get(conn, centre.store.vault, head.id))
    assert case is not None
    return case


def until_the_story(centre: Centre, who: str = "U1", trouble: str = "会計・税") -> None:
    """A form on our own page, filled in up to the story."""
    for heard in (Tapped("f:consultation"), "個人", trouble, "1週間以内", *TO_THE_STORY):
        centre.say(who, heard, "web")


def test_what_was_written_on_our_page_is_not_filed_before_its_own_consent(centre: Centre) -> None:
    centre.begin("U1", "web")
    until_the_story(centre)
    centre.say("U1", STORY, "web")
    centre.say("U1", "人と話したい", "web")
    keys = [key for key, _, _ in the_case(centre).rows]
    assert keys == ["standing", "trouble", "urgency", "way", "more", "share"]
    stopped = centre.say("U1", "同意しない", "web")
    assert "書かれたことも残しません" in stopped[0].text
    assert STORY not in str(the_case(centre).rows)


def test_a_form_sent_after_asking_for_a_person_goes_into_the_case_that_is_open(centre: Centre) -> None:
    centre.begin("U1", "web")
    centre.say("U1", "町会の人ともめています", "web")
    until_the_story(centre)
    coming = centre.say("U1", "人と話したい", "web")
    before = the_case(centre).head
    assert (before.flow, before.topic, before.urgency) == ("", "other", "none")
    for words in (STORY, "同意する"):
        centre.say("U1", words, "web")
    sent = centre.say("U1", "送る", "web")
    case = the_case(centre)
    assert case.head.ref in coming[0].text
    assert case.head.ref in sent[0].text
    assert (case.head.id, case.head.flow, case.head.topic, case.head.urgency, case.head.mode) == (
        (before.id, "consultation", "accounts", "week", Mode.PRIVATE)
    )
    keys = [key for key, _, _ in case.rows]
    assert keys[:2] == ["words", "standing"]
    assert len(keys) == len(set(keys))
    assert case.record["story"] == STORY
    history = centre.store.read(lambda conn: cases.history(conn, case.head.id))
    assert [(step.kind, step.who) for step in history] == [("opened", Who.PERSON), ("filed", Who.PERSON)]
    assert centre.store.read(lambda conn: cases.counts(conn, 0, centre.now)).topics == {"accounts": 1}


def test_a_second_form_loses_nothing_of_the_first(centre: Centre) -> None:
    centre.begin("U1", "web")
    for trouble, story in (("会計・税", STORY), ("場所・設備", "会議室をさがしています")):
        until_the_story(centre, trouble=trouble)
        for words in (story, "同意する", "送る"):
            centre.say("U1", words, "web")
    case = the_case(centre)
    told = [value for key, _, value in case.rows if key == "story"]
    assert told == [STORY, "会議室をさがしています"]
    assert (case.head.topic, case.head.topics, case.head.mode) == ("accounts", ("accounts", "place"), Mode.PRIVATE)


def test_a_form_heard_in_the_same_round_as_the_wish_for_a_person_is_one_case(centre: Centre) -> None:
    centre.begin("U1", "web")
    until_the_story(centre)
    for words in ("人と話したい", STORY, "同意する", "送る"):
        centre.now += timedelta(seconds=1)
        centre.receive(centre.event("U1", Typed(words), "web"))
    centre.hear()
    case = the_case(centre)
    assert (case.head.flow, case.record["story"]) == ("consultation", STORY)
    said = [line.body["text"] for line in centre.lines("U1", "web") if line.body and line.way is talk.Way.OUT]
    assert sum(case.head.ref in text for text in said) == 2


@pytest.mark.parametrize(
    ("words", "reason", "named"),
    [("もう死にたいです", "self_harm", "命にかかわる言葉"), ("家が火事です", "disaster", "災害や火事")],
    ids=["self_harm", "disaster"],
)
@pytest.mark.parametrize("opened", [False, True], ids=["no case yet", "a case is open"])
def test_D12_the_case_of_an_alarm_is_urgent_and_names_the_kind_of_danger(
    centre: Centre, opened: bool, words: str, reason: str, named: str
) -> None:
    centre.begin("U1")
    if opened:
        centre.say("U1", "人と話したい")
    centre.say("U1", words)
    centre.say("U1", words)
    case = the_case(centre)
    assert case.rows[0] == ["danger", "危険の種類", named]
    assert words not in str(case.rows)
    assert [row[0] for row in case.rows].count("danger") == 1
    history = centre.store.read(lambda conn: cases.history(conn, case.head.id))
    assert [(step.kind, step.data) for step in history[1:]] == [("alarm", {"reason": reason})] * 2
    (item,) = centre.store.read(lambda conn: worklist.items(conn, worklist.Wanted(centre.now)))
    assert (item.rank, item.head.why, item.head.urgency) == (0, "urgent", "today")


async def reopened_beside_another(centre: Centre) -> tuple[CaseHead, CaseHead, Done | Refused, Member]:
    """A closed case and an open one of the same person, and what came of opening the closed one again, twice."""
    old, sato = case_of(centre), centre.member("sato")
    await centre.desk.close(old.id, sato)
    centre.say("U1", "人と話したい")
    new = the_case(centre).head
    centre.carried()
    first = await centre.desk.reopen(old.id, sato)
    assert await centre.desk.reopen(old.id, sato) == first
    return old, new, first, sato


@pytest.mark.anyio
async def test_a_closed_case_is_not_opened_again_beside_another_open_one(centre: Centre) -> None:
    old, new, done, sato = await reopened_beside_another(centre)
    assert done == Refused("other_open", "", new.id)
    assert the_case(centre).head.id == new.id
    assert centre.carried() == []  # nobody is told that two cases go on
    for case, other in ((old, new), (new, old)):
        steps = centre.store.read(lambda conn, of=case.id: cases.history(conn, of))  # type: ignore[misc]
        linked = [(step.data, step.staff_name) for step in steps if step.kind == "linked"]
        assert linked == [({"case": other.id, "ref": other.ref}, "Sato")]
    await centre.desk.close(new.id, sato)
    assert await centre.desk.reopen(old.id, sato) == Done()
    assert the_case(centre).head.id == old.id


def test_a_form_sent_from_our_page_is_acknowledged_in_the_chat_the_person_came_from(centre: Centre) -> None:
    centre.begin("U1")
    person, store = centre.person_of("U1"), centre.store
    page = store.writer.submit(lambda conn: attaching.attach(conn, store.vault, person, "web")).result()
    centre.carried()
    until_the_story(centre, page.address)
    for words in (STORY, "同意する"):
        centre.say(page.address, words, "web")
    assert centre.carried() == []
    centre.say(page.address, "送る", "web")
    case = the_case(centre)
    (parcel,) = centre.carried()
    sent, promise = parcel.messages
    assert (parcel.channel, parcel.address, parcel.reply_token) == ("line", "U1", "")
    assert case.head.ref in sent["text"]
    assert "担当者が" in promise["text"]
    assert "/p/" in str(promise["page"])
    private = (STORY, "会計", "個人", "文字だけ", "1週間以内")
    assert not any(word in str(parcel.messages) for word in private)
    told = [line for line in centre.lines("U1") if line.body and line.body.get("text") == sent["text"]]
    assert [line.delivery for line in told] == ["sent"]  # said once in the talk, though it is read in two places


SOUNDS_LIKE_DANGER = "お弁当を届けたら玄関の中で動かない人がいます"


def test_D12_what_only_sounds_like_danger_gets_the_numbers_and_is_told_to_staff(centre: Centre) -> None:
    centre.begin("U1")
    said = centre.say("U1", SOUNDS_LIKE_DANGER)
    assert "だれかの身があぶないとき" in said[0].text
    assert "119" in said[0].text
    case = the_case(centre)
    assert case.rows[0] == ["danger", "危険の種類", "あぶない目にあっている人の話かもしれません"]
    assert (case.head.why, case.head.urgency) == ("urgent", "today")


def test_D12_first_words_that_sound_like_danger_get_the_numbers_before_any_greeting(centre: Centre) -> None:
    said = centre.say("U1", SOUNDS_LIKE_DANGER)
    assert "119" in said[0].text
    assert the_case(centre).head.urgency == "today"


def test_D12_what_only_sounds_like_danger_is_an_answer_within_a_form(centre: Centre) -> None:
    """Whoever is asked for the trouble tells it there; only words that name danger break into a form."""
    centre.begin("U1", "web")
    until_the_story(centre)
    said = centre.say("U1", SOUNDS_LIKE_DANGER, "web")
    assert all("119" not in one.text for one in said)
    assert centre.cases() == []
    centre.say("U1", "家が火事です", "web")
    assert the_case(centre).head.urgency == "today"
