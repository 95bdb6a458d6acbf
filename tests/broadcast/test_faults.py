"""What goes wrong on the way of a broadcast: nothing is said twice, nobody is left out, and doubts are shown."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.channels.doubles.faults import FailAfter, Hang, Refuse
from bot.channels.doubles.line.platform import user_id
from bot.heralding import Limits
from bot.purse import Reserves
from storage import broadcasts, people, pushes
from storage.broadcasts import Held, State
from storage.fates import Sums
from storage.outbox import URGENT
from tests.broadcast.square import NEWS, WORDS, Square

pytestmark = pytest.mark.anyio


async def until(so: Callable[[], bool]) -> None:
    """Wait until it is so."""
    if not so():
        await asyncio.sleep(0.02)
        await until(so)


async def test_B11_taken_and_then_silent_is_asked_again_under_the_same_key_and_counts_once(either: Square) -> None:
    addresses = either.crowd("line", 40)
    one = either.approved()
    either.post.line.faults.next("multicast", Hang(accepted=True))
    await either.run()
    assert either.sums(one) == Sums(40)
    either.clock.on(seconds=5)
    await either.run()
    assert either.sums(one) == Sums(40, 40)
    first, second = either.post.line.ledger.of("multicast")
    assert first.headers["x-line-retry-key"] == second.headers["x-line-retry-key"]
    assert second.status == 409
    assert all(len(either.shows(address)) == 1 for address in addresses)
    assert either.one(one.id).state is State.DONE


async def test_B12_a_platform_in_trouble_is_waited_for_and_an_old_key_is_never_used_again(town: Square) -> None:
    town.crowd("line", 30)
    one = town.approved()
    faults = town.post.line.faults
    faults.next("multicast", Refuse(429), Refuse(503), Refuse(500), Refuse(429))
    for _ in range(6):
        await town.run()
        town.clock.on(seconds=60)
    assert town.sums(one) == Sums(30, 30)
    assert len({call.headers["x-line-retry-key"] for call in town.post.line.ledger.of("multicast")}) == 1
    refused = town.approved(town.draft(NEWS))
    faults.next("multicast", Refuse(429))
    await town.run()
    town.clock.on(hours=25)
    await town.run()
    assert town.sums(refused) == Sums(30, 30)  # nothing had been taken: a new key
    keys = [call.headers["x-line-retry-key"] for call in town.post.line.ledger.of("multicast")]
    assert keys[-1] != keys[-2]
    doubtful = town.approved(town.draft(NEWS + "二回目です。"))
    faults.next("multicast", FailAfter(500))
    await town.run()
    town.clock.on(hours=25)
    await town.run()
    assert town.sums(doubtful) == Sums(30, unknown=30)


async def test_B12_when_the_month_is_used_up_it_waits_and_goes_on(town: Square) -> None:
    town.crowd("line", 20)
    town.post.line.allow(200, used=190)
    one = town.approved()
    await town.run()
    assert town.sums(one) == Sums(20)
    town.post.line.allow(5000)
    town.clock.on(minutes=61)
    await town.run()
    assert town.sums(one) == Sums(20, 20)


async def test_B15_who_blocked_stopped_or_was_forgotten_meanwhile_gets_nothing(either: Square) -> None:
    line, tele = either.crowd("line", 6), either.crowd("telegram", 6)
    one = either.approved()
    await either.herald.look()
    await either.herald.put_down()  # it has begun, and nothing was sent
    gone, blocked = either.contact("line", line[0]), either.contact("line", line[1])
    either.do(lambda conn: people.forget(conn, gone.person_id, either.clock()))
    either.do(lambda conn: people.set_reachable(conn, blocked.id, False))
    either.stops("line", line[2])
    either.stops("telegram", tele[0])
    await either.post.telegram.block(int(tele[1]))
    either.clock.on(seconds=31)
    await either.run()
    sums = either.sums(one)
    assert (sums.queued, sums.skipped, sums.waiting) == (12, 4, 0)
    assert either.on_line().keys() == set(line[3:])
    assert sums.failed == 1  # Telegram says that they blocked us, and it is remembered
    assert not either.contact("telegram", tele[1]).reachable


async def test_B16_one_bad_address_holds_up_no_other(town: Square) -> None:
    good = town.crowd("line", 37)
    bad = user_id("nobody")
    now, vault = town.clock(), town.store.vault
    town.do(lambda conn: people.readdress(conn, vault, town.contact("line", good[20]).id, ("line", bad)))
    one = town.approved()
    for _ in range(8):
        await town.run()
    assert town.sums(one) == Sums(37, 36, failed=1)
    assert town.on_line() == Counter(address for address in good if address != good[20])
    assert now == town.clock()


async def test_B17_urgent_words_overtake_a_newsletter(town: Square) -> None:
    town.crowd("line", 600)
    town.crowd("telegram", 60)
    news = town.approved(town.draft(NEWS))
    await town.herald.look()
    await asyncio.sleep(0.02)
    urgent = town.approved(town.draft(WORDS, lane=URGENT))
    await town.herald.look()
    await town.herald.idle()
    texts = [call.body["text"] for call in town.post.telegram.ledger.of("sendMessage")]
    at = next(place for place, text in enumerate(texts) if text.startswith(WORDS))
    assert at <= 10  # what was under way, and no chunk more
    assert [text.startswith(WORDS) for text in texts[at + 10 : at + 60]] == [True] * 50
    await town.run()
    assert town.sums(news) == town.sums(urgent) == Sums(660, 660)


async def test_B09_stop_ends_it_at_once_and_a_correction_goes_to_exactly_those_reached(town: Square) -> None:
    people_there = town.crowd("telegram", 80)
    one = town.approved()
    await town.herald.look()
    async with asyncio.timeout(10):
        await until(lambda: town.sums(one).accepted >= 20)
    assert town.do(lambda conn: broadcasts.stop(conn, one.id, town.member("mori"), town.clock()))
    before = len(town.post.telegram.ledger.of("sendMessage"))
    await town.herald.idle()
    assert len(town.post.telegram.ledger.of("sendMessage")) - before <= 5
    sums = town.sums(one)
    assert sums.waiting == 0
    assert sums.skipped == 80 - sums.accepted > 0
    reached = {address for address in people_there if town.post.telegram.delivered(int(address))}
    correction = town.approved(town.draft("時刻がちがいました。正しくは10時です。", corrects_id=one.id))
    await town.run()
    assert town.sums(correction) == Sums(len(reached), len(reached))
    told = {address for address in people_there if len(town.post.telegram.delivered(int(address))) == 2}
    assert told == reached
    assert town.post.telegram.delivered(int(min(reached)))[1]["text"].startswith("訂正のお知らせです。")


async def test_B10_telegram_that_does_not_answer_leaves_a_doubt_and_never_says_it_twice(either: Square) -> None:
    there = either.crowd("telegram", 12)
    one = either.approved()
    either.post.telegram.faults.next("sendMessage", Hang(accepted=True), Hang(accepted=False))
    await either.run()
    assert either.sums(one) == Sums(12, 10, unknown=2)
    either.clock.on(hours=1)
    await either.run()
    assert max(len(either.post.telegram.delivered(int(address))) for address in there) == 1


async def test_B13_two_servers_begin_it_once(either: Square) -> None:
    either.crowd("line", 700)
    one = either.approved(either.draft(due_at=either.clock() + timedelta(minutes=5)))
    await either.run()
    assert either.one(one.id).state is State.APPROVED
    either.clock.on(minutes=5)
    other = either.another()
    await asyncio.gather(either.herald.look(), other.look())
    await asyncio.gather(either.herald.idle(), other.idle())
    await either.run()
    assert either.sums(one) == Sums(700, 700)
    assert set(either.on_line().values()) == {1}
    await other.put_down()


async def test_B14_one_whose_moment_passed_while_nothing_ran_asks_a_person(either: Square) -> None:
    either.crowd("line", 5)
    one = either.approved(either.draft(due_at=either.clock() + timedelta(minutes=5)))
    either.clock.on(hours=3)
    await either.run()
    held = either.one(one.id)
    assert (held.state, held.held) == (State.HELD, Held.LATE)
    assert either.on_line() == Counter()
    assert not either.do(lambda conn: broadcasts.approve(conn, held, either.member("sato"), 5, either.clock()))
    assert either.do(lambda conn: broadcasts.approve(conn, held, either.member("mori"), 5, either.clock()))
    await either.run()
    assert either.one(one.id).state is State.DONE
    assert set(either.on_line().values()) == {1}


async def test_B08_a_tenth_more_people_than_were_agreed_to_asks_a_person(town: Square) -> None:
    town.crowd("line", 20)
    fine, other = town.approved(), town.approved(town.draft(NEWS))
    town.crowd("line", 2, first=100)
    await town.run()
    assert (town.one(fine.id).state, town.one(other.id).state) == (State.DONE, State.DONE)
    changed = town.approved(town.draft(WORDS + "追加です。"))
    town.crowd("line", 3, first=200)
    await town.run()
    assert town.one(changed.id).held is Held.CHANGED
    assert town.sums(changed) == Sums()


async def test_B06_who_got_much_within_minutes_is_not_sent_more_before_a_person_says_so(town: Square) -> None:
    town.crowd("line", 4)
    for number in range(3):
        town.approved(town.draft(f"{WORDS}その{number}です。"))
        await town.run()
    fourth = town.approved(town.draft(NEWS))
    await town.run()
    held = town.one(fourth.id)
    assert held.held is Held.OFTEN
    assert town.do(lambda conn: broadcasts.approve(conn, held, town.member("mori"), 4, town.clock()))
    await town.run()
    assert town.one(fourth.id).state is State.DONE
    town.clock.on(minutes=11)
    later = town.approved(town.draft(NEWS + "再びです。"))
    await town.run()
    assert town.one(later.id).state is State.DONE


async def test_B04_past_its_end_nobody_more_gets_it(town: Square) -> None:
    town.crowd("line", 3, quiet_from=18, quiet_to=8)
    town.crowd("line", 2, first=50)
    end = town.clock() + timedelta(hours=2)
    one = town.approved(town.draft("訓練です。" + WORDS, drill=True, expires_at=end))
    await town.run()
    assert town.sums(one) == Sums(5, 2)  # the others sleep until eight
    town.clock.on(hours=2)
    await town.run()
    assert town.sums(one) == Sums(5, 2, skipped=3)
    assert town.one(one.id).state is State.STOPPED


async def test_quiet_hours_are_waited_for_but_not_with_urgent_words(town: Square) -> None:
    town.crowd("line", 3, quiet_from=18, quiet_to=8)
    news, urgent = town.approved(town.draft(NEWS)), town.approved(town.draft(WORDS, lane=URGENT))
    await town.run()
    assert (town.sums(news), town.sums(urgent)) == (Sums(3), Sums(3, 3))
    town.clock.on(hours=13, minutes=30)  # eight in the morning
    await town.run()
    assert town.sums(news) == Sums(3, 3)


async def test_N02_all_or_nobody_or_as_far_as_the_month_goes(town: Square) -> None:
    town.crowd("line", 30)
    town.crowd("web", 2)
    town.limited(Limits(Reserves(5, 5)))
    town.do(lambda conn: pushes.told(conn, "line", 100, 70, town.clock()))
    whole = town.approved()
    await town.run()
    assert town.one(whole.id).held is Held.ROOM
    partly = town.approved(town.draft(NEWS, partly=True))
    await town.run()
    assert town.sums(partly) == Sums(32, 22, skipped=10)
    month = town.store.read(lambda conn: pushes.month(conn, "line", town.clock()))
    assert month is not None
    assert month.left == 10
