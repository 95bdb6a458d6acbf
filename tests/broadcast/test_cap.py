"""How much one person is sent at most, and in which language: who had enough is passed over by name, and counted."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.channels.doubles.faults import Hang
from bot.heralding import Limits
from storage import broadcasts, chunks, fates, receivers
from storage.broadcasts import Held, State
from storage.crowd import Cap
from storage.fates import Sums
from storage.outbox import URGENT
from storage.receive_tables import receiver
from tests.broadcast.square import NEWS, WORDS, Square

pytestmark = pytest.mark.anyio
WEEK = Cap(2, timedelta(days=7))


async def _news(square: Square, number: int, **more: object) -> broadcasts.Broadcast:
    """One more newsletter, a day after the last."""
    square.clock.on(days=1)
    one = square.approved(square.draft(f"{NEWS}その{number}です。", **more))
    await square.run()
    return one


async def test_who_had_as_many_as_the_centre_allows_is_passed_over_by_name(either: Square) -> None:
    either.limited(Limits(cap=WEEK))
    full = either.crowd("line", 4)
    tele = either.crowd("telegram", 2)
    for number in range(2):
        assert either.sums(await _news(either, number)) == Sums(6, 6)
    fresh = either.crowd("line", 3, first=50)
    third = await _news(either, 2)
    assert either.one(third.id).expected == 3  # the number that was agreed to is of those who get it
    assert either.sums(third) == Sums(9, 3, skipped=6)
    assert either.store.read(lambda conn: fates.whys(conn, third.id)) == {chunks.Passed.ENOUGH: 6}
    assert either.on_line() == Counter(dict.fromkeys(full, 2) | dict.fromkeys(fresh, 1))
    assert [len(either.post.telegram.delivered(int(one))) for one in tele] == [2, 2]
    correction = either.approved(either.draft("時刻がちがいました。正しくは10時です。", corrects_id=third.id))
    await either.run()
    assert either.sums(correction) == Sums(3, 3)  # none of those who did not get it


async def test_urgent_words_go_to_all_and_a_person_may_let_others_go_to_all_too(town: Square) -> None:
    town.limited(Limits(cap=WEEK))
    people = town.crowd("line", 4)
    for number in range(2):
        await _news(town, number)
    stays = town.approved(town.draft(NEWS + "だれにも届きません。"))
    await town.run()
    assert (stays.expected, town.one(stays.id).held) == (0, Held.NOBODY)
    assert town.sums(await _news(town, 3, lane=URGENT)) == Sums(4, 4)
    plain, beyond = town.draft(NEWS), town.draft(NEWS, beyond=True)
    assert plain.mark != beyond.mark  # it is agreed to like everything else
    assert town.sums(await _news(town, 4, beyond=True)) == Sums(4, 4)
    assert town.on_line() == Counter(dict.fromkeys(people, 4))


async def test_after_its_days_it_counts_no_more_and_nothing_that_was_not_sent_counts(town: Square) -> None:
    town.limited(Limits(cap=WEEK))
    town.crowd("line", 4)
    first = await _news(town, 0)
    stopped = town.approved(town.draft(NEWS + "止めます。"))
    await town.herald.put_down()
    town.clock.on(minutes=1)
    assert town.do(lambda conn: broadcasts.start(conn, stopped, town.clock()))
    assert town.do(lambda conn: broadcasts.stop(conn, stopped.id, None, town.clock()))
    assert town.sums(await _news(town, 1)) == Sums(4, 4)
    last = town.approved(town.draft(NEWS + "まだです。"))
    assert last.expected == 0
    started = town.one(first.id).started_at
    assert started is not None
    town.clock.now = started + timedelta(days=7, seconds=1)
    again = town.approved(town.draft(WORDS))
    await town.run()
    assert (town.sums(again), town.one(again.id).state) == (Sums(4, 4), State.DONE)


async def test_who_may_have_got_it_had_it(town: Square) -> None:
    town.limited(Limits(cap=Cap(1, timedelta(days=7))))
    people = town.crowd("telegram", 3)
    town.post.telegram.faults.next("sendMessage", Hang(accepted=False))
    one = await _news(town, 0)
    assert town.sums(one) == Sums(3, 2, unknown=1)
    second = town.approved(town.draft(WORDS))
    assert second.expected == 0
    assert len(people) == 3


async def test_who_speaks_another_language_by_now_gets_that(either: Square) -> None:
    line, tele, web = either.crowd("line", 5), either.crowd("telegram", 3), either.crowd("web", 2)
    texts = {"ja": WORDS, "en": "Cleaning on Nov 29.", "zh": "11月29日有清扫活动。"}
    one = either.approved(either.draft(texts=texts))
    await either.herald.look()
    await either.herald.put_down()  # it has begun, and nothing was sent
    for channel, address, language in (
        ("line", line[0], "en"), ("line", line[4], "zh"), ("telegram", tele[1], "en"), ("web", web[0], "en"),
    ):  # fmt: skip
        person = either.contact(channel, address).person_id
        either.do(lambda conn, of=person, to=language: receivers.speaks(conn, of, to))  # type: ignore[misc]
    either.clock.on(seconds=31)
    await either.run()
    assert either.sums(one) == Sums(10, 10)
    begins = [either.shows(address)[0][:4] for address in line]
    assert begins == ["Clea", "11月2", "11月2", "11月2", "11月2"]
    assert "清扫" in either.shows(line[4])[0]
    assert either.on_line() == Counter(dict.fromkeys(line, 1))
    said = [either.post.telegram.delivered(int(address))[0]["text"][:4] for address in tele]
    assert said == ["11月2", "Clea", "11月2"]


async def test_what_a_platform_may_have_taken_is_asked_about_in_the_same_words(town: Square) -> None:
    people = town.crowd("line", 3)
    one = town.approved(town.draft(texts={"ja": WORDS, "en": "Cleaning on Nov 29."}))
    town.post.line.faults.next("multicast", Hang(accepted=True))
    await town.run()
    town.do(lambda conn: conn.execute(update(receiver).values(language="en")))
    town.clock.on(seconds=5)
    await town.run()
    assert town.sums(one) == Sums(3, 3)
    first, second = town.post.line.ledger.of("multicast")
    assert (first.body, first.headers["x-line-retry-key"]) == (second.body, second.headers["x-line-retry-key"])
    assert [len(town.shows(address)) for address in people] == [1, 1, 1]
