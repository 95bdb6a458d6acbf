"""A parcel that answers on LINE: the free reply goes first, and is never doubled."""

from __future__ import annotations

import pytest

from bot.channels.doubles.faults import Empty, FailAfter, Fault, Hang, Refuse, Reset
from bot.channels.doubles.line import LinePlatform
from bot.channels.line import LineChannel
from bot.ports import GaveUp, Sent, TryLater, Unknown
from tests.channels.line_case import ONCE, Case, Ways, arrived, calls, parcel
from tests.channels.samples import HANAKO, LINE_TOKEN, Clock

pytestmark = pytest.mark.anyio


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
