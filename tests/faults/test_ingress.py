"""The doors of the whole site: who is refused leaves no trace, what was taken is heard once, nothing calls out."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.payload import MAX_BODY
from storage import inbox, talk
from tests.channels.samples import BOT_ID, line_signature, telegram_message, update
from tests.faults.town import LINE, TELEGRAM, Town, line_user, said

pytestmark = pytest.mark.anyio
TABLES = ("inbox", "contact", "person", "message", "outbox")


async def nothing_came_of_it(place: Town) -> bool:
    """Whether no row of anything personal was written."""
    return [await place.count(table) for table in TABLES] == [0] * len(TABLES)


async def test_W01_W02_W03_W04_what_line_did_not_sign_leaves_no_trace(place: Town) -> None:
    body = json.dumps({"destination": BOT_ID, "events": [place.event("hanako")]}).encode()
    right = line_signature(body)
    bits = bytearray(body)
    bits[40] ^= 1
    spaced = json.dumps(json.loads(body), indent=1).encode()
    async with place.web() as web:
        for headers in ([], [("x-line-signature", "")], [("x-line-signature", right)] * 2):
            assert (await web.post(LINE, content=body, headers=headers)).status_code == 401
    for unsigned, signature in (
        (bytes(bits), right),
        (spaced, right),
        (body, line_signature(body, "f" * 32)),
        (body, right.rstrip("=")),
        (b"\xff not json", right),
    ):
        assert await place.line(body=unsigned, signature=signature) == 401
    assert await nothing_came_of_it(place)


async def test_W03_what_is_meant_for_another_bot_is_refused(place: Town) -> None:
    body = json.dumps({"destination": "U" + "0" * 32, "events": [place.event("hanako")]}).encode()
    assert await place.line(body=body) == 403
    assert await nothing_came_of_it(place)


BODIES = {
    "invalid UTF-8": b'{"events":[\xff]}',
    "UTF-16": '{"events":[]}'.encode("utf-16"),
    "BOM": b'\xef\xbb\xbf{"events":[]}',
    "bare NUL": b'{"events":[],"x":"\x00"}',
    "no JSON": b"hello",
    "an array": b"[]",
    "nothing": b"",
    "no events": b"{}",
    "events of another shape": b'{"events":{}}',
    "too deep": b'{"events":' + b"[" * 100_000,
    "NaN": b'{"events":[NaN]}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_W06_W18_a_signed_body_that_makes_no_sense_is_400(
    place: Town, body: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await place.line(body=body) == 400
    assert await nothing_came_of_it(place)
    logged = capsys.readouterr()
    assert "post refused" in logged.out + logged.err


async def test_W18_a_body_over_the_cap_is_413(place: Town) -> None:
    assert await place.line(body=b" " * (MAX_BODY + 1)) == 413


async def test_W07_W08_each_door_opens_to_its_own_platform_only(place: Town) -> None:
    hello = json.dumps({"destination": BOT_ID, "events": [place.event("hanako")]}).encode()
    there = json.dumps(update(message=telegram_message(text="こんにちは"))).encode()
    line, telegram = {"x-line-signature": line_signature(hello)}, {"x-telegram-bot-api-secret-token": "hook-secret_1"}
    async with place.web() as web:
        assert (await web.post(TELEGRAM, content=hello, headers=line)).status_code == 403
        assert (await web.post(LINE, content=there, headers=telegram)).status_code == 401
        for secret in ("", "wrong", "hook-secret_1 "):
            refused = await web.post(TELEGRAM, content=there, headers={"x-telegram-bot-api-secret-token": secret})
            assert refused.status_code == 403
        for path in (LINE, TELEGRAM):
            for method in ("GET", "HEAD", "PUT", "DELETE", "OPTIONS"):
                assert (await web.request(method, path, content=hello, headers=line)).status_code == 405
            assert (await web.post(path + "/", content=hello, headers=line)).status_code in (307, 404)
    assert await nothing_came_of_it(place)


async def test_W09_a_replay_an_hour_or_days_later_has_no_second_effect(either: Town) -> None:
    hello = either.event("hanako", "メニュー")
    assert await either.line(hello) == 200
    await either.hear()
    parcels, lines = await either.count("outbox"), await either.count("message")
    for later in (timedelta(hours=1), timedelta(days=3), timedelta(days=400)):
        either.clock.now += later
        again = {**hello, "deliveryContext": {"isRedelivery": True}}
        assert await either.line(again) == await either.line(hello) == 200
        await either.hear()
    assert (await either.count("outbox"), await either.count("message")) == (parcels, lines)
    assert await either.count("inbox") == 1


async def test_W13_a_redelivery_whose_first_copy_never_came_is_new(either: Town) -> None:
    assert await either.line({**either.event("hanako"), "deliveryContext": {"isRedelivery": True}}) == 200
    await either.hear()
    assert await either.count("outbox") == 1


async def test_W11_the_same_yes_twice_in_a_moment_is_two_messages(either: Town) -> None:
    await either.agreed("hanako")
    assert await either.line(either.event("hanako", "はい"), either.event("hanako", "はい")) == 200
    await either.hear()
    assert await either.own_words("hanako") == ["はい", "はい"]


def picture(place: Town, number: int) -> dict[str, Any]:
    """One of several pictures sent at once."""
    return place.event("hanako", message={"type": "image", "id": f"p{number}", "imageSet": {"index": number}})


async def test_W12_ten_pictures_of_somebody_new_are_one_conversation(either: Town) -> None:
    assert await asyncio.gather(*(either.line(picture(either, n)) for n in range(10))) == [200] * 10
    await either.hear()
    assert (await either.count("person"), await either.count("contact")) == (1, 1)
    assert await either.count("outbox") == 10  # nobody is left waiting for an answer


async def test_W12_ten_pictures_are_kept_in_their_order_and_each_is_answered(either: Town) -> None:
    await either.agreed("hanako")
    album = [picture(either, n) for n in range(10)]
    assert await either.line(*reversed(album)) == 200
    await either.hear()
    lines = (await either.lines("hanako"))[-20:]
    things = [line.at for line in lines if line.way is talk.Way.IN and line.body and line.body["kind"] == "showed"]
    assert len(things) == 10
    assert things == sorted(things)
    assert all(said(line) for line in lines if line.way is talk.Way.OUT)


async def test_W14_what_comes_out_of_order_is_heard_by_its_time(either: Town) -> None:
    await either.agreed("hanako")
    first, second, third = (either.event("hanako", text) for text in ("一", "二", "三"))
    assert [await either.line(one) for one in (third, first, second)] == [200] * 3
    await either.hear()
    assert await either.own_words("hanako") == ["一", "二", "三"]
    late = {**either.event("hanako", "さきほどの"), "timestamp": first["timestamp"] - 1}
    assert await either.line(late) == 200
    await either.hear()
    assert await either.own_words("hanako") == ["さきほどの", "一", "二", "三"]  # shown by the time it was said


async def test_W16_a_ping_is_answered_at_once(place: Town) -> None:
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        assert await place.line() == 200
        took.append(time.perf_counter() - begun)
    assert min(took) < 0.05
    assert await nothing_came_of_it(place)


ODD: dict[str, dict[str, Any]] = {
    "unknown event": {"kind": "teleported", "beam": {"x": 1}},
    "unknown message": {"message": {"type": "hologram", "id": "1"}},
    "extra fields": {"surprise": [1, {"a": None}], "mode": "active"},
    "no message id": {"message": {"type": "text", "text": "あ"}},
    "text is a number": {"message": {"type": "text", "id": "1", "text": 5}},
    "no reply token": {"replyToken": None},
    "strange time": {"timestamp": -(10**20)},
    "no time": {"timestamp": None},
    "no event id": {"webhookEventId": None},
    "event id with NUL": {"webhookEventId": "a\x00b"},
    "event id of 10,000": {"webhookEventId": "x" * 10_000},
    "postback without data": {"kind": "postback", "postback": {}},
    "forged button": {"kind": "postback", "postback": {"data": "a:1:standing:' OR 1=1--"}},
    "language nobody has": {"kind": "postback", "postback": {"data": "l:tlh"}},
    "article nobody wrote": {"kind": "postback", "postback": {"data": "v:nowhere:999999999:y"}},
    "unsend of nothing": {"kind": "unsend", "unsend": {"messageId": "0"}},
    "standby": {"mode": "standby"},
    "source is a word": {"source": "user"},
}


async def test_W17_what_is_new_or_odd_never_hurts_and_the_next_message_is_heard(either: Town) -> None:
    await either.agreed("hanako")
    for name, fields in ODD.items():
        assert await either.line(either.event("hanako", **fields), either.event("hanako", name)) == 200, name
    await either.hear()
    assert [words for words in await either.own_words("hanako") if words in ODD] == list(ODD)
    assert (await either.waiting(), await either.count("person")) == (0, 1)
    assert await asyncio.to_thread(either.store.read, inbox.dead) == []


async def test_several_people_and_one_bad_event_in_one_post(either: Town) -> None:
    await either.agreed("hanako", "taro")
    bad: list[Any] = [None, 5, "x", [], {}, {"type": None, "source": {"userId": 7}}, {"type": "message", "message": []}]
    mixed = [either.event("hanako", "わたしは花子"), *bad, either.event("taro", "ぼくは太郎"), either.event("jiro")]
    assert await either.line(*mixed) == 200
    await either.hear()
    assert await either.own_words("hanako") == ["わたしは花子"]
    assert await either.own_words("taro") == ["ぼくは太郎"]
    assert await either.count("person") == 3


async def test_W23_in_a_group_nothing_personal_is_kept_and_of_its_own_talk_nothing_at_all(either: Town) -> None:
    group = {"type": "group", "groupId": "C" + "1" * 32, "userId": line_user("hanako")}
    room = {"type": "room", "roomId": "R" + "1" * 32}
    assert await either.line(either.event("hanako", "個人の話", source=room)) == 200
    assert [await either.count(table) for table in ("inbox", "person")] == [0, 0]
    events = [
        either.event("hanako", kind="join", source=group),
        either.event("hanako", "個人の話", source=group),
        either.event("hanako", "m:person", kind="postback", source=group, postback={"data": "m:person"}),
        either.event("hanako", "だれか", source=room),
    ]
    assert await either.line(*events) == 200
    await either.hear()
    assert [await either.count(table) for table in ("person", "message", "outbox", "case_file")] == [1, 0, 2, 0]
    assert await either.count("inbox") == 2  # the join and the tap


async def test_W22_W15_the_door_never_calls_out(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The channels of this town raise when they are touched; here no socket may be connected either."""

    def no_way_out(*_: object, **__: object) -> None:
        raise AssertionError("something called out")

    for way in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, way, no_way_out)
    monkeypatch.setattr(socket, "getaddrinfo", no_way_out)
    loop = asyncio.get_running_loop()
    for way in ("getaddrinfo", "create_connection", "sock_connect"):
        monkeypatch.setattr(loop, way, no_way_out, raising=False)
    url = "http://169.254.169.254/latest"
    picture = {"type": "image", "id": "1", "contentProvider": {"type": "external", "originalContentUrl": url}}
    assert await place.line(place.event("hanako", url), place.event("hanako", message=picture)) == 200
    assert await place.telegram("http://[::1]/") == 200
    await place.hear()
    assert await place.count("outbox") == 3


async def test_W21_while_the_worker_is_away_everything_is_taken_and_then_drained_in_order(either: Town) -> None:
    await either.agreed("hanako", "taro")
    posts = [either.event(who, f"{who} {n}") for n in range(60) for who in ("hanako", "taro")]
    answers = await asyncio.gather(*(either.line(one) for one in posts))
    assert set(answers) == {200}
    assert await either.waiting() == 120
    await either.hear()
    for who in ("hanako", "taro"):
        assert await either.own_words(who) == [f"{who} {n}" for n in range(60)]
