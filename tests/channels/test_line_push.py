"""A parcel that must be pushed on LINE, and what can go wrong with any parcel."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.doubles.faults import Empty, FailAfter, Fault, Hang, Refuse, Reset
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import BOT_ID
from bot.channels.line import LineChannel
from bot.ports import GaveUp, Itself, Quota, Sent, TryLater, Unknown
from dialogs.saying import Message
from tests.channels.line_case import ONCE, Case, Ways, arrived, calls, parcel
from tests.channels.samples import HANAKO, LINE_TOKEN, QUESTION, WORDS, Clock

pytestmark = pytest.mark.anyio


PUSH_FAULTS: list[tuple[str, list[Fault], Case]] = [
    (
        "answer lost after acceptance",
        [FailAfter(500)],
        Case(Unknown("no answer (push)", again=True, token_spent=True), 1),
    ),
    (
        "cut after acceptance",
        [Reset(accepted=True)],
        Case(Unknown("no answer (push)", again=True, token_spent=True), 1),
    ),
    (
        "silence after acceptance",
        [Hang(accepted=True)],
        Case(Unknown("no answer (push)", again=True, token_spent=True), 1),
    ),
    ("down", [Refuse(503)], Case(Unknown("no answer (push)", again=True, token_spent=True), 0)),
    ("unreadable 200", [Empty()], Case(Sent("push"), 1)),
    ("wrong access token", [Refuse(401)], Case(TryLater(60.0, "token", token_spent=True), 0)),
    ("nobody there", [Refuse(400, "Failed to send messages")], Case(GaveUp("refused by LINE: 400"), 0)),
    ("too large", [Refuse(413), Refuse(413)], Case(GaveUp("refused by LINE: 413"), 0, 2)),
    ("forbidden", [Refuse(403)], Case(GaveUp("refused by LINE: 403"), 0)),
    ("strange status", [Refuse(418)], Case(GaveUp("refused by LINE: 418"), 0)),
]


@pytest.mark.parametrize(("faults", "case"), [row[1:] for row in PUSH_FAULTS], ids=[row[0] for row in PUSH_FAULTS])
async def test_a_push_that_fails_says_what_is_certain(
    ways: Ways, clock: Clock, token: str, faults: list[Fault], case: Case
) -> None:
    ways.line.faults.next("push", *faults)
    assert await ways.fit(faults).send(parcel(clock)) == case.outcome
    assert (arrived(ways.line), calls(ways.line)) == (ONCE * case.times, ["push"] * case.calls)


RATE, MONTH = "The API rate limit has been exceeded. Try again later.", "You have reached your monthly limit."
TOO_MANY: list[tuple[str, str, tuple[int | None, int], str]] = [
    # what LINE's words say, the month's limit and what is used up of it, and what follows
    ("too fast", RATE, (200, 3), "rate 1.5"),
    ("too many at once, in words we do not know", "Too many requests to the same user", (200, 3), "rate 1.5"),
    ("the plan is used up", MONTH, (200, 200), "quota 3600.0 no push"),
    ("it is used up, in words we do not know", RATE, (5000, 5000), "quota 3600.0 no push"),
    ("the limit on paid ones", MONTH, (777, 777), "paid limit 3600.0 no push"),
    ("the figure lags behind", MONTH, (200, 195), "quota 3600.0 no push"),
    ("the words are wrong", MONTH, (200, 3), "rate 60.0"),
    ("there is no limit at all", MONTH, (None, 3), "rate 60.0"),
]


@pytest.mark.parametrize(("words", "month", "follows"), [row[1:] for row in TOO_MANY], ids=[row[0] for row in TOO_MANY])
async def test_four_causes_of_429_are_told_apart_by_the_quota_endpoints(
    ways: Ways, clock: Clock, words: str, month: tuple[int | None, int], follows: str
) -> None:
    line, channel = ways.line, ways.channel
    await line.follow(HANAKO)
    line.allow(*month)
    line.faults.next("push", Refuse(429, words))
    outcome = await channel.send(parcel(clock))
    assert isinstance(outcome, TryLater)
    assert f"{outcome.why} {outcome.seconds}{' no push' if outcome.no_push else ''}" == follows
    assert calls(line) == ["push", "quota", "consumption"]


async def test_while_the_quota_endpoints_are_silent_the_words_count(
    line: LinePlatform, channel: LineChannel, clock: Clock
) -> None:
    line.faults.next("push", Refuse(429, RATE), Refuse(429, MONTH))
    line.faults.next("quota", Refuse(500), Refuse(500))
    assert await channel.send(parcel(clock)) == TryLater(1.5, "rate", token_spent=True)
    assert await channel.send(parcel(clock)) == TryLater(3600.0, "quota", token_spent=True, no_push=True)


async def test_a_parcel_that_may_not_be_pushed_is_not(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str
) -> None:
    held = parcel(clock, may_push=False)
    assert await channel.send(held) == TryLater(3600.0, "kept back", token_spent=True, no_push=True)
    assert calls(line) == []
    assert isinstance(replied := await channel.send(parcel(clock, token, may_push=False)), Sent)
    assert replied.via == "reply"
    assert await channel.month() == Quota(200, 0)


@pytest.mark.parametrize("first", [FailAfter(500), Refuse(500)], ids=["it had gone", "it had not gone"])
async def test_a_push_again_with_the_same_key_arrives_once(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str, first: Fault
) -> None:
    line.faults.next("push", first)
    sent = parcel(clock)
    assert isinstance(await channel.send(sent), Unknown)
    again = await channel.send(parcel(clock, tried=1, retry_key=sent.retry_key))
    assert isinstance(again, Sent)
    assert len(again.platform_ids) == 2
    assert arrived(line) == ONCE


async def test_after_a_refused_token_an_unknown_push_is_repeated_as_a_push(
    line: LinePlatform, channel: LineChannel, clock: Clock
) -> None:
    await line.follow(HANAKO)
    line.faults.next("push", Refuse(500))
    sent = parcel(clock, "token-that-never-was")
    assert await channel.send(sent) == Unknown("no answer (push)", again=True, token_spent=True)
    again = parcel(clock, tried=1, retry_key=sent.retry_key)  # the token was told to be spent
    assert isinstance(outcome := await channel.send(again), Sent)
    assert (outcome.via, arrived(line), calls(line)) == ("push", ONCE, ["reply", "push", "push"])


async def test_a_blocked_person_is_accepted_and_not_claimed_as_read(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str
) -> None:
    await line.unfollow(HANAKO)
    assert isinstance(await channel.send(parcel(clock)), Sent)
    assert arrived(line) == []


@pytest.mark.parametrize("by_token", [True, False], ids=["reply", "push"])
async def test_A09_when_line_refuses_the_form_plain_words_go(
    ways: Ways, clock: Clock, token: str, by_token: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> list[dict[str, Any]]:
        return [{"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": {"type": "nonsense"}}}]

    monkeypatch.setattr("bot.channels.line.draw", broken)
    sent = parcel(clock, token) if by_token else parcel(clock)
    assert isinstance(await ways.channel.send(sent), Sent)
    assert arrived(ways.line)[1].startswith(QUESTION.text + "\n・団体をつくりたい")


async def test_A09_what_is_too_large_for_line_goes_as_plain_words(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str
) -> None:
    line.faults.next("reply", Refuse(413))
    assert isinstance(await channel.send(parcel(clock, token)), Sent)
    assert (calls(line), {one["type"] for one in line.delivered(HANAKO)}) == (["reply", "reply"], {"text"})


async def test_nothing_to_say_is_not_sent(line: LinePlatform, channel: LineChannel, clock: Clock) -> None:
    assert await channel.send(parcel(clock, messages=())) == GaveUp("nothing to say")
    assert calls(line) == []


async def test_a_platform_that_cannot_be_reached_is_tried_later(clock: Clock) -> None:
    adapter = LineChannel("http://127.0.0.1:9", LINE_TOKEN, clock, patience=0.5)
    assert await adapter.send(parcel(clock, "t")) == TryLater(2.0, "cannot be reached")
    assert await adapter.send(parcel(clock)) == TryLater(2.0, "cannot be reached", token_spent=True)
    assert await adapter.send(parcel(clock, "t", tried=1)) == Unknown("no answer (reply)", again=True)
    assert await adapter.itself() is None
    await adapter.close()


async def test_the_bot_learns_its_own_id(channel: LineChannel, line: LinePlatform) -> None:
    assert await channel.itself() == Itself(BOT_ID, "@nakodo")
    line.faults.next("info", Refuse(500))
    assert await channel.itself() is None


async def test_starting_and_closing_need_no_network(clock: Clock) -> None:
    adapter = LineChannel("http://127.0.0.1:9", LINE_TOKEN, clock)
    first = await adapter.open()
    assert await adapter.open() is first
    await adapter.close()
    await adapter.close()


@pytest.mark.parametrize(
    "text",
    ["a" * 100_000, " \u200b", "👨‍👩‍👧‍👦𠮷\u202e\u0000\x1b[31m", "{{7*7}} %s <b>"],
    ids=["long", "blank", "odd", "code"],
)
async def test_the_platform_takes_any_words(line: LinePlatform, channel: LineChannel, clock: Clock, text: str) -> None:
    await line.follow(HANAKO)
    said = (Message(text), Message(text, QUESTION.buttons, sender=text[:30]))
    assert isinstance(await channel.send(parcel(clock, messages=said)), Sent)
    assert arrived(line)


async def test_P21_nothing_of_a_parcel_is_in_its_outcome(
    line: LinePlatform, channel: LineChannel, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    for fault in (Refuse(400, "bad"), Refuse(429), Refuse(500), Reset(accepted=False)):
        line.faults.next("push", fault)
        outcome = await channel.send(parcel(clock))
        assert HANAKO not in repr(outcome)
        assert WORDS.text not in repr(outcome)
    assert LINE_TOKEN not in caplog.text
    assert HANAKO not in caplog.text
