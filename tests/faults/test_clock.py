"""The clock steps, and the machine's zone is not the centre's: nothing is lost, doubled or said for another hour."""

from __future__ import annotations

import asyncio
import re
import time

import pytest

from storage import talk, worklist
from storage.folders import Which
from storage.worklist import Wanted
from tests.faults.town import Town, said
from tests.zones import ZONES

pytestmark = pytest.mark.anyio
SAID = ("人と話したい", "メニュー", "来週の火曜 午後2時", "いま開いていますか")


async def test_S12_a_clock_that_steps_back_and_forth_loses_and_doubles_nothing(either: Town) -> None:
    await either.agreed("hanako")
    texts = []
    for number, hours in enumerate((0, 1, -2, 1, 24 * 365, -24 * 365)):
        either.clock.on(hours=hours)
        texts.append(f"{number}つめ")
        assert await either.line(either.event("hanako", texts[-1])) == 200
        await either.hear()
    assert sorted(await either.own_words("hanako")) == texts
    lines = await either.lines("hanako")
    parcels = {one.outbox_id for one in lines if one.way is talk.Way.OUT}
    assert len(parcels) == len(texts) + 2  # the greeting and the menu after it came before
    assert (await either.waiting(), await either.count("inbox")) == (0, len(texts) + 2)


async def test_S14_the_machines_own_zone_changes_not_a_word(place: Town, zones: pytest.MonkeyPatch) -> None:
    told = {}
    for zone in ZONES:
        zones.setenv("TZ", zone)
        time.tzset()
        await place.agreed(zone)
        for text in SAID:
            assert await place.line(place.event(zone, text)) == 200
            await place.hear()
        lines = [said(line) for line in await place.lines(zone) if line.way is talk.Way.OUT]
        told[zone] = [re.sub(r"[0-9A-Z]{3}-[0-9A-Z]{4}", "reference", line) for line in lines]
    assert len(told["UTC"]) > len(SAID)
    assert all(lines == told["Asia/Tokyo"] for lines in told.values())


async def test_R11_while_nobody_is_there_the_resident_is_told_when_and_the_case_waits(either: Town) -> None:
    await either.agreed("hanako")
    assert await either.line(either.event("hanako", "人と話したい")) == 200
    await either.hear()
    told = "".join(said(line) for line in await either.lines("hanako") if line.way is talk.Way.OUT)
    assert "11月24日(火) 午前10時" in told  # it is Sunday evening, and Monday is a holiday
    waiting = await asyncio.to_thread(
        either.store.read, lambda conn: worklist.items(conn, Wanted(either.clock(), Which.UNASSIGNED))
    )
    assert [item.head.person_id for item in waiting] == [(await either.person("hanako")).id]
