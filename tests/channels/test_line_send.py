"""What becomes of a parcel for LINE when everything works, and when each thing that can go wrong goes wrong."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.doubles.faults import Empty, FailAfter, Fault, Hang, Refuse, Reset
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import BOT_ID
from bot.channels.line import LineChannel
from bot.ports import GaveUp, Outcome, Parcel, Sent, TryLater, Unknown
from dialogs.saying import Message
from tests.channels.samples import HANAKO, LINE_TOKEN, QUESTION, WORDS, Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
async def token(line: LinePlatform) -> str:
    """A living reply token of Hanako's."""
    return str((await line.follow(HANAKO)).event["replyToken"])


def parcel(clock: Clock, token: str = "", tried: int = 0, **fields: Any) -> Parcel:
    """Two messages for Hanako; the token is trusted for 50 s from now."""
    until = clock.now + timedelta(seconds=50) if token else None
    fields = {"address": HANAKO, "messages": (WORDS, QUESTION), "retry_key": str(uuid.uuid4()), **fields}
    return Parcel(1, "line", reply_token=token, reply_until=until, tried=tried, **fields)


def arrived(line: LinePlatform) -> list[str]:
    """The first words of every bot's bubble on Hanako's screen."""
    return [drawn.get("altText") or drawn["text"] for drawn in line.delivered(HANAKO)]


def calls(line: LinePlatform) -> list[str]:
    """Which endpoints were called, in order."""
    return [call.endpoint for call in line.ledger]


ONCE = [WORDS.text, QUESTION.text]


async def test_a_living_token_is_used_first_and_costs_nothing(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str
) -> None:
    outcome = await channel.send(parcel(clock, token))
    assert isinstance(outcome, Sent)
    assert outcome.via == "reply"
    assert list(outcome.platform_ids) == [face["id"] for face in line.screen(HANAKO)]
    assert (arrived(line), calls(line), line.consumption) == (ONCE, ["reply"], 0)


async def test_without_a_token_it_is_pushed_under_the_parcels_key(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str
) -> None:
    sent = parcel(clock)
    assert isinstance(outcome := await channel.send(sent), Sent)
    assert (outcome.via, arrived(line), calls(line)) == ("push", ONCE, ["push"])
    assert line.ledger[0].headers["x-line-retry-key"] == sent.retry_key


async def test_a_token_we_no_longer_trust_is_not_tried(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str
) -> None:
    late = parcel(clock, token)
    clock.pass_by(50)
    assert isinstance(await channel.send(late), Sent)
    assert calls(line) == ["push"]


async def test_W24_an_expired_token_falls_back_to_one_push_with_the_key(
    line: LinePlatform, channel: LineChannel, clock: Clock
) -> None:
    await line.follow(HANAKO)
    sent = parcel(clock, "token-that-never-was")
    assert isinstance(outcome := await channel.send(sent), Sent)
    assert (outcome.via, arrived(line), calls(line)) == ("push", ONCE, ["reply", "push"])
    assert line.ledger[1].headers["x-line-retry-key"] == sent.retry_key
    assert "x-line-retry-key" not in line.ledger[0].headers


@dataclass(frozen=True)
class Case:
    """What must come of it: the outcome, how often the words arrived, how often LINE was called."""

    outcome: Outcome
    times: int
    calls: int = 1


@dataclass(frozen=True)
class Ways:
    """The platform, and the adapter with the right patience for what it will do."""

    line: LinePlatform
    channel: LineChannel
    hasty: LineChannel

    def fit(self, faults: list[Fault]) -> LineChannel:
        """Nobody waits nine seconds for a platform that was told to be silent."""
        return self.hasty if any(isinstance(fault, Hang) for fault in faults) else self.channel


@pytest.fixture
def ways(line: LinePlatform, channel: LineChannel, hasty: LineChannel) -> Ways:
    return Ways(line, channel, hasty)


REPLY_FAULTS: list[tuple[str, list[Fault], Case]] = [
    ("answer lost after acceptance", [FailAfter(500)], Case(Sent("reply"), 1, 2)),
    ("cut after acceptance", [Reset(accepted=True)], Case(Sent("reply"), 1, 2)),
    ("silence after acceptance", [Hang(accepted=True)], Case(Sent("reply"), 1, 2)),
    ("broken before acceptance", [Refuse(500)], Case(Sent("reply"), 1, 2)),
    ("cut before acceptance", [Reset(accepted=False)], Case(Sent("reply"), 1, 2)),
    ("silence before acceptance", [Hang(accepted=False)], Case(Sent("reply"), 1, 2)),
    ("unreadable 200", [Empty()], Case(Sent("reply"), 1)),
    ("lost twice", [FailAfter(500), Refuse(503)], Case(Unknown("no answer (reply)", again=True), 1, 2)),
    ("down twice", [Refuse(502), Refuse(503)], Case(Unknown("no answer (reply)", again=True), 0, 2)),
    ("lost, then too fast", [Refuse(500), Refuse(429)], Case(Unknown("no answer (reply)", again=True), 0, 2)),
    ("too fast", [Refuse(429)], Case(TryLater(1.5, "rate"), 0)),
    ("wrong access token", [Refuse(401)], Case(TryLater(60.0, "token"), 0)),
    ("forbidden", [Refuse(403)], Case(GaveUp("refused by LINE: 403"), 0)),
]


