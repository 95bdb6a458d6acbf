"""Digests: one message at the day and hour that somebody chose, only with news, never twice in a week."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, event, update

from bot import digesting
from bot.digesting import Digesting
from bot.notices import Pen, awake
from dialogs.heard import Tapped
from knowledge.slots import next_slot
from storage import Store
from storage.receive_tables import receiver
from tests.bot.centre import Centre
from tests.bot.desk import write
from tests.bot.fair import at, content, publish, text_of
from tests.each import each

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    """With somebody who wants events gathered, on Fridays at noon as nobody said otherwise."""
    made = Centre(store, now)
    made.begin("U1")
    made.say("U1", Tapped("w:topic:events"))
    made.carried()
    return made


async def look(centre: Centre) -> list[str]:
    await Digesting(centre.store, centre.mind, lambda: centre.now).look()
    return text_of(centre.carried())


def go(centre: Centre, weekday: int, hour: int, weeks: int = 0) -> None:
    """To the next such hour from now, and so many weeks on."""
    here = centre.mind.local(centre.now)
    centre.now = next_slot(here, (weekday, hour), None) + timedelta(weeks=weeks, minutes=1)


async def test_it_comes_once_with_what_is_new_and_says_why_and_how_to_stop(centre: Centre) -> None:
    assert await look(centre) == []  # when it is due is worked out
    publish(centre, content(title="会1"), at(centre, 20))
    go(centre, 4, 12)
    [text] = await look(centre)
    assert ("会1" in text, "受け取りの設定" in text) == (True, True)
    assert await look(centre) == []
    assert "催し" in centre.say("U1", Tapped("w:why:0"))[0].text


async def test_without_news_nothing_comes_and_what_was_told_is_not_told_again(centre: Centre) -> None:
    await look(centre)
    go(centre, 4, 12)
    assert await look(centre) == []
    publish(centre, content(title="会1"), at(centre, 40))
    for wanted in (1, 0, 0):
        go(centre, 4, 12)
        assert len(await look(centre)) == wanted


async def test_another_day_chosen_after_one_came_brings_no_second_in_that_week(centre: Centre) -> None:
    await look(centre)
    publish(centre, content(title="会1"), at(centre, 40))
    go(centre, 4, 12)
    assert len(await look(centre)) == 1
    centre.say("U1", Tapped("w:day:sat"))
    centre.say("U1", Tapped("w:time:h18"))
    centre.carried()
    publish(centre, content(title="会2"), at(centre, 41))
    assert await look(centre) == []
    go(centre, 5, 18)
    assert await look(centre) == []  # the day after
    go(centre, 5, 18)
    [text] = await look(centre)
    assert ("会2" in text, "会1" in text) == (True, False)


async def test_who_stopped_or_wants_each_at_once_gets_none_and_a_button_leads_to_the_days(centre: Centre) -> None:
    publish(centre, content(title="会1"), at(centre, 40))
    [page] = centre.say("U1", Tapped("w:page:when"))
    assert "w:page:digest" in [one.tap for one in page.buttons]
    [page] = centre.say("U1", Tapped("w:page:digest"))
    assert [one.label for one in page.buttons if one.label.startswith("✓")] == ["✓ 金曜日", "✓ 昼12時"]
    await look(centre)
    centre.say("U1", Tapped("m:stop"))
    centre.carried()
    go(centre, 4, 12)
    assert await look(centre) == []


async def test_quiet_hours_hold_it_until_they_end(centre: Centre) -> None:
    centre.say("U1", Tapped("w:quiet:daytime"))
    centre.say("U1", Tapped("w:time:h18"))
    centre.carried()
    await look(centre)
    publish(centre, content(title="会1"), at(centre, 40))
    go(centre, 4, 18)
    assert await look(centre) == []
    centre.now = centre.mind.local(centre.now).replace(hour=8) + timedelta(days=1)
    assert text_of(centre.carried()) == []
    centre.now += timedelta(hours=2)
    assert len(text_of(centre.carried())) == 1


async def test_S12_one_that_is_a_day_late_waits_for_its_next_day(centre: Centre) -> None:
    await look(centre)
    publish(centre, content(title="会1"), at(centre, 40))
    go(centre, 4, 12)
    centre.now += timedelta(days=1)
    assert await look(centre) == []
    go(centre, 4, 12)
    assert len(await look(centre)) == 1


async def test_B13_two_servers_send_one(centre: Centre, second: Store) -> None:
    await look(centre)
    publish(centre, content(title="会1"), at(centre, 40))
    go(centre, 4, 12)
    looks = [Digesting(store, centre.mind, lambda: centre.now).look() for store in (centre.store, second)]
    assert sorted(await asyncio.gather(*looks)) == [0, 1]
    assert len(text_of(centre.carried())) == 1


async def test_what_can_wait_waits_for_the_end_of_quiet_hours(centre: Centre) -> None:
    def quiet(conn: Connection) -> datetime:
        conn.execute(update(receiver).values(quiet_from=9, quiet_to=15))
        return awake(Pen(conn, centre.store.vault, centre.mind, centre.now), centre.person_of("U1"))

    centre.now = centre.mind.local(centre.now).replace(hour=10)
    assert centre.mind.local(write(centre, quiet)).hour == 15
    centre.now = centre.now.replace(hour=23)
    assert centre.mind.local(write(centre, quiet)) == centre.now.replace(hour=8, minute=0, second=0, microsecond=0) + (
        timedelta(days=1)
    )


@each(
    ("now", "last", "monthly", "wanted"),
    [
        ("2026-11-23T09:00", None, False, "2026-11-27T12:00"),
        ("2026-11-27T12:00", None, False, "2026-12-04T12:00"),
        ("2026-11-27T11:59", None, False, "2026-11-27T12:00"),
        ("2026-11-27T12:01", "2026-11-27T12:01", False, "2026-12-04T12:00"),
        ("2026-11-28T12:01", "2026-11-28T10:00", False, "2026-12-11T12:00"),
        ("2026-12-31T23:59", "2026-12-25T12:00", False, "2027-01-01T12:00"),
        ("2028-02-25T13:00", "2028-02-25T12:00", True, "2028-03-24T12:00"),
    ],
)
def test_S13_the_next_digest_over_a_year(now: str, last: str | None, monthly: bool, wanted: str) -> None:
    before = None if last is None else datetime.fromisoformat(f"{last}+09:00")
    found = next_slot(datetime.fromisoformat(f"{now}+09:00"), (4, 12), before, monthly=monthly)
    assert found == datetime.fromisoformat(f"{wanted}+09:00")


async def test_many_at_once_are_written_in_parts_so_that_whoever_writes_to_us_waits_for_one_part_alone(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digesting, "TOGETHER", 2)
    for name in ("U2", "U3", "U4", "U5"):
        centre.begin(name)
        centre.say(name, Tapped("w:topic:events"))
    await look(centre)
    publish(centre, content(title="会1"), at(centre, 20))
    go(centre, 4, 12)
    centre.carried()
    parts = 0

    def done(_conn: Connection) -> None:
        nonlocal parts
        parts += 1

    event.listen(Engine, "commit", done)
    try:
        assert await Digesting(centre.store, centre.mind, lambda: centre.now).look() == 5
    finally:
        event.remove(Engine, "commit", done)
    assert parts >= 3
    assert len(text_of(centre.carried())) == 5
