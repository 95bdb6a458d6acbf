"""What is drawn for LINE: how it looks, and that it is within every limit whatever is to be said."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from bot.channels.doubles.counting import graphemes
from bot.channels.doubles.line.messages import check_messages
from bot.channels.letters import units
from bot.channels.line_draw import draw, draw_plain
from bot.channels.line_sdk import PushMessageRequest, ReplyMessageRequest
from dialogs.saying import Button, Message, Page, Picker, PickerKind, Weight
from tests.channels import odd
from tests.channels.samples import QUESTION, WORDS
from tests.doubles import oracle

# The limits of the Messaging API reference: (what, field) → (most, how it is counted).
LIMITS = {
    ("text message", "text"): (5000, units),
    ("flex", "altText"): (1500, units),
    ("sender", "name"): (20, units),
    ("quick action", "label"): (20, graphemes),
    ("action", "label"): (40, graphemes),
    ("action", "data"): (300, units),
    ("action", "displayText"): (300, graphemes),
    ("action", "uri"): (1000, units),
}


def counted(objects: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every part of the objects that has a limit, with its name in the table."""
    for drawn in objects:
        yield ("text message" if drawn["type"] == "text" else "flex"), drawn
        if "sender" in drawn:
            yield "sender", drawn["sender"]
        for item in drawn.get("quickReply", {}).get("items", []):
            yield "quick action", item["action"]
            yield "action", item["action"]
        for row in drawn.get("contents", {}).get("body", {}).get("contents", []):
            if "action" in row:
                yield "action", row["action"]


def hold(objects: list[dict[str, Any]]) -> None:
    """Hold drawn objects against the table, the double, the SDK's models and, where they are, the official pages."""
    assert 1 <= len(objects) <= 5
    for what, part in counted(objects):
        for (named, field), (most, measure) in LIMITS.items():
            if named == what and field in part:
                assert part[field]
                assert measure(part[field]) <= most, (what, field)
    for drawn in objects[:-1]:
        assert "quickReply" not in drawn
    assert len(objects[-1].get("quickReply", {}).get("items", [])) <= 13
    for drawn in objects:
        assert len(json.dumps(drawn.get("contents", {}))) <= 30_000
        assert "line" not in drawn.get("sender", {}).get("name", "").casefold()
    request = {"replyToken": "x", "messages": objects}
    wire = json.dumps(request)
    assert check_messages(json.loads(wire)["messages"], body_bytes=len(wire)) == []
    assert ReplyMessageRequest.from_dict(request).to_dict()["messages"] == [
        {**drawn, "sender": drawn["sender"]} if "sender" in drawn else drawn for drawn in objects
    ]
    if oracle.SPECS.exists():
        assert oracle.line_faults("messaging-api", "PushMessageRequest", {"to": "U1", "messages": objects}) == []


@given(odd.parcels)
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_whatever_is_said_is_drawn_within_every_limit(parcel: tuple[Message, ...]) -> None:
    hold(draw(parcel))
    hold(draw_plain(parcel))


def test_the_official_pages_judge_what_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    request = {"to": "U1", "messages": draw((WORDS, QUESTION))}
    assert PushMessageRequest.from_dict(request).to_dict()["messages"] == request["messages"]
    with capsys.disabled():
        there = oracle.at_hand("line-openapi/messaging-api.yml")
    if there:
        assert oracle.line_faults("messaging-api", "PushMessageRequest", request) == []
        wordless = {"to": "U1", "messages": [{"type": "text"}]}
        assert oracle.line_faults("messaging-api", "PushMessageRequest", wordless) != []


