"""One transaction holds that a message was heard, what it led to, and the words that go out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from dialogs.heard import Came, Left, Showed, Tapped, Thing, Typed, Withdrew
from dialogs.saying import Message
from storage import Store, attaching, inbox, people, talk
from tests.bot.centre import Centre


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def texts(messages: Sequence[Message]) -> str:
    return "\n".join(message.text for message in messages)


def test_first_words_are_greeted_and_the_reply_waits_in_the_outbox(centre: Centre) -> None:
    said = centre.say("U1", "こんにちは")
    assert "なこうど" in texts(said)
    (parcel,) = centre.claimed()
    assert parcel.reply_token.startswith("token")
    assert len(parcel.messages) == len(said) <= 5


def test_W11_the_same_words_twice_are_two_messages(centre: Centre) -> None:
    centre.begin("U1")
    before = len([line for line in centre.lines("U1") if line.way is talk.Way.IN])
    centre.say("U1", "はい")
    centre.say("U1", "はい")
    assert len([line for line in centre.lines("U1") if line.way is talk.Way.IN]) == before + 2


def test_W09_a_redelivered_event_has_no_second_effect(centre: Centre) -> None:
    event = centre.event("U1", Typed("こんにちは"), event_id="same")
    assert centre.receive(event) == [True]
    assert centre.hear().heard == 1
    assert centre.receive(event) == [False]
    assert centre.hear().heard == 0
    assert len(centre.claimed()) == 1


def test_P02_nothing_a_person_wrote_is_kept_before_consent(centre: Centre) -> None:
    centre.say("U1", "会計のことで困っています")
    assert [line for line in centre.lines("U1") if line.way is talk.Way.IN] == []
    centre.say("U1", Tapped("m:consent"))
    centre.say("U1", "会計のことで困っています")
    assert [line.body["text"] for line in centre.lines("U1") if line.body and line.body.get("kind") == "typed"] == [
        "会計のことで困っています"
    ]


def test_asking_for_a_person_opens_one_case_with_a_number_and_a_private_page(centre: Centre) -> None:
    centre.begin("U1")
    said = centre.say("U1", "人と話したい")
    (case,) = centre.cases()
    assert case.ref in texts(said)
    assert case.why == "asked"
    parcels = centre.carried()
    assert any("/p/" in str(message.get("page")) for parcel in parcels for message in parcel.messages)
    again = centre.say("U1", "人と話したい")
    assert len(centre.cases()) == 1
    assert case.ref in texts(again)


@pytest.mark.anyio
async def test_N04_not_one_bot_word_between_claim_and_release(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", Tapped("f:consultation"))
    asked = centre.say("U1", Tapped("a:1:standing:npo"))
    centre.say("U1", "人と話したい")
    (case,) = centre.cases()
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    for words in ("いくらですか", "会議室は借りられますか", "メニュー"):
        assert centre.say("U1", words) == []
    assert centre.say("U1", Showed(Thing.STICKER)) == []
    before = len(centre.lines("U1"))
    await centre.desk.release(case.id, sato)
    after = [line.body["text"] for line in centre.lines("U1")[before:] if line.body]
    assert after[-1] == asked[-1].text  # the same question as before the person came


@pytest.mark.anyio
async def test_the_person_can_go_back_to_the_bot(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", "人と話したい")
    (case,) = centre.cases()
    await centre.desk.claim(case.id, centre.member("sato"))
    assert centre.say("U1", "ボットにもどる")
    (case,) = centre.cases()
    assert case.holder is None


@pytest.mark.anyio
async def test_D12_danger_shows_the_numbers_even_while_somebody_holds_the_case(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", "人と話したい")
    (case,) = centre.cases()
    await centre.desk.claim(case.id, centre.member("sato"))
    said = centre.say("U1", "もう死にたいです")
    assert "119" in texts(said)
    assert centre.cases()[0].urgency == "today"


def test_D12_danger_opens_an_urgent_case_without_a_form(centre: Centre) -> None:
    centre.begin("U1")
    said = centre.say("U1", "もう死にたいです")
    assert "119" in texts(said)
    (case,) = centre.cases()
    assert (case.why, case.urgency) == ("urgent", "today")


def test_P07_unsend_purges_our_copy(centre: Centre) -> None:
    centre.begin("U1")
    centre.receive(centre.event("U1", Typed("ひみつの話"), said="m-secret"))
    centre.hear()
    assert any("ひみつ" in str(line.body) for line in centre.lines("U1"))
    centre.say("U1", Withdrew("m-secret"))
    assert not any("ひみつ" in str(line.body) for line in centre.lines("U1"))
    assert any(line.withdrawn for line in centre.lines("U1"))


def test_unsend_before_its_message_is_never_heard(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", Withdrew("m-early"))
    centre.receive(centre.event("U1", Typed("ひみつの話"), said="m-early"))
    centre.hear()
    assert not any("ひみつ" in str(line.body) for line in centre.lines("U1"))


def test_forget_me_leaves_nothing_but_a_farewell(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", "会計のことで困っています")
    assert "消しますか" in texts(centre.say("U1", "消して"))
    centre.now += timedelta(seconds=1)
    centre.receive(centre.event("U1", Tapped("m:forget_sure")))
    made = centre.hear()
    (farewell,) = made.farewells
    assert "消しました" in farewell.messages[0].text
    assert farewell.reply_token
    assert centre.store.read(lambda c: people.known(c, centre.store.vault, [("line", "U1")])) == {}


def test_P10_an_old_event_of_a_forgotten_person_does_not_bring_them_back(centre: Centre) -> None:
    event = centre.event("U1", Typed("こんにちは"), event_id="old")
    centre.receive(event)
    centre.hear()
    centre.say("U1", Tapped("m:forget_sure"))
    assert centre.receive(event) == [False]
    assert centre.store.read(lambda c: people.known(c, centre.store.vault, [("line", "U1")])) == {}


def test_P14_what_do_you_have_is_answered_with_counts(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", "人と話したい")
    said = texts(centre.say("U1", "何を持っていますか"))
    assert centre.cases()[0].ref in said
    assert "消して" in said


def test_S20_a_message_that_breaks_our_code_costs_itself_only(centre: Centre) -> None:
    centre.begin("U1")
    centre.begin("U2")
    bad = centre.event("U1", Typed("x"))
    broken = inbox.Incoming(**{**vars(bad), "payload": {"heard": {"kind": "never heard of"}, "said": ""}})
    centre.receive(broken)
    centre.receive(centre.event("U2", Typed("メニュー")))
    tries = [centre.hear() for _ in range(3)]
    assert [len(made.failed) for made in tries] == [1, 1, 1]
    assert tries[0].heard == 1  # the other person was answered at once
    assert centre.hear().failed == ()
    (dead,) = centre.store.read(inbox.dead)
    assert dead.tries == 3
    assert any("うまく受け取れませんでした" in str(line.body) for line in centre.lines("U1"))
    assert centre.say("U1", "メニュー")  # later messages are heard


def test_W25_follow_block_follow_ends_reachable_and_greeted(centre: Centre) -> None:
    centre.receive(centre.event("U1", Came()), centre.event("U1", Left()), centre.event("U1", Came()))
    centre.hear()
    person = centre.person_of("U1")
    found = centre.store.read(lambda c: people.load(c, centre.store.vault, [person]))[person]
    assert found.reachable


def test_a_blocked_person_is_marked_and_nothing_is_said(centre: Centre) -> None:
    centre.begin("U1")
    assert centre.say("U1", Left()) == []
    person = centre.person_of("U1")
    found = centre.store.read(lambda c: people.load(c, centre.store.vault, [person]))[person]
    assert not found.reachable


def test_messages_of_one_person_are_heard_in_the_order_of_their_times(centre: Centre) -> None:
    centre.begin("U1")
    later = centre.event("U1", Tapped("a:1:standing:npo"))
    centre.now -= timedelta(milliseconds=500)
    sooner = centre.event("U1", Tapped("f:consultation"))
    centre.now += timedelta(seconds=2)
    centre.receive(later, sooner)
    centre.hear()
    outs = [line.body["text"] for line in centre.lines("U1") if line.way is talk.Way.OUT and line.body]
    assert "どんなことでお困りですか" in outs[-1]


@pytest.mark.anyio
async def test_private_mode_keeps_the_coordinators_words_out_of_line(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", "人と話したい")
    (case,) = centre.cases()
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    await centre.desk.reply(case.id, sato, "病院の件、わかりました。", "key-00000001")
    assert not any("病院" in str(parcel.messages) for parcel in centre.carried())
    assert any("病院" in str(line.body) for line in centre.lines("U1"))


def test_unsend_of_an_answer_asks_that_question_again(centre: Centre) -> None:
    centre.begin("U1", "web")
    for heard in (Tapped("f:consultation"), Tapped("a:1:standing:npo"), Typed("会計・税"), Typed("急がない")):
        centre.say("U1", heard, "web")
    for words in ("文字だけ", "いいえ", "だれにも伝えない"):
        centre.say("U1", words, "web")
    centre.receive(centre.event("U1", Typed("うちの会計が合いません"), "web", said="m-story"))
    centre.hear()
    centre.say("U1", Withdrew("m-story"), "web")
    person = centre.person_of("U1", "web")
    session = centre.store.read(lambda c: people.load(c, centre.store.vault, [person]))[person].session
    assert session is not None
    assert "story" not in session["answers"]


def test_a_case_sent_from_our_page_is_answered_on_the_chat_the_person_came_from(centre: Centre) -> None:
    centre.begin("U1")
    person = centre.person_of("U1")
    store = centre.store
    page = store.writer.submit(lambda c: attaching.attach(c, store.vault, person, "web")).result()
    centre.say(page.address, "人と話したい", "web")
    (case,) = centre.cases()
    found = store.read(lambda c: people.load(c, store.vault, [person]))[person]
    assert case.contact_id == next(one.id for one in found.contacts if one.channel == "line")
