"""From the outbox through the real LINE adapter to a phone: in order, once, and honest about what is not certain."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from bot import delivery
from bot.channels.doubles.faults import FailAfter, Hang, Refuse, Reset
from bot.channels.line import LineChannel
from bot.ports import GaveUp, Outcome, Parcel, TryLater, Unknown
from storage import Store, outbox, people
from tests.bot.post import Post, post_office
from tests.channels.samples import HANAKO, LINE_TOKEN
from tests.clock import Clock

pytestmark = pytest.mark.anyio


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
async def post(store: Store, clock: Clock) -> AsyncIterator[Post]:
    async with post_office(store, clock) as office:
        yield office


async def test_words_arrive_in_the_order_they_were_said_the_free_reply_first(post: Post) -> None:
    numbers = post.queue("一", "二", "三", token=await post.token())
    await post.carry()
    assert post.shown() == ["一", "二", "三"]
    assert post.calls() == ["reply", "push", "push"]
    assert post.line.consumption == 2
    assert [post.row(number).via for number in numbers] == ["reply", "push", "push"]
    assert {post.row(number).body for number in numbers} == {None}


async def test_a_head_that_must_wait_holds_back_only_its_own_person(post: Post) -> None:
    post.line.faults.next("push", Refuse(429))
    first, second = post.queue("一", "二")
    (other,) = post.queue("やあ", channel="telegram")
    await post.carry()
    assert post.states(first, second, other) == ["queued", "queued", "sent"]
    assert post.shown() == []
    await post.carry_for(4)
    assert post.shown() == ["一", "二"]


async def test_W24_an_expired_token_is_pushed_once_with_the_retry_key(post: Post, clock: Clock) -> None:
    token = await post.token()
    clock.on(seconds=45)
    (number,) = post.queue("おそくなりました", token=token)
    clock.on(seconds=20)  # LINE's minute is over
    key = post.row(number).retry_key
    await post.carry()
    assert post.shown() == ["おそくなりました"]
    assert post.calls()[-1] == "push"
    assert post.line.ledger[-1].headers["x-line-retry-key"] == key
    await post.carry_for(4)
    assert post.shown() == ["おそくなりました"]


async def test_W24_a_token_that_line_refuses_falls_back_to_one_push(post: Post) -> None:
    (number,) = post.queue("こんにちは", token="a-token-of-nobody")
    await post.carry()
    assert post.calls() == ["reply", "push"]
    assert (post.shown(), post.row(number).via) == (["こんにちは"], "push")


@pytest.mark.parametrize("fault", [Hang(accepted=True), Reset(accepted=True), FailAfter(500)], ids=str)
async def test_S04_a_reply_that_was_accepted_in_silence_is_delivered_once(post: Post, fault: Hang) -> None:
    post.line.faults.next("reply", fault)
    (number,) = post.queue("一度だけ", token=await post.token())
    await post.carry()
    await post.carry_for(6)
    assert post.shown() == ["一度だけ"]
    assert post.states(number) == ["sent"]


@pytest.mark.parametrize("fault", [Hang(accepted=True), Reset(accepted=True), FailAfter(500)], ids=str)
async def test_B11_a_push_that_was_accepted_in_silence_is_known_by_409(post: Post, fault: Hang) -> None:
    post.line.faults.next("push", fault)
    (number,) = post.queue("一度だけ")
    await post.carry()
    assert post.states(number) == ["queued"]  # not "sent": nobody knows yet
    await post.carry_for(4)
    assert post.shown() == ["一度だけ"]
    assert [call.status for call in post.line.ledger.of("push")][-1] == 409
    assert post.states(number) == ["sent"]


@pytest.mark.parametrize("by_token", [True, False], ids=["reply", "push"])
async def test_R05_a_while_of_500_and_then_it_arrives_once(post: Post, by_token: bool) -> None:
    post.line.faults.next("*", Refuse(500), times=8)
    numbers = post.queue("待っていてください", "もうすぐです", token=await post.token() if by_token else "")
    await post.carry()
    row = post.row(numbers[0])
    assert (row.state, row.via, row.done_at) == ("queued", None, None)
    assert row.why.startswith("no answer")
    await post.carry_for(60)
    assert post.states(*numbers) == ["sent", "sent"]
    assert post.shown() == ["待っていてください", "もうすぐです"]


async def test_R05_a_reply_that_was_lost_until_its_token_died_is_called_unknown_and_frees_the_line(post: Post) -> None:
    post.line.faults.next("reply", Refuse(500), times=30)
    numbers = post.queue("どうなったか", "つぎです", token=await post.token())
    await post.carry_for(120)
    post.line.faults.clear()
    await post.carry_for(60)
    assert post.states(*numbers) == ["unknown", "sent"]  # a push could be a second copy: nobody knows
    assert post.shown() == ["つぎです"]


async def test_B12_when_the_months_pushes_are_used_up_free_replies_still_go(store: Store, clock: Clock) -> None:
    async with post_office(store, clock, quota=1) as post:
        one, two = post.queue("一", "二")
        await post.carry()
        (three,) = post.queue("三", token=await post.token())
        await post.carry_for(10)
        assert post.states(one, two, three) == ["sent", "waiting_person", "sent"]
        assert (post.row(two).why, post.row(two).tried) == ("paid limit", 0)
        assert post.shown() == ["一", "三"]


async def test_S09_a_postman_who_slept_past_his_lease_has_no_say(post: Post, clock: Clock) -> None:
    post.line.faults.next("push", Hang(accepted=True))
    (number,) = post.queue("一度だけ")
    asleep = asyncio.create_task(post.carry())
    await post.arrived()
    clock.on(seconds=31)
    other = post.another()
    await post.carry(other)
    assert post.states(number) == ["sent"]
    await asleep
    row = post.row(number)
    assert (row.state, row.tried) == ("sent", 2)
    assert post.shown() == ["一度だけ"]


async def test_S04_what_a_dead_process_held_is_rescued_at_the_next_start(post: Post, clock: Clock) -> None:
    (number,) = post.queue("一度だけ", token=await post.token())
    held = post.store.writer.submit(lambda conn: outbox.claim(conn, post.store.vault, "dead", clock())).result()
    assert [one.id for one in held] == [number]
    fresh = post.another()
    await post.carry(fresh)
    assert post.shown() == []
    await fresh.rescue()
    if post.store.dialect == "postgresql":
        clock.on(seconds=31)  # other servers may live: there the lease must end by itself
    await post.carry(fresh)
    assert post.shown() == ["一度だけ"]
    assert post.states(number) == ["sent"]


async def test_R06_who_has_blocked_us_gets_nothing_and_it_is_said_so(post: Post) -> None:
    contact = post.person().contacts[0].id
    post.store.writer.submit(lambda conn: people.set_reachable(conn, contact, False)).result()
    (number,) = post.queue("とどきません")
    await post.carry()
    row = post.row(number)
    assert (row.state, row.why) == ("gave_up", "the person has blocked us")
    assert post.calls() == []


async def test_a_channel_that_is_not_set_up_is_waited_for(post: Post) -> None:
    (number,) = post.queue("まだです")
    line = post.channels.pop("line")
    await post.carry()
    assert (post.states(number), post.row(number).why) == (["queued"], "channel line is not set up")
    post.channels["line"] = line
    await post.carry_for(62)
    assert post.shown() == ["まだです"]


class Broken:
    """A channel with a mistake of ours in it."""

    name = "line"

    async def open(self) -> object:
        return None

    async def send(self, parcel: Parcel) -> Outcome:
        raise TypeError(parcel.messages[0].text)

    async def close(self) -> None:
        return None


async def test_a_mistake_of_ours_costs_one_parcel_and_is_shown(post: Post, capsys: pytest.CaptureFixture[str]) -> None:
    post.channels["line"], line = Broken(), post.channels["line"]
    one, two = post.queue("canary-words", "つぎ")
    assert await post.postman.carry() == 1
    await post.postman.idle()
    assert (post.states(one), post.row(one).why) == (["unknown"], "our own mistake (TypeError)")
    post.channels["line"] = line
    await post.carry()
    assert post.states(two) == ["sent"]
    said = capsys.readouterr()
    assert "could not be sent" in said.out + said.err
    assert "canary" not in said.out + said.err


async def farewell(post: Post, token: str) -> None:
    """Somebody was just forgotten; these are the last words."""
    parcel = Parcel(0, "line", HANAKO, ({"text": "すべて消しました。"},), str(uuid.uuid4()), token)
    parcel = replace(parcel, reply_until=post.clock.now.replace(year=2027) if token else None)
    post.postman.carry_fleeting([parcel])
    await post.postman.idle()


@pytest.mark.parametrize(
    ("by_token", "faults"),
    [
        (True, ()),
        (False, ()),
        (True, (Hang(accepted=True),)),
        (True, (Refuse(500), Refuse(500), Refuse(500))),
        (False, (FailAfter(500),)),
        (False, (Refuse(429),)),
    ],
    ids=["reply", "no token any more", "accepted in silence", "down for a moment", "push lost", "too fast"],
)
async def test_P08_a_farewell_after_forgetting_arrives_once_and_is_kept_nowhere(
    post: Post, by_token: bool, faults: tuple[Hang, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "PAUSE_S", 0.05)
    token = await post.token() if by_token else ""
    post.line.faults.next("reply" if by_token else "push", *faults)
    await farewell(post, token)
    assert post.shown() == ["すべて消しました。"]
    assert post.store.read(outbox.depth) == 0


async def test_P08_a_farewell_nobody_takes_is_let_go(post: Post) -> None:
    post.channels.clear()
    await farewell(post, "")
    assert post.shown() == []


async def test_S19_at_the_end_what_hangs_is_put_down_and_goes_out_later(post: Post, clock: Clock) -> None:
    patient = LineChannel(post.line_base, LINE_TOKEN, clock, patience=60)
    hasty, post.channels["line"] = post.channels["line"], patient
    post.line.faults.next("push", Hang(accepted=True))
    (number,) = post.queue("一度だけ")
    await post.postman.carry()
    await post.arrived()
    async with asyncio.timeout(5):
        await post.postman.put_down(0.05)
    await patient.close()
    post.channels["line"] = hasty
    assert post.states(number) == ["sending"]
    clock.on(seconds=31)
    await post.carry(post.another())
    assert (post.states(number), post.shown()) == (["sent"], ["一度だけ"])


OUTCOMES: list[tuple[Outcome, str]] = [
    (GaveUp("x"), "gave_up"),
    (TryLater(1.0, "x"), "queued"),
    (Unknown("x", again=True), "queued"),
    (Unknown("x"), "unknown"),
]


@pytest.mark.parametrize(("outcome", "state"), OUTCOMES, ids=[state for _, state in OUTCOMES])
async def test_an_outcome_is_never_called_sent_when_it_is_not(post: Post, outcome: Outcome, state: str) -> None:
    class Says(Broken):
        async def send(self, parcel: Parcel) -> Outcome:
            return outcome

    post.channels["line"] = Says()
    (number,) = post.queue("どうなるか")
    await post.postman.carry()
    await post.postman.idle()
    row = post.row(number)
    assert (row.state, row.why) == (state, "x")