@pytest.mark.parametrize(("faults", "case"), [row[1:] for row in REPLY_FAULTS], ids=[row[0] for row in REPLY_FAULTS])
async def test_a_reply_that_fails_is_never_doubled_and_never_pushed_blindly(
    ways: Ways, clock: Clock, token: str, faults: list[Fault], case: Case
) -> None:
    ways.line.faults.next("reply", *faults)
    result = await ways.fit(faults).send(parcel(clock, token))
    if isinstance(result, Sent):
        result = Sent(result.via)
    assert (result, arrived(ways.line), calls(ways.line)) == (case.outcome, ONCE * case.times, ["reply"] * case.calls)


@pytest.mark.parametrize("first", [FailAfter(500), Refuse(500)], ids=["it had gone", "it had not gone"])
async def test_an_unknown_reply_is_settled_by_the_next_attempt(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str, first: Fault
) -> None:
    line.faults.next("reply", first, Refuse(500))
    sent = parcel(clock, token)
    assert await channel.send(sent) == Unknown("no answer (reply)", again=True)
    again = parcel(clock, token, tried=1, retry_key=sent.retry_key)
    assert isinstance(outcome := await channel.send(again), Sent)
    assert (outcome.via, arrived(line)) == ("reply", ONCE)
    assert set(calls(line)) == {"reply"}


async def test_what_a_killed_process_sent_is_not_sent_again(
    line: LinePlatform, channel: LineChannel, line_host: str, clock: Clock, token: str
) -> None:
    sent = parcel(clock, token)
    await channel.send(sent)
    heir = LineChannel(line_host, LINE_TOKEN, clock)
    assert await heir.send(parcel(clock, token, tried=1, retry_key=sent.retry_key)) == Sent("reply")
    await heir.close()
    assert arrived(line) == ONCE


async def test_what_a_killed_process_did_not_send_still_goes_by_the_token(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str
) -> None:
    waited = parcel(clock, token, tried=1)
    clock.pass_by(55)  # no longer trusted, yet it lives: only the token can tell what happened
    assert isinstance(outcome := await channel.send(waited), Sent)
    assert (outcome.via, arrived(line), calls(line)) == ("reply", ONCE, ["reply"])


async def test_a_tried_token_that_has_run_out_is_said_to_be_unknown(
    line: LinePlatform, channel: LineChannel, clock: Clock, token: str
) -> None:
    waited = parcel(clock, token, tried=1)
    clock.pass_by(61)
    assert await channel.send(waited) == Unknown("the reply token ran out unseen")
    assert (arrived(line), calls(line)) == ([], ["reply"])


PUSH_FAULTS: list[tuple[str, list[Fault], Case]] = [
    ("answer lost after acceptance", [FailAfter(500)], Case(Unknown("no answer (push)", again=True), 1)),
    ("cut after acceptance", [Reset(accepted=True)], Case(Unknown("no answer (push)", again=True), 1)),
    ("silence after acceptance", [Hang(accepted=True)], Case(Unknown("no answer (push)", again=True), 1)),
    ("down", [Refuse(503)], Case(Unknown("no answer (push)", again=True), 0)),
    ("unreadable 200", [Empty()], Case(Sent("push"), 1)),
    (
        "too fast",
        [Refuse(429, "The API rate limit has been exceeded. Try again later.")],
        Case(TryLater(1.5, "rate"), 0),
    ),
    ("month used up", [Refuse(429, "You have reached your monthly limit.")], Case(TryLater(3600.0, "quota"), 0)),
    ("wrong access token", [Refuse(401)], Case(TryLater(60.0, "token"), 0)),
    ("nobody there", [Refuse(400, "Failed to send messages")], Case(GaveUp("refused by LINE: 400"), 0)),
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
    assert await channel.send(sent) == Unknown("no answer (push)", again=True)
    again = parcel(clock, "token-that-never-was", tried=1, retry_key=sent.retry_key)
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


async def test_nothing_to_say_is_not_sent(line: LinePlatform, channel: LineChannel, clock: Clock) -> None:
    assert await channel.send(parcel(clock, messages=())) == GaveUp("nothing to say")
    assert calls(line) == []


async def test_a_platform_that_cannot_be_reached_is_tried_later(clock: Clock) -> None:
    adapter = LineChannel("http://127.0.0.1:9", LINE_TOKEN, clock, patience=0.5)
    assert await adapter.send(parcel(clock, "t")) == TryLater(2.0, "cannot be reached")
    assert await adapter.send(parcel(clock)) == TryLater(2.0, "cannot be reached")
    assert await adapter.send(parcel(clock, "t", tried=1)) == Unknown("no answer (reply)", again=True)
    assert await adapter.own_id() == ""
    await adapter.close()


async def test_the_bot_learns_its_own_id(channel: LineChannel, line: LinePlatform) -> None:
    assert await channel.own_id() == BOT_ID
    line.faults.next("info", Refuse(500))
    assert await channel.own_id() == ""


async def test_starting_and_closing_need_no_network(clock: Clock) -> None:
    adapter = LineChannel("http://127.0.0.1:9", LINE_TOKEN, clock)
    await adapter.open()
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
