"""B-21: whatever becomes of a broadcast, its figures add up at every moment, and are those of its people."""

from __future__ import annotations

import asyncio
import random
import re
from array import array
from collections import Counter
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.channels.doubles.faults import FailAfter, Hang, Refuse, Reset
from bot.nights import Nights
from storage import broadcasts, chunks, fates, leftovers, people
from storage.broadcasts import Broadcast, State
from storage.crowd import Group, Packed
from storage.fates import Fate, Sums
from storage.outbox import BULK
from tests import ours
from tests.broadcast.square import NEWS, Square
from tests.web.console.conftest import settings_of
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
WALKS, STEPS = 4, 40
_ROW = re.compile(r'<tr><th scope="row">[^<]*</th>((?:<td>[\d,]+</td>)+)</tr>')


def seen(square: Square, one: Broadcast) -> Sums:
    """Its sums, once they have been compared with every single person of it."""

    def look(conn: Connection) -> tuple[dict[str, Sums], list[fates.Part]]:
        return fates.by_channel(conn, one.id), list(fates.of_all(conn, one.id))

    by_channel, parts = square.store.read(look)
    people_of: dict[str, Counter[Fate]] = {channel: Counter() for channel in by_channel}
    for part in parts:
        people_of[part.channel].update(fate for _, fate in part.people)
    for channel, sums in by_channel.items():
        count = people_of[channel]
        told = (sums.accepted, sums.failed, sums.unknown, sums.skipped, sums.waiting)
        assert told == tuple(count[fate] for fate in (*list(Fate)[1:], Fate.WAITS))
        assert sums.queued == count.total() == sum(told)
    return sum(by_channel.values(), Sums())


class Walk:
    """Everything that can happen to chunks, at random, by two carriers that die."""

    def __init__(self, square: Square, seed: int) -> None:
        self.square, self.draw = square, random.Random(seed)  # noqa: S311 - made-up fates
        self.one = square.approved(square.draft(NEWS + f"その{seed}です。"))
        self.held: list[tuple[str, chunks.Claimed]] = []
        square.do(self._begin)

    def _begin(self, conn: Connection) -> None:
        """As the herald does it, with people of whom only numbers exist, and not room for all on LINE."""
        packed, now = Packed(), self.square.clock()
        for channel, count in (("line", 1_300), ("telegram", 17), ("web", 300)):
            packed.groups[Group(channel, "ja")] = array("q", range(count))
        assert broadcasts.start(conn, self.one, now)
        chunks.freeze(conn, (self.one.id, BULK), packed, self.draw.choice((None, 900)), now)

    def step(self) -> None:
        """One thing happens."""
        deeds = [self.claim] * 4 + [self.finish] * 6 + [self.split, self.die, self.rescue, self.put_back, self.later]
        deeds += [self.stop] if self.draw.random() < 0.1 else []
        self.square.do(self.draw.choice(deeds))

    def claim(self, conn: Connection) -> None:
        owner, channel = self.draw.choice("ab"), self.draw.choice(("line", "telegram", "web"))
        got = chunks.claim(conn, chunks.Taker(owner), (channel, BULK), self.square.clock(), self.draw.randint(1, 3))
        self.held += [(owner, one) for one in got]

    def finish(self, conn: Connection) -> None:
        if not self.held:
            return
        owner, one = self.held.pop(self.draw.randrange(len(self.held)))
        again = self.draw.random() < 0.4
        letters = "afusq" if again else "afus"
        told = "".join(self.draw.choice(letters) if letter == "q" else letter for letter in one.fates)
        now = self.square.clock()
        chunks.finish(conn, chunks.Finished(one, owner, told, now, now if again else None, "why", again))

    def split(self, conn: Connection) -> None:
        wide = [(owner, one) for owner, one in self.held if len(one.contacts) > 1]
        if wide:
            owner, one = self.draw.choice(wide)
            self.held.remove((owner, one))
            chunks.split(conn, one, owner, self.square.clock())

    def die(self, _conn: Connection) -> None:
        self.held.clear()

    def rescue(self, conn: Connection) -> None:
        chunks.rescue(conn, self.square.clock())

    def put_back(self, conn: Connection) -> None:
        owner = self.draw.choice("ab")
        chunks.put_back(conn, owner, ("line", BULK), [one.id for mine, one in self.held if mine == owner])

    def later(self, conn: Connection) -> None:
        self.square.clock.on(seconds=self.draw.choice((1, 31)))
        leftovers.settle(conn, self.square.clock())

    def stop(self, conn: Connection) -> None:
        broadcasts.stop(conn, self.one.id, None, self.square.clock(), self.draw.choice(("stopped", "expired")))


async def test_B21_the_parts_are_the_whole_after_whatever_happens_to_the_chunks(either: Square) -> None:
    for seed in range(WALKS):
        walk = Walk(either, seed)
        for _ in range(STEPS):
            walk.step()
            sums = seen(either, walk.one)
            assert sums.queued == 1_617, seed
        either.do(walk.stop)
        either.clock.on(seconds=31)
        either.do(walk.later)
        ended = seen(either, walk.one)
        assert ended.queued == ended.accepted + ended.failed + ended.unknown + ended.skipped, seed


