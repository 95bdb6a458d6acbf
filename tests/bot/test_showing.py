"""What becomes of a picture, a place or a sticker, and of the words under it: with a case, held, or without any."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from dialogs.heard import Heard, Showed, Tapped, Thing, Typed
from dialogs.saying import Message
from storage import Store, talk, things
from storage.things import Claimed
from tests.bot.centre import Centre
from tests.bot.desk import LEASE, case_of, open_case_of, write

PICTURE = Showed(Thing.PICTURE, "p1")
RECEIVED = "受け取りました。担当者が確認します。"
NOT_KEPT = (
    "ありがとうございます。ここでは保存していません。"
    "担当者に見せるときは、下のボタンを押してから、もう一度送ってください。"
)


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def texts(messages: list[Message]) -> list[str]:
    return [message.text for message in messages]


def wanted(centre: Centre) -> list[Claimed]:
    """What is to be fetched."""
    return write(centre, lambda conn: things.claim(conn, centre.store.vault, "me", centre.now, LEASE))


def told(centre: Centre, who: str = "U1", channel: str = "line") -> list[dict[str, str]]:
    """What is kept of what this person did, the newest last."""
    return [line.body or {} for line in centre.lines(who, channel) if line.way is talk.Way.IN]


def test_with_a_case_it_is_received_and_fetched(centre: Centre) -> None:
    case = case_of(centre)
    assert texts(centre.say("U1", PICTURE)) == [RECEIVED]
    [one] = wanted(centre)
    assert (one.source, one.case_id, one.kind) == ("p1", case.id, "picture")
    assert told(centre)[-1] == {"kind": "showed", "thing": "picture"} | dict.fromkeys(
        ("ref", "name", "words", "caption", "album"), ""
    )


@pytest.mark.anyio
async def test_while_a_coordinator_holds_the_case_the_bot_is_silent(centre: Centre) -> None:
    case = case_of(centre)
    await centre.desk.claim(case.id, centre.member("sato"))
    assert centre.say("U1", PICTURE) == []
    assert [one.source for one in wanted(centre)] == ["p1"]


@pytest.mark.parametrize("thing", [Thing.PICTURE, Thing.FILE, Thing.VOICE, Thing.VIDEO, Thing.PLACE])
def test_without_a_case_nothing_of_it_is_kept_and_the_way_to_a_person_is_shown(centre: Centre, thing: Thing) -> None:
    centre.begin("U1")
    said = centre.say("U1", Showed(thing, "p1", "CANARY.pdf", "CANARY"))
    assert said[0].text == NOT_KEPT
    assert [button.tap for button in said[0].buttons] == ["m:person"]
    assert wanted(centre) == []
    assert "CANARY" not in str(told(centre))
    assert told(centre)[-1]["thing"] == thing.value


def test_P02_before_consent_nothing_is_kept_at_all(centre: Centre) -> None:
    centre.say("U1", PICTURE)
    centre.say("U1", PICTURE)
    assert (told(centre), wanted(centre)) == ([], [])


def test_after_consent_was_refused_nothing_is_fetched_though_a_case_is_open(centre: Centre) -> None:
    case_of(centre)
    centre.say("U1", Tapped("m:refuse"))
    centre.say("U1", PICTURE)
    assert wanted(centre) == []


def test_D16_in_a_form_the_question_is_asked_again(centre: Centre) -> None:
    centre.begin("U1")
    asked = centre.say("U1", Tapped("f:consultation"))[-1].text
    assert texts(centre.say("U1", PICTURE)) == ["写真をありがとうございます。ここでは文字でうかがっています。", asked]


def test_a_thing_whose_content_lies_elsewhere_is_told_but_not_fetched(centre: Centre) -> None:
    case_of(centre)
    assert texts(centre.say("U1", Showed(Thing.PICTURE))) == [RECEIVED]
    assert wanted(centre) == []


def album(centre: Centre, who: str, channel: str, *names: str) -> list[Message]:
    """Pictures that were chosen and sent together."""
    return [
        message
        for name in names
        for message in centre.say(who, Showed(Thing.PICTURE, name, album="A" + names[0]), channel)
    ]


@pytest.mark.parametrize("channel", ["line", "telegram"])
def test_W12_an_album_is_answered_once_and_the_next_one_again(centre: Centre, channel: str) -> None:
    case_of(centre, channel=channel)
    assert texts(album(centre, "U1", channel, *"abc")) == [RECEIVED]
    assert texts(album(centre, "U1", channel, *"def")) == [RECEIVED]
    assert [one.source for one in wanted(centre)] == list("abcdef")


def test_W12_an_album_of_somebody_new_is_greeted_once(centre: Centre) -> None:
    said = album(centre, "U1", "line", *"abc")
    assert sum("なこうど" in text for text in texts(said)) == 1


@pytest.mark.parametrize("caption", ["会議室はいくらですか", "電話番号は", "メニュー"])
def test_words_under_a_picture_are_answered_like_any(centre: Centre, caption: str) -> None:
    case_of(centre, "7", "telegram")
    answer = texts(centre.say("7", caption, "telegram"))
    assert texts(centre.say("7", replace(PICTURE, caption=caption), "telegram")) == [RECEIVED, *answer]
    assert {body["kind"] for body in told(centre, "7", "telegram")[-2:]} == {"typed", "showed"}
    assert [one.source for one in wanted(centre)] == ["p1"]


def test_D12_danger_under_a_picture_shows_the_numbers_first_and_the_picture_goes_to_the_case(centre: Centre) -> None:
    centre.begin("7", "telegram")
    said = centre.say("7", replace(PICTURE, caption="夫に殴られています"), "telegram")
    assert "110" in said[0].text
    assert not any(text in texts(said) for text in (RECEIVED, NOT_KEPT))
    [case] = centre.cases()
    assert [(one.source, one.case_id) for one in wanted(centre)] == [("p1", case.id)]


def test_a_wish_for_a_person_under_a_picture_takes_the_picture_along(centre: Centre) -> None:
    centre.begin("7", "telegram")
    said = centre.say("7", replace(PICTURE, caption="人と話したい"), "telegram")
    assert said[0].text == RECEIVED
    assert [one.source for one in wanted(centre)] == ["p1"]


@pytest.mark.anyio
async def test_words_under_a_picture_reach_the_coordinator_who_holds_the_case(centre: Centre) -> None:
    case = case_of(centre, "7", "telegram")
    await centre.desk.claim(case.id, centre.member("sato"))
    assert centre.say("7", replace(PICTURE, caption="この書類です"), "telegram") == []
    assert [body.get("text", "") for body in told(centre, "7", "telegram")[-2:]] == ["", "この書類です"]


def test_P08_forgotten_by_words_under_a_picture(centre: Centre) -> None:
    case_of(centre, "7", "telegram")
    centre.say("7", "消して", "telegram")
    centre.say("7", replace(PICTURE, caption="すべて消す"), "telegram")
    assert centre.lines("7", "telegram") == []
    assert wanted(centre) == []


@pytest.mark.parametrize("heard", [Showed(Thing.STICKER, words="了解"), Typed("了解")], ids=["sticker", "words"])
def test_a_closed_case_is_no_case(centre: Centre, heard: Heard) -> None:
    from storage import cases

    case = open_case_of(centre)
    centre.say("U1", heard)
    write(centre, lambda conn: cases.close(conn, case.id, cases.By(cases.Who.SYSTEM), centre.now))
    assert centre.say("U1", PICTURE)[0].text == NOT_KEPT
    assert wanted(centre) == []
