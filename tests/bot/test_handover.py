"""The desk: one holder, words that go where they may, nothing from an inner note, and the way back to the bot."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from bot.handover import LONGEST, Done, Refused
from dialogs.heard import Tapped, Typed
from storage import Store, cases, notes, pages, people
from storage.cases import State
from tests.bot.centre import Centre
from tests.bot.desk import (
    case_of,
    count,
    head,
    in_the_form,
    open_case_of,
    said,
    session_of,
    staff_words,
    words,
    write,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


async def test_the_resident_is_told_who_answers_and_how_to_go_back(centre: Centre) -> None:
    case = case_of(centre)
    centre.carried()
    assert await centre.desk.claim(case.id, centre.member("sato")) == Done()
    (told,) = words(centre.carried())
    assert "Satoが担当します" in told
    assert "ボットにもどる" in told


async def test_a_case_that_is_taken_says_by_whom(centre: Centre) -> None:
    case = case_of(centre)
    sato, suzuki = centre.member("sato"), centre.member("suzuki")
    assert await centre.desk.claim(case.id, sato) == Done()
    centre.carried()
    assert await centre.desk.claim(case.id, suzuki) == Refused("taken", "Sato")
    assert await centre.desk.claim(case.id, sato) == Done()
    assert centre.carried() == []  # a second press says nothing twice


async def test_R04_only_the_holder_writes_to_the_resident(centre: Centre) -> None:
    case = open_case_of(centre)
    sato, suzuki = centre.member("sato"), centre.member("suzuki")
    assert await centre.desk.reply(case.id, sato, "まだ", "k1") == Refused("not_holder")
    await centre.desk.claim(case.id, sato)
    assert await centre.desk.reply(case.id, suzuki, "わりこみ", "k1") == Refused("not_holder", "Sato")
    assert await centre.desk.release(case.id, suzuki) == Refused("not_holder", "Sato")
    assert await centre.desk.close(case.id, suzuki) == Refused("not_holder", "Sato")
    await centre.desk.close(case.id, sato)
    assert await centre.desk.reply(case.id, sato, "あとから", "k2") == Refused("closed")
    assert await centre.desk.release(case.id, sato) == Refused("closed")
    assert await centre.desk.claim(case.id, suzuki) == Refused("closed")
    assert staff_words(centre) == []


async def test_R03_the_same_key_twice_is_one_message(centre: Centre) -> None:
    case = open_case_of(centre)
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    centre.carried()
    presses = [centre.desk.reply(case.id, sato, "土曜はいかがですか", "same") for _ in range(5)]
    assert await asyncio.gather(*presses) == [Done()] * 5
    assert words(centre.carried()) == ["土曜はいかがですか"]
    assert staff_words(centre) == ["土曜はいかがですか"]
    assert await centre.desk.reply(case.id, sato, "土曜はいかがですか", "other") == Done()
    assert len(staff_words(centre)) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "empty"), (" \n\u3000", "empty"), ("あ" * (LONGEST + 1), "too_long")],
    ids=["nothing", "blank", "too long"],
)
async def test_words_that_are_none_or_too_many_are_refused(centre: Centre, text: str, why: str) -> None:
    case = open_case_of(centre)
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    for act in (centre.desk.reply, centre.desk.note):
        refused = await act(case.id, sato, text, "k")
        assert isinstance(refused, Refused)
        assert refused.why == why
    assert await centre.desk.reply(case.id, sato, "あ" * LONGEST, "k") == Done()  # the key was not used up


async def test_private_words_stay_on_our_page_and_the_chat_gets_a_notice_with_a_link(centre: Centre) -> None:
    case = case_of(centre)
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    centre.carried()
    await centre.desk.reply(case.id, sato, "病院の書類をお持ちください", "k")
    (parcel,) = centre.carried()
    (notice,) = parcel.messages
    assert notice["text"] == "担当者から返事があります。センターのページで読めます。"
    assert notice["sender"] == "Sato"
    token = notice["page"][2].rpartition("/p/")[2]
    link = centre.store.read(lambda conn: pages.look(conn, token, centre.now))
    assert link is not None
    assert link.purpose is pages.Purpose.TALK
    assert link.person_id == centre.person_of("U1")
    assert staff_words(centre) == ["病院の書類をお持ちください"]


async def test_open_words_go_into_the_chat_under_the_coordinators_name(centre: Centre) -> None:
    case = open_case_of(centre)
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    centre.carried()
    await centre.desk.reply(case.id, sato, "  会議室Aが空いています {name} %s\n", "k")
    (parcel,) = centre.carried()
    assert parcel.messages == [{"text": "会議室Aが空いています {name} %s", "sender": "Sato"}]


async def test_on_our_own_page_the_talk_is_the_delivery(centre: Centre) -> None:
    case = case_of(centre, "visitor", "web")
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    await centre.desk.reply(case.id, sato, "こんにちは", "k")
    assert centre.carried() == []
    assert said(centre, "visitor", "web")[-1] == ("staff", "こんにちは")


async def test_a_note_never_leaves_the_house(centre: Centre) -> None:
    case = case_of(centre)
    sato, suzuki = centre.member("sato"), centre.member("suzuki")
    await centre.desk.claim(case.id, sato)
    parcels, lines = count(centre, "outbox"), count(centre, "message")
    for who in (sato, suzuki):  # a colleague may note something, too
        assert await centre.desk.note(case.id, who, "心配な様子", "n") == Done()
        assert await centre.desk.note(case.id, who, "心配な様子", "n") == Done()
    assert (count(centre, "outbox"), count(centre, "message")) == (parcels, lines)
    kept = centre.store.read(lambda conn: notes.of_case(conn, centre.store.vault, case.id))
    assert [(note.staff_name, note.text) for note in kept] == [("Sato", "心配な様子"), ("Suzuki", "心配な様子")]
    centre.carried()
    assert not any("心配" in text for _, text in said(centre))


async def test_after_release_the_form_goes_on_at_its_question_with_every_answer(centre: Centre) -> None:
    asked = in_the_form(centre)
    centre.say("U1", "人と話したい")
    (case,) = centre.cases()
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    for held in (Typed("お金のこと"), Tapped("a:1:standing:other"), Tapped("f:consultation"), Tapped("m:menu")):
        assert centre.say("U1", held) == []
    before = session_of(centre)["answers"]
    assert before == {"standing": "npo"}
    centre.carried()
    assert await centre.desk.release(case.id, sato) == Done()
    told = words(centre.carried())
    assert told[0] == "担当者との話は、ここでいったん終わりです。"
    assert told[-1] == asked[-1].text
    assert session_of(centre)["answers"] == before
    assert head(centre, case.id).state is State.NEW
    assert centre.say("U1", Tapped("a:1:trouble:money"))  # and the bot hears again


async def test_close_and_reopen(centre: Centre) -> None:
    case = case_of(centre)
    sato, suzuki = centre.member("sato"), centre.member("suzuki")
    await centre.desk.claim(case.id, sato)
    centre.carried()
    assert await centre.desk.close(case.id, sato) == Done()
    assert words(centre.carried())[0] == f"受付番号 {case.ref} の相談は、終わりになりました。またいつでもどうぞ。"
    assert await centre.desk.close(case.id, sato) == Refused("closed")
    assert centre.say("U1", "メニュー")  # the bot is there again
    centre.carried()
    assert await centre.desk.reopen(case.id, suzuki) == Done()
    again = head(centre, case.id)
    assert (again.state, again.holder, again.closed_at) == (State.CLAIMED, suzuki.id, None)
    (told,) = words(centre.carried())
    assert case.ref in told
    assert "まだ続いています。Suzukiが担当します" in told
    assert await centre.desk.reopen(case.id, suzuki) == Done()
    assert centre.carried() == []  # a second press says nothing twice
    steps = centre.store.read(lambda conn: cases.history(conn, case.id))
    assert [step.kind for step in steps] == ["opened", "claimed", "closed", "reopened", "claimed"]


async def test_a_case_nobody_holds_can_be_closed_by_anybody(centre: Centre) -> None:
    case = case_of(centre)
    assert await centre.desk.close(case.id, centre.member("sato")) == Done()


async def test_P08_a_person_who_was_forgotten_meanwhile_is_gone(centre: Centre) -> None:
    case = case_of(centre)
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    person = centre.person_of("U1")
    write(centre, lambda conn: people.forget(conn, person, centre.now))
    for act in (centre.desk.claim, centre.desk.release, centre.desk.close, centre.desk.reopen):
        assert await act(case.id, sato) == Refused("gone")
    assert await centre.desk.reply(case.id, sato, "こんにちは", "k") == Refused("gone")
    assert await centre.desk.note(case.id, sato, "こんにちは", "k") == Refused("gone")
    assert await centre.desk.claim(10**9, sato) == Refused("gone")
    assert count(centre, "outbox") == count(centre, "message") == count(centre, "note") == 0
