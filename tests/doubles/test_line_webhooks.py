"""What the LINE double sends to the bot: signed, in the official format, once or many times, in any order."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from linebot.v3 import WebhookParser  # type: ignore[import-untyped]
from linebot.v3.models import UnknownEvent  # type: ignore[import-untyped]

from bot.channels.doubles.line import LinePlatform, Terms, user_id
from bot.channels.doubles.line.events import sign
from bot.channels.doubles.postman import Habit, Order
from tests.doubles import oracle
from tests.doubles.bot import SECRET, TOKEN, Clock, Got, ListeningBot

pytestmark = pytest.mark.anyio
HANAKO, TARO = user_id("hanako"), user_id("taro")
GROUP, ROOM = "C" + "0" * 32, "R" + "0" * 32
Act = Callable[[LinePlatform], Coroutine[Any, Any, Any]]

ACTS: dict[str, tuple[Act, str]] = {
    "follow": (lambda line: line.follow(HANAKO), "FollowEvent"),
    "unfollow": (lambda line: line.unfollow(HANAKO), "UnfollowEvent"),
    "words": (lambda line: line.say(HANAKO, "こんにちは 𠮷🍎 \x00 %s {{7*7}}"), "MessageEvent"),
    "words in a group": (lambda line: line.say(HANAKO, "はい", group=GROUP, mention=True), "MessageEvent"),
    "tap": (lambda line: line.tap(HANAKO, "a.b"), "PostbackEvent"),
    "date": (lambda line: line.pick(HANAKO, "when", "2026-12-01"), "PostbackEvent"),
    "time": (lambda line: line.pick(HANAKO, "when", "14:30"), "PostbackEvent"),
    "moment": (lambda line: line.pick(HANAKO, "when", "2026-12-01T14:30"), "PostbackEvent"),
    "unsend": (lambda line: line.unsend(HANAKO, "325708"), "UnsendEvent"),
    "join": (lambda line: line.join(GROUP, HANAKO, TARO), "JoinEvent"),
    "join a room": (lambda line: line.join(ROOM, HANAKO, TARO), "JoinEvent"),
    "words in a room": (lambda line: line.say(HANAKO, "はい", group=ROOM), "MessageEvent"),
    "tap in a group": (lambda line: line.tap(HANAKO, "a.b", group=GROUP), "PostbackEvent"),
    "unsend in a group": (lambda line: line.unsend(HANAKO, "325708", group=GROUP), "UnsendEvent"),
    "leave": (lambda line: line.remove(GROUP), "LeaveEvent"),
    "somebody comes": (lambda line: line.come(GROUP, HANAKO), "MemberJoinedEvent"),
    "somebody goes": (lambda line: line.go(GROUP, TARO), "MemberLeftEvent"),
    **{
        kind: (lambda line, kind=kind: line.send(HANAKO, kind), "MessageEvent")  # type: ignore[misc]
        for kind in ("sticker", "image", "video", "audio", "file", "location")
    },
}


def parsed(got: Got) -> list[Any]:
    """The events as LINE's own parser reads them, which checks the signature too."""
    events: list[Any] = WebhookParser(SECRET).parse(got.body.decode(), got.headers["x-line-signature"])
    return events


async def perform(line: LinePlatform, act: Act) -> Any:
    """One act by itself: Hanako is a friend, and Taro alone is in the group."""
    line._state.groups[GROUP] = {TARO}
    return await act(line)


@pytest.mark.parametrize(("act", "kind"), ACTS.values(), ids=list(ACTS))
async def test_both_judges_read_every_event(line: LinePlatform, bot: ListeningBot, act: Act, kind: str) -> None:
    posted = await perform(line, act)
    (event,) = parsed(bot.got[0])
    assert posted.ok
    assert type(event).__name__ == kind
    assert event.webhook_event_id == posted.event["webhookEventId"]
    if kind == "MessageEvent":
        assert type(event.message).__name__ != "MessageContent", "the SDK knows its type"
        assert event.message.mark_as_read_token
    if oracle.at_hand("line-openapi/webhook.yml"):
        assert oracle.line_faults("webhook", "CallbackRequest", bot.got[0].data) == []


async def test_the_signature_is_that_of_the_documents() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert sign("8c570fa6dd201bb328f1c1eac23a96d8", body) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="


async def test_the_signature_covers_the_bytes_that_were_sent(line: LinePlatform, bot: ListeningBot) -> None:
    await line.say(HANAKO, "あ🍎")
    digest = hmac.new(SECRET.encode(), bot.got[0].body, hashlib.sha256).digest()
    assert bot.got[0].headers["x-line-signature"] == base64.b64encode(digest).decode()
    assert "あ🍎".encode() in bot.got[0].body


async def test_the_ping_has_no_events(line: LinePlatform, bot: ListeningBot) -> None:
    posted = await line.raw()
    assert posted.ok
    assert (bot.got[0].data["events"], parsed(bot.got[0])) == ([], [])


async def test_follow_says_whether_it_is_an_unblocking(line: LinePlatform, bot: ListeningBot) -> None:
    await line.follow(HANAKO)
    await line.unfollow(HANAKO)
    await line.follow(HANAKO)
    assert [event.get("follow") for event in bot.events] == [{"isUnblocked": False}, None, {"isUnblocked": True}]
    assert "replyToken" not in bot.events[1]


async def test_a_picked_value_comes_as_params(line: LinePlatform, bot: ListeningBot) -> None:
    await line.pick(HANAKO, "when", "2026-12-01T14:30")
    assert bot.events[0]["postback"] == {"data": "when", "params": {"datetime": "2026-12-01T14:30"}}