def rows(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a bubble that can be tapped."""
    return [part for part in drawn["contents"]["body"]["contents"] if "action" in part]


def test_words_alone_are_plain_text() -> None:
    assert draw((WORDS,)) == [{"type": "text", "text": "ありがとうございます。"}]


def test_nothing_to_say_draws_nothing() -> None:
    assert draw(()) == draw_plain(()) == []


def test_readings_are_drawn_in_brackets() -> None:
    [drawn] = draw((Message("\ufff9協働\ufffaきょうどう\ufffbとは"),))
    assert drawn["text"] == "協働(きょうどう)とは"


def test_the_main_step_and_then_options_are_wide_rows_and_ways_are_quick_replies() -> None:
    words, question = draw((WORDS, QUESTION))
    assert words == {"type": "text", "text": WORDS.text}
    assert question["altText"] == QUESTION.text
    assert [row["action"] for row in rows(question)] == [
        {"type": "postback", "label": label, "data": tap, "displayText": label}
        for label, tap in [
            ("送る", "c1:send"),
            ("団体をつくりたい", "c1:topic:start"),
            ("お金のこと", "c1:topic:money"),
        ]
    ]
    assert all(row["contents"][0]["wrap"] for row in rows(question))
    main, option, _ = rows(question)
    assert (option["backgroundColor"], main["backgroundColor"]) == ("#FFFFFF", "#0017C1")
    assert [item["action"]["data"] for item in question["quickReply"]["items"]] == ["c1:back", "person"]


def test_ways_without_options_go_under_plain_text() -> None:
    [drawn] = draw((Message("お名前は。", (Button("もどる", "back", Weight.WAY),)),))
    assert drawn["type"] == "text"
    assert drawn["quickReply"]["items"][0]["action"]["displayText"] == "もどる"


def test_ways_of_all_messages_gather_under_the_last_and_the_last_message_s_come_first() -> None:
    early = Message("一", tuple(Button(str(n), f"early{n}", Weight.WAY) for n in range(12)))
    late = Message("二", (Button("人", "person", Weight.WAY), Button("もどる", "back", Weight.WAY)))
    first, last = draw((early, late))
    assert "quickReply" not in first
    data = [item["action"]["data"] for item in last["quickReply"]["items"]]
    assert data[:2] == ["person", "back"]
    assert len(data) == 13


@pytest.mark.parametrize(
    ("kind", "earliest", "latest", "bounds"),
    [
        (PickerKind.DATE, "2026-12-01", "2026-12-31", {"min": "2026-12-01", "max": "2026-12-31"}),
        (PickerKind.DATE, "2026-12-01T10:00:00", None, {"min": "2026-12-01"}),
        (PickerKind.TIME, "09:00:00", "17:30", {"min": "09:00", "max": "17:30"}),
        (PickerKind.MOMENT, "2026-12-01T09:00:00", None, {"min": "2026-12-01T09:00"}),
        (PickerKind.DATE, "2026-12-31", "2026-12-01", {}),
        (PickerKind.DATE, "soon", "2300-01-01", {}),
    ],
    ids=["days", "day from a moment", "times", "moment", "wrong way round", "no dates"],
)
def test_a_picker_is_the_phone_s_own(
    kind: PickerKind, earliest: str | None, latest: str | None, bounds: dict[str, str]
) -> None:
    [drawn] = draw((Message("いつがよいですか。", picker=Picker(kind, "日をえらぶ", "c1:day", earliest, latest)),))
    [row] = rows(drawn)
    plain = {"type": "datetimepicker", "label": "日をえらぶ", "data": "c1:day", "mode": kind.value}
    assert row["action"] == plain | bounds
    hold([drawn])


def test_a_page_is_a_row_that_opens_it_and_is_left_out_while_it_has_no_address() -> None:
    [drawn] = draw((Message("ここに書いてください。", page=Page("書く", "answer", "https://nakodo.example/p/1")),))
    assert rows(drawn)[0]["action"] == {"type": "uri", "label": "書く", "uri": "https://nakodo.example/p/1"}
    [bare] = draw((Message("ここに書いてください。", page=Page("書く", "answer")),))
    assert bare == {"type": "text", "text": "ここに書いてください。"}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("佐藤", "佐藤"),
        ("LINE太郎", "太郎"),
        ("ＬＩＮＥ", None),
        ("LiLINEne", None),
        ("", None),
        ("と" * 30, "と" * 19 + "…"),
    ],
)
def test_the_sender_s_name_is_one_that_line_takes(name: str, shown: str | None) -> None:
    [drawn] = draw((Message("はい", sender=name),))
    assert drawn.get("sender", {}).get("name") == shown


def test_more_than_five_objects_are_joined_without_losing_words() -> None:
    long = Message("あ。" * 2400 + "い")
    drawn = draw((WORDS, WORDS, long, WORDS, QUESTION))
    assert len(drawn) <= 5
    many = draw([*(Message(f"{n}。" + "う" * 2600) for n in range(4)), QUESTION])
    assert [part["type"] for part in many] == ["text", "text", "text", "text", "flex"]
    split = draw((Message("え。" * 4000), WORDS, WORDS, WORDS, QUESTION))
    assert len(split) <= 5
    assert split[-1]["type"] == "flex"
    assert "".join(part.get("text", "") for part in split).count("ありがとうございます。") == 3


def test_words_of_two_people_are_never_joined() -> None:
    parcel = tuple(Message("お" * 2600, sender=name) for name in ("佐藤", "鈴木")) + (Message("か" * 5001),) * 3
    drawn = draw(parcel)
    assert [part.get("sender", {}).get("name") for part in drawn[:2]] == ["佐藤", "鈴木"]


def test_a_long_question_says_its_words_first_and_asks_beside_the_buttons() -> None:
    told = "これはせつめいです。" * 200
    before, bubble = draw((Message(told + "どれですか。", QUESTION.buttons),))
    heading = bubble["contents"]["body"]["contents"][0]["text"]
    assert before["type"] == "text"
    assert before["text"] + heading == told + "どれですか。"
    assert heading.endswith("どれですか。")


def test_A09_without_bubbles_every_option_is_still_there() -> None:
    [drawn] = draw_plain((QUESTION,))
    assert drawn["text"] == "ご相談は何ですか。\n・団体をつくりたい\n・お金のこと\n・送る"
    taps = [item["action"]["data"] for item in drawn["quickReply"]["items"]]
    assert taps == ["c1:send", "c1:topic:start", "c1:topic:money", "c1:back", "person"]


def test_a_calendar_file_opens_outside_of_the_chat_where_it_can_be_saved() -> None:
    for purpose, away in (("talk", ""), ("file:3", "?openExternalBrowser=1")):
        page = Page("開く", purpose, "https://centre.example/x")
        assert f'"uri": "https://centre.example/x{away}"' in json.dumps(draw([Message("文", page=page)]))
