"""Words that were changed after sending stand in the place of the old; the bot answers them only where it must."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from dialogs.heard import Corrected, Heard, Tapped, Typed
from dialogs.saying import Message
from storage import Store, feed, talk
from tests.bot.centre import Centre

WRONG, RIGHT = "あしたの10時に行きます", "あしたの14時に行きます"


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    made = Centre(store, now)
    made.begin("U1", "telegram")
    return made


def write(centre: Centre, text: str, number: str = "77", who: str = "U1") -> list[Message]:
    return said(centre, Typed(text), number, who)


def change(centre: Centre, text: str, number: str = "77", who: str = "U1") -> list[Message]:
    return said(centre, Corrected(text, number), number, who)


def said(centre: Centre, heard: Heard, number: str, who: str) -> list[Message]:
    """What goes out because of it."""
    before = {line.id for line in centre.lines(who, "telegram")}
    centre.receive(centre.event(who, heard, "telegram", said=number))
    centre.hear()
    after = [line for line in centre.lines(who, "telegram") if line.id not in before and line.way is talk.Way.OUT]
    return [Message.from_json(line.body) for line in after if line.body]


def own(centre: Centre, who: str = "U1") -> list[str]:
    """The words of this person, as kept."""
    lines = [line for line in centre.lines(who, "telegram") if line.way is talk.Way.IN and line.body]
    return [line.body["text"] for line in lines if line.body and "text" in line.body]


def texts(messages: Sequence[Message]) -> str:
    return "\n".join(message.text for message in messages)


@pytest.mark.anyio
async def test_a_coordinator_sees_the_new_words_and_the_bot_keeps_quiet(centre: Centre) -> None:
    centre.say("U1", Tapped("m:person"), "telegram")
    (case,) = centre.cases()
    await centre.desk.claim(case.id, centre.member("sato"))
    write(centre, WRONG)
    cursor = centre.store.read(feed.newest)
    assert change(centre, RIGHT) == []
    (last, *_) = reversed(centre.store.read(lambda conn: talk.of_case(conn, centre.store.vault, case.id)))
    assert last.body == {"kind": "corrected", "text": RIGHT, "message_id": "77"}
    assert own(centre) == [RIGHT]  # the old words are kept nowhere
    told = centre.store.read(lambda conn: feed.since(conn, cursor))
    assert [(one.kind, one.case_id) for one in told] == [("said", case.id)]


@pytest.mark.parametrize("text", [WRONG, "もう死にたいです"], ids=["anything", "danger"])
def test_an_unchanged_text_has_no_second_answer(centre: Centre, text: str) -> None:
    write(centre, text)
    cursor, cases = centre.store.read(feed.newest), centre.cases()
    assert change(centre, text) == []
    assert (centre.store.read(feed.newest), centre.cases()) == (cursor, cases)
    assert own(centre) == [text]


def test_without_a_case_the_bot_says_how_the_new_words_can_count(centre: Centre) -> None:
    write(centre, WRONG)
    (told,) = change(centre, RIGHT)
    assert "もう一度送ってください" in told.text
    assert [button.tap for button in told.buttons] == ["m:person"]
    assert change(centre, RIGHT) == []
    assert own(centre) == [RIGHT]


def test_a_running_form_keeps_its_question_and_its_answers(centre: Centre) -> None:
    centre.say("U1", Tapped("f:consultation"), "telegram")
    asked = write(centre, "NPO法人")
    (told,) = change(centre, "町会・自治会")
    assert "直せます" in told.text
    assert centre.say("U1", "もどる", "telegram")[-1].text != asked[-1].text
    assert own(centre)[0] == "町会・自治会"


def test_D12_danger_in_the_new_words_is_answered_like_any(centre: Centre) -> None:
    write(centre, WRONG)
    assert "119" in texts(change(centre, "もう死にたいです"))
    (case,) = centre.cases()
    assert (case.why, case.urgency) == ("urgent", "today")


def test_words_changed_before_they_were_heard_are_heard_once(centre: Centre) -> None:
    centre.receive(
        centre.event("U1", Typed(WRONG), "telegram", said="77"),
        centre.event("U1", Corrected(RIGHT, "77"), "telegram", said="77"),
    )
    assert centre.hear().heard == 2
    assert own(centre) == [RIGHT]


def test_nobody_changes_the_words_of_another(centre: Centre) -> None:
    centre.begin("U2", "telegram")
    write(centre, WRONG)
    assert change(centre, RIGHT, who="U2") == []
    assert (own(centre), own(centre, "U2")) == ([WRONG], [])


def test_before_consent_nothing_is_kept_and_nothing_said(centre: Centre) -> None:
    write(centre, WRONG, who="U3")
    assert change(centre, RIGHT, who="U3") == []
    assert own(centre, "U3") == []
