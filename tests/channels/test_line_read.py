"""What each LINE event is heard as, however odd it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from linebot.v3.webhook import WebhookParser  # type: ignore[import-untyped]

from bot.channels.line_read import MOST_EVENTS, Post, read, signed
from bot.channels.payload import Refused
from bot.ports import Arrived
from dialogs.heard import Came, Heard, Left, Picked, Showed, Tapped, Thing, Typed, Withdrew
from tests.channels.samples import HANAKO, LINE_SECRET, NOW, line_body, line_event, line_signature
from tests.each import each


def hear(*events: Any) -> list[Arrived]:
    """Read events through real bytes."""
    post = read(line_body(*events), NOW)
    assert isinstance(post, Post)
    return list(post.arrived)


def message(kind: str, **fields: Any) -> dict[str, Any]:
    return line_event(message={"type": kind, "id": "1", **fields})


EVENTS: list[tuple[str, dict[str, Any], Heard | None, str]] = [
    ("words", message("text", text="はい"), Typed("はい"), "text"),
    (
        "words bit for bit",
        message("text", text=" 𠮷\u200b\u0000\n{{7*7}} "),
        Typed(" 𠮷\u200b\u0000\n{{7*7}} "),
        "text",
    ),
    ("no words", message("text", text=""), Typed(""), "text"),
    ("half a letter", message("text", text="a\ud842b"), Typed("a\ufffdb"), "text"),
    ("words that are a number", message("text", text=7), Showed(Thing.UNKNOWN), "text"),
    ("picture", message("image"), Showed(Thing.PICTURE, "1"), "image"),
    (
        "picture of an album",
        message("image", imageSet={"id": "E0", "index": 1, "total": 10}),
        Showed(Thing.PICTURE, "1", album="E0"),
        "image",
    ),
    (
        "W-15: picture that lies elsewhere",
        message("image", contentProvider={"type": "external", "originalContentUrl": "http://169.254.169.254/"}),
        Showed(Thing.PICTURE),
        "image",
    ),
    ("picture with an id that leads elsewhere", message("image", id="../../info"), Showed(Thing.PICTURE), "image"),
    ("video", message("video"), Showed(Thing.VIDEO, "1"), "video"),
    ("voice", message("audio"), Showed(Thing.VOICE, "1"), "audio"),
    ("file", message("file", fileName="a.pdf"), Showed(Thing.FILE, "1", "a.pdf"), "file"),
    ("place without coordinates", message("location"), Showed(Thing.PLACE), "location"),
    (
        "place",
        message("location", title="区役所", address="東上野4-5-6", latitude=35.7126, longitude=139.78),
        Showed(Thing.PLACE, words="区役所\n東上野4-5-6\n35.712600, 139.780000"),
        "location",
    ),
    ("place on no earth", message("location", latitude=1e300, longitude="x"), Showed(Thing.PLACE), "location"),
    ("sticker", message("sticker", keywords=["Hi", "やあ"]), Showed(Thing.STICKER, words="Hi、やあ"), "sticker"),
    (
        "sticker with words",
        message("sticker", keywords=[1], text="了解"),
        Showed(Thing.STICKER, words="了解"),
        "sticker",
    ),
    ("message of a new kind", message("hologram"), Showed(Thing.UNKNOWN), "hologram"),
    ("message of no kind", line_event(message={}), Showed(Thing.UNKNOWN), "broken"),
    ("tap", line_event("postback", postback={"data": "c1:x"}), Tapped("c1:x"), "postback"),
    ("tap without data", line_event("postback", postback={}), Tapped(""), "postback"),
    (
        "day",
        line_event("postback", postback={"data": "d", "params": {"date": "2026-12-01"}}),
        Picked("d", "2026-12-01"),
        "postback",
    ),
    (
        "time",
        line_event("postback", postback={"data": "d", "params": {"time": "14:30"}}),
        Picked("d", "14:30"),
        "postback",
    ),
    (
        "moment",
        line_event("postback", postback={"data": "d", "params": {"datetime": "2026-12-01T14:30"}}),
        Picked("d", "2026-12-01T14:30"),
        "postback",
    ),
    (
        "menu switch",
        line_event("postback", postback={"data": "m", "params": {"newRichMenuAliasId": "a", "status": "SUCCESS"}}),
        Tapped("m"),
        "postback",
    ),
    ("follow", line_event("follow", follow={"isUnblocked": False}), Came(), "follow"),
    ("unfollow", line_event("unfollow", replyToken=None), Left(), "unfollow"),
    ("unsend", line_event("unsend", unsend={"messageId": "325708"}), Withdrew("325708"), "unsend"),
    ("unsend of nothing", line_event("unsend"), None, "unsend"),
    ("new kind of event", line_event("teleported"), None, "teleported"),
    ("standby", line_event(mode="standby", replyToken=None), None, "standby"),
    ("new mode", line_event(mode="dreaming"), Typed("こんにちは"), "text"),
    ("nobody", line_event(source={"type": "user"}), None, "nobody"),
    ("account link", line_event("accountLink", link={"result": "ok", "nonce": "n"}), Tapped("m:linked"), "accountLink"),
    ("account link of no kind", line_event("accountLink", link="ok"), None, "accountLink"),
    ("account link without a result", line_event("accountLink"), None, "accountLink"),
    ("account link failed", line_event("accountLink", source=None, replyToken=None), None, "nobody"),
    ("no type", line_event("message", type=None), None, "broken"),
]


@each(("event", "heard", "kind"), [e[1:] for e in EVENTS], ids=[e[0] for e in EVENTS])
def test_W17_every_event_is_heard_as_what_it_is(event: dict[str, Any], heard: Heard | None, kind: str) -> None:
    [arrived] = hear(event)
    assert (arrived.heard, arrived.kind) == (heard, kind)


def test_an_event_keeps_everything_that_is_needed_to_answer_it() -> None:
    [arrived] = hear(line_event())
    assert arrived == Arrived(
        channel="line",
        event_id="01FZ74A0TDDPYRVKNK77XKC3ZR",
        address=HANAKO,
        at=NOW,
        heard=Typed("こんにちは"),
        reply_token="nHuyWiB7yP5Zw52FIkcQobQuGDXCTA",
        said_id="468789577898262530",
        kind="text",
        handle="q",
    )


@pytest.mark.parametrize(
    "missing", ["mode", "webhookEventId", "deliveryContext", "timestamp", "replyToken"], ids=lambda name: f"no {name}"
)
def test_W17_a_missing_field_costs_only_itself(missing: str) -> None:
    [arrived] = hear({key: value for key, value in line_event().items() if key != missing})
    assert arrived.heard == Typed("こんにちは")
    assert arrived.address == HANAKO
    assert arrived.event_id


@pytest.mark.parametrize(
    "source",
    [
        {"type": "group", "groupId": "Ca56f94637c", "userId": HANAKO},
        {"type": "room", "roomId": "Ra8dbf4673c", "userId": HANAKO},
        {"type": "group"},
    ],
    ids=["group", "room", "group without id"],
)
def test_W23_what_a_group_says_to_itself_is_not_heard(source: dict[str, str]) -> None:
    group = source.get("groupId") or source.get("roomId") or ""
    *silent, joined = hear(*(line_event(kind, source=source) for kind in ("message", "memberJoined", "join")))
    assert {(one.heard, one.address, one.kind) for one in silent} == {(None, "", "group")}
    assert (joined.heard, joined.address, joined.kind) == (Came() if group else None, group, "group")


@pytest.mark.parametrize(
    "bad",
    [None, 1, "x", [], [[]], {}, {"type": {}}, {"type": "message", "message": []}, line_event(source=[1])],
    ids=repr,
)
def test_one_bad_event_leaves_the_good_ones_whole(bad: Any) -> None:
    first, broken, last = hear(line_event(webhookEventId="a"), bad, line_event(webhookEventId="b"))
    assert first.heard == last.heard == Typed("こんにちは")
    assert broken.heard is None
    assert broken.event_id.startswith("made-") or bad == line_event(source=[1])


def test_W11_the_same_words_twice_are_two_events() -> None:
    one, two = hear(line_event(webhookEventId="a"), line_event(webhookEventId="b"))
    assert one.heard == two.heard
    assert one.event_id != two.event_id


def test_W09_an_event_without_an_id_is_known_again_when_it_is_redelivered() -> None:
    [first] = hear(line_event(webhookEventId=None))
    [again] = hear(line_event(webhookEventId=None, deliveryContext={"isRedelivery": True}))
    [other] = hear(line_event(webhookEventId=None, timestamp=1))
    assert first.event_id == again.event_id != other.event_id


@pytest.mark.parametrize("value", ["", "a\u0000b", "é", "x" * 300, 5, None, {}], ids=repr)
def test_an_id_that_no_database_could_keep_is_replaced(value: Any) -> None:
    [arrived] = hear({**line_event(), "webhookEventId": value})
    assert arrived.event_id.startswith("made-")


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        (1625665242211, datetime(2021, 7, 7, 13, 40, 42, 211000, UTC)),
        (-1, NOW),
        (0, NOW),
        (10**30, NOW),
        (int((NOW + timedelta(days=3)).timestamp() * 1000), NOW),
        ("1625665242211", NOW),
        (True, NOW),
    ],
    ids=str,
)
def test_a_moment_that_cannot_be_true_is_now(timestamp: Any, at: datetime) -> None:
    [arrived] = hear(line_event(timestamp=timestamp))
    assert arrived.at == at


BODIES = {
    "nothing": b"",
    "not UTF-8": b'{"events":[],"x":"\xff"}',
    "UTF-16": '{"events":[]}'.encode("utf-16"),
    "BOM": b'\xef\xbb\xbf{"events":[]}',
    "NUL": b'{"events":["\x00"]}',
    "depth": b'{"events":' + b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "number of a million digits": b'{"events":[],"n":' + b"9" * 1_000_000 + b"}",
    "NaN": b'{"events":[],"n":NaN}',
    "infinity": b'{"events":[],"n":-Infinity}',
    "list": b"[]",
    "events null": b'{"events":null}',
    "no events": b"{}",
    "too many events": line_body(*[{}] * (MOST_EVENTS + 1)),
    "too large": b" " * (1 << 20) + b'{"events":[]}',
}


@each("body", BODIES.values(), ids=BODIES)
def test_W06_W18_a_body_that_cannot_be_read_is_refused_with_a_reason(body: bytes) -> None:
    refused = read(body, NOW)
    assert isinstance(refused, Refused)
    assert refused.why


def test_W16_no_events_are_no_trouble() -> None:
    assert hear() == []


def test_a_deep_event_that_just_parses_still_has_an_id() -> None:
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    [arrived] = hear({"type": "message", "deep": deep})
    assert arrived.event_id.startswith("made-")


def test_the_signature_of_the_documents_is_right() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert signed(LINE_SECRET, body, "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=")


@pytest.mark.parametrize("at", [0, 20, -1], ids=["first bit", "middle", "last bit"])
def test_W02_one_flipped_bit_is_refused(at: int) -> None:
    body = bytearray(line_body(line_event()))
    signature = line_signature(bytes(body))
    body[at] ^= 1
    assert not signed(LINE_SECRET, bytes(body), signature)


def test_W05_no_right_beginning_of_a_signature_helps() -> None:
    body = line_body(line_event())
    right = line_signature(body)
    for length in range(len(right)):
        wrong = right[:length] + ("A" if right[length] != "A" else "B") + right[length + 1 :]
        assert not signed(LINE_SECRET, body, wrong)
        assert not signed(LINE_SECRET, body, right[:length])
    assert signed(LINE_SECRET, body, right)


def test_W05_the_comparison_takes_the_same_time_for_every_wrong_signature() -> None:
    # What the machine does cannot be timed on a shared one; which function compares can be read.
    assert "compare_digest" in signed.__code__.co_names


@pytest.mark.parametrize("signature", [None, "", "é", "\udc80"], ids=["missing", "empty", "not ASCII", "no text"])
def test_W01_a_signature_that_is_none_is_refused(signature: str | None) -> None:
    assert not signed(LINE_SECRET, b"{}", signature)


def test_without_a_secret_nothing_is_ever_signed() -> None:
    assert not signed("", b"{}", line_signature(b"{}", ""))


def test_the_official_parser_hears_the_same_of_what_it_knows() -> None:
    known = [message("text", text="はい", quoteToken="q"), line_event("follow", follow={"isUnblocked": True})]
    body = line_body(*known, line_event("unfollow"), line_event("unsend", unsend={"messageId": "9"}))
    theirs = WebhookParser(LINE_SECRET).parse(body.decode(), line_signature(body))
    ours = hear(*json.loads(body)["events"])
    assert [event.type for event in theirs] == ["message", "follow", "unfollow", "unsend"]
    for their, our in zip(theirs, ours, strict=True):
        assert their.webhook_event_id == our.event_id
        assert their.source.user_id == our.address
        assert their.timestamp == our.at.timestamp() * 1000
    assert isinstance(ours[0].heard, Typed)
    assert theirs[0].message.text == ours[0].heard.text