async def test_B21_who_claims_a_chunk_twice_cannot_end_what_became_of_it_in_between(either: Square) -> None:
    walk = Walk(either, seed=1)

    def claimed(busy: tuple[int, ...] = ()) -> chunks.Claimed:
        return either.do(lambda conn: chunks.claim(conn, chunks.Taker("a", busy), ("web", BULK), either.clock(), 1))[0]

    stale = claimed()
    either.clock.on(seconds=31)
    assert claimed((stale.id,)).id != stale.id
    again = claimed()
    assert again.id == stale.id
    assert either.do(lambda conn: chunks.split(conn, again, "a", either.clock()))
    half = claimed()
    assert (half.id, len(half.contacts)) == (stale.id, len(stale.contacts) // 2)
    late = chunks.Finished(stale, "a", "a" * len(stale.contacts), either.clock())
    assert not either.do(lambda conn: chunks.finish(conn, late))
    assert not either.do(lambda conn: chunks.split(conn, stale, "a", either.clock()))
    assert seen(either, walk.one).accepted == 0
    assert either.do(lambda conn: chunks.finish(conn, chunks.Finished(half, "a", "a" * 125, either.clock())))
    assert seen(either, walk.one).accepted == 125


async def test_B21_the_page_adds_up_too_while_everything_goes_wrong(either: Square) -> None:
    draw = random.Random(21)  # noqa: S311 - what goes wrong
    line, tele, _ = either.crowd("line", 1_700), either.crowd("telegram", 25), either.crowd("web", 260)
    one = either.approved()
    office = Office(either.store, either.clock, ours.mind(), settings_of())
    either.post.line.faults.next("multicast", FailAfter(500), Refuse(429), Reset(accepted=True), Refuse(400))
    either.post.telegram.faults.next("sendMessage", Refuse(429), Hang(accepted=True), Reset(accepted=False))
    async with office.browser(either.member("mori")) as page:
        for step in range(10):
            await either.herald.look()
            await asyncio.sleep(draw.random() * 0.05)
            gone = either.contact("line", line[step])
            either.do(lambda conn, of=gone.person_id: people.forget(conn, of, either.clock()))  # type: ignore[misc]
            either.stops("line", line[-1 - step])
            either.stops("telegram", tele[step])
            if draw.random() < 0.4:
                await either.herald.put_down()
                either.herald = either.another()
            seen(either, one)
            shown = (await page.get(f"/console/broadcasts/{one.id}/progress")).text
            rows = [[int(cell.replace(",", "")) for cell in re.findall(r"[\d,]+", row)] for row in _ROW.findall(shown)]
            assert 2 <= len(rows) <= 4  # three channels as soon as something is known of each, and all of them
            assert all(row[0] == sum(row[1:]) for row in rows)
            assert rows[-1] == [sum(column) for column in zip(*rows[:-1], strict=True)]
            either.clock.on(seconds=31)
        assert either.do(lambda conn: broadcasts.stop(conn, one.id, either.member("mori"), either.clock()))
        await either.herald.idle()
        either.clock.on(seconds=31)
        await either.run()
    ended = seen(either, one)
    assert either.one(one.id).state is State.STOPPED
    assert ended.queued == ended.accepted + ended.failed + ended.unknown + ended.skipped == 1_985


async def test_B09_who_may_have_got_it_before_the_stop_is_in_doubt_and_gets_the_correction(either: Square) -> None:
    there = either.crowd("line", 7)
    one = either.approved()
    either.post.line.faults.next("multicast", Hang(accepted=True))
    await either.run()
    assert either.do(lambda conn: broadcasts.stop(conn, one.id, either.member("mori"), either.clock()))
    assert seen(either, one) == Sums(7, unknown=7)
    correction = either.approved(either.draft("時刻がちがいました。正しくは10時です。", corrects_id=one.id))
    await either.run()
    assert either.sums(correction) == Sums(7, 7)
    assert all(len(either.shows(address)) == 2 for address in there)


async def test_who_was_reached_goes_with_time_and_the_figures_stay(either: Square) -> None:
    either.crowd("line", 3)
    either.crowd("telegram", 2)
    old = either.approved()
    await either.run()
    told = either.store.read(lambda conn: fates.by_channel(conn, old.id))
    nights = Nights(either.store, ZoneInfo("Asia/Tokyo"), either.clock)
    either.clock.on(days=180)
    new = either.approved(either.draft(NEWS))
    await either.run()
    await nights.look()
    assert seen(either, old) == Sums(5, 5)
    either.clock.on(days=2)
    await nights.look()
    assert either.store.read(lambda conn: list(fates.of_all(conn, old.id))) == []
    assert either.store.read(lambda conn: fates.by_channel(conn, old.id)) == told
    assert seen(either, new) == Sums(5, 5)