async def test_who_has_blocked_cannot_write(line: LinePlatform, bot: ListeningBot) -> None:
    await line.unfollow(HANAKO)
    with pytest.raises(ValueError, match="blocked"):
        await line.say(HANAKO, "a")
    assert len(bot.got) == 1


async def test_a_name_is_no_user_id(line: LinePlatform) -> None:
    with pytest.raises(ValueError, match="user_id"):
        await line.say("hanako", "a")


async def test_redelivery_changes_nothing_but_the_mark(line: LinePlatform, bot: ListeningBot, clock: Clock) -> None:
    posted = await line.say(HANAKO, "a")
    clock.pass_by(minutes=5)
    await line.redeliver(posted.event["webhookEventId"])
    first, second = bot.events
    assert second["deliveryContext"] == {"isRedelivery": True}
    assert {**second, "deliveryContext": first["deliveryContext"]} == first


@pytest.mark.parametrize("answer", [500, 404, None], ids=["500", "404", "no answer in time"])
async def test_what_the_bot_did_not_take_can_be_redelivered(
    hook: str, bot: ListeningBot, clock: Clock, answer: int | None
) -> None:
    bot.answers = [200, answer]
    async with LinePlatform(SECRET, TOKEN, hook, clock=clock, terms=Terms(hook_seconds=0.2)) as line:
        taken, lost = await line.say(HANAKO, "a"), await line.say(HANAKO, "b")
        again = await line.redeliver_failed()
        assert (taken.ok, lost.ok, lost.status, lost.why) == (True, False, answer, "" if answer else "request_timeout")
        assert [post.ok for post in again] == [True]
        assert [event["message"]["text"] for event in bot.events] == ["a", "b", "b"]
        assert await line.redeliver_failed() == []


async def test_a_bot_that_is_down_loses_nothing(clock: Clock, hook: str, bot: ListeningBot) -> None:
    async with LinePlatform(SECRET, TOKEN, "http://127.0.0.1:1/", clock=clock) as line:
        lost = await line.say(HANAKO, "a")
        line.hook_url = hook
        await line.redeliver_failed()
        assert (lost.status, lost.why) == (None, "ClientConnectorError")
        assert bot.events[0]["message"]["text"] == "a"


async def test_many_people_may_share_one_post(line: LinePlatform, bot: ListeningBot) -> None:
    async with line.held(Habit(batch=3)):
        for user in (HANAKO, TARO, HANAKO, TARO):
            held = await line.say(user, user)
            assert (held.ok, held.why) == (False, "held")
        assert bot.got == []
    assert [len(got.data["events"]) for got in bot.got] == [3, 1]
    assert [event["source"]["userId"] for event in bot.events] == [HANAKO, TARO, HANAKO, TARO]


@pytest.mark.parametrize("together", [False, True], ids=["one after the other", "at once"])
async def test_events_may_come_twice(line: LinePlatform, bot: ListeningBot, together: bool) -> None:
    async with line.held(Habit(copies=2, together=together)):
        await line.say(HANAKO, "a")
        await line.say(HANAKO, "b")
    assert sorted(event["message"]["text"] for event in bot.events) == ["a", "a", "b", "b"]
    assert len({event["webhookEventId"] for event in bot.events}) == 2


@pytest.mark.parametrize("order", Order)
async def test_events_may_come_in_any_order(line: LinePlatform, bot: ListeningBot, clock: Clock, order: Order) -> None:
    async with line.held(Habit(order=order, delay=0.001)):
        for word in "abcdefgh":
            clock.pass_by(seconds=1)
            await line.say(HANAKO, word)
    came = "".join(event["message"]["text"] for event in bot.events)
    by_time = sorted(bot.events, key=lambda event: event["timestamp"])
    assert "".join(event["message"]["text"] for event in by_time) == "abcdefgh"
    assert (came == "abcdefgh", came == "hgfedcba") == (order is Order.KEPT, order is Order.REVERSED)


async def test_raw_events_go_as_they_are(line: LinePlatform, bot: ListeningBot) -> None:
    good = line.event("message", HANAKO, message={"type": "hologram", "id": "1"})
    await line.raw(good, {**good, "type": "novelty"})
    await line.raw({"type": "novelty"})
    assert bot.events == [good, {**good, "type": "novelty"}, {"type": "novelty"}]
    assert all(isinstance(event, UnknownEvent) for event in parsed(bot.got[0]))


async def test_raw_bytes_may_carry_any_seal(line: LinePlatform, bot: ListeningBot) -> None:
    await line.post(b"\xff{", {"x-line-signature": "forged"})
    await line.post(b"\xff{")
    assert [got.headers["x-line-signature"] for got in bot.got] == ["forged", line.sign(b"\xff{")]
    assert [got.body for got in bot.got] == [b"\xff{", b"\xff{"]


async def test_ids_of_a_later_start_never_meet_earlier_ones(hook: str, bot: ListeningBot, clock: Clock) -> None:
    for _ in range(2):
        async with LinePlatform(SECRET, TOKEN, hook, clock=clock) as line:
            await line.say(HANAKO, "a")
            await line.say(HANAKO, "b")
        clock.pass_by(seconds=1)
    assert len({event["webhookEventId"] for event in bot.events}) == 4
    assert len({event["message"]["id"] for event in bot.events}) == 4
    assert json.dumps(bot.events).isascii()
