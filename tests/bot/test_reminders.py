"""Messages relative to a date: once for ever, moved and cancelled with their item, never late unseen."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.happenings import TELLERS, changed, remind
from bot.notices import Pen
from bot.purse import Reserves
from bot.reminding import Reminding
from dialogs.heard import Tapped
from knowledge.offsets import Offset, by_day, read
from storage import Store, events, outbox, reminders, sign_ups, tally
from storage.events import Change, Event, Span
from storage.pushes import Month
from storage.reminders import Kind, State, When, Whose
from tests.bot.centre import Centre
from tests.bot.desk import write
from tests.bot.fair import at, content, find, publish, sign_up, text_of
from tests.each import each

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


async def said(centre: Centre) -> list[str]:
    """What one look says."""
    await Reminding(centre.store, centre.mind, TELLERS, lambda: centre.now).look()
    return text_of(centre.carried())


def signed_up(centre: Centre, days: int = 9, who: str = "U1") -> Event:
    centre.begin(who)
    of = publish(centre, content(capacity=5), at(centre, days))
    sign_up(centre, who, of)
    centre.carried()
    return of


def move(centre: Centre, of: Event, *spans: Span) -> None:
    def job(conn: Connection) -> None:
        before = events.find(conn, of.id)
        assert before is not None
        change = Change(before.content, spans, before.editor, of.id, before.version)
        assert events.change(conn, change, centre.now)
        written = events.find(conn, of.id)
        assert written is not None
        assert events.publish(conn, written, None, centre.now)
        after = events.find(conn, of.id)
        assert after is not None
        changed(Pen(conn, centre.store.vault, centre.mind, centre.now), before, after)

    write(centre, job)


async def test_the_day_before_at_six_and_two_hours_before_each_once(centre: Centre) -> None:
    of = signed_up(centre)
    start = of.dates[0].span.starts_at
    assert await said(centre) == []
    for moment, wanted in (
        (start - timedelta(hours=16), 1),
        (start - timedelta(hours=16), 0),
        (start - timedelta(hours=2), 1),
        (start - timedelta(hours=16), 0),  # S-12: the clock is put back
        (start - timedelta(hours=1, minutes=50), 0),
    ):
        centre.now = moment
        assert len(await said(centre)) == wanted


async def test_B13_two_servers_say_it_once(centre: Centre, second: Store) -> None:
    of = signed_up(centre)
    centre.now = of.dates[0].span.starts_at - timedelta(hours=16)
    looks = [Reminding(store, centre.mind, TELLERS, lambda: centre.now).look() for store in (centre.store, second)]
    assert sum(await asyncio.gather(*looks)) == 1
    assert len(text_of(centre.carried())) == 1


async def test_B14_one_that_comes_three_hours_late_waits_for_a_person(centre: Centre) -> None:
    of = signed_up(centre)
    centre.now = of.dates[0].span.starts_at - timedelta(hours=13)
    assert await said(centre) == []
    [late] = centre.store.read(reminders.late)
    assert (late.offset, late.whose.kind) == ("d-1@18", Kind.EVENT)
    centre.now = of.dates[0].span.starts_at - timedelta(hours=2)
    assert len(await said(centre)) == 1  # the other one is in time


async def test_S12_a_clock_ten_years_ahead_sends_nothing(centre: Centre) -> None:
    signed_up(centre)
    centre.now += timedelta(days=3650)
    assert await said(centre) == []
    assert centre.store.read(reminders.late) == []  # of no use to anybody


async def test_moved_and_cancelled_with_the_event_and_only_those_signed_up_are_told(centre: Centre) -> None:
    of = signed_up(centre)
    centre.begin("U2")
    centre.carried()
    move(centre, of, at(centre, 12))
    [told] = text_of(centre.carried())
    assert "予定が変わりました" in told
    centre.now = of.dates[0].span.starts_at - timedelta(hours=16)
    assert await said(centre) == []
    centre.now += timedelta(days=3)
    assert len(await said(centre)) == 1
    move(centre, of)  # no date is left
    [told] = text_of(centre.carried())
    assert "中止になりました" in told
    centre.now += timedelta(hours=14)
    assert await said(centre) == []
    assert find(centre, of).dates[0].taken == 0


async def test_one_that_was_said_is_not_said_again_when_the_event_moves(centre: Centre) -> None:
    of = signed_up(centre)
    centre.now = of.dates[0].span.starts_at - timedelta(hours=16)
    assert len(await said(centre)) == 1
    move(centre, of, at(centre, 5))
    assert "予定が変わりました" in text_of(centre.carried())[0]
    centre.now = find(centre, of).dates[0].span.starts_at - timedelta(hours=16)
    assert await said(centre) == []


async def test_words_that_could_not_leave_before_it_began_leave_no_more_and_a_person_sees_it(centre: Centre) -> None:
    of = signed_up(centre)
    centre.now = of.dates[0].span.starts_at - timedelta(hours=2)
    chore = Reminding(centre.store, centre.mind, TELLERS, lambda: centre.now)
    assert await chore.look() == 1
    centre.now += timedelta(hours=3)
    await chore.look()
    assert text_of(centre.carried()) == []
    assert [one.offset for one in centre.store.read(reminders.late)] == ["d-1@18", "h2"]


async def test_thanks_come_the_next_morning_and_one_tap_is_counted_once(centre: Centre) -> None:
    of = signed_up(centre)
    [mine] = centre.store.read(lambda conn: sign_ups.of_date(conn, of.dates[0].id))
    centre.say("U1", Tapped(f"h:rate:{mine.id}:y"))  # before it was
    end = centre.mind.local(of.dates[0].span.ends_at)
    centre.now = (end + timedelta(days=1)).replace(hour=10, minute=5)
    [thanks] = [text for text in await said(centre) if "ありがとうございました" in text]
    assert "落ち葉そうじ" in thanks
    for said_ in "yny":
        centre.say("U1", Tapped(f"h:rate:{mine.id}:{said_}"))
    assert figures(centre, of) == {"y": 1, "n": 0}


def figures(centre: Centre, of: Event) -> dict[str, int]:
    return centre.store.read(lambda conn: tally.under(conn, f"event:{of.id}:"))


def test_S13_a_year_of_days_with_29_february_and_a_clock_put_back_each_night(centre: Centre) -> None:
    """Every day of 2028 has a date; each is said once, the evening before, though the clock is put back each time."""
    centre.begin("U1")
    person = centre.person_of("U1")
    days = [datetime(2028, 1, 1, 1, 0, tzinfo=UTC) + timedelta(days=n) for n in range(367)]  # ten in Tokyo

    def year(conn: Connection) -> list[int]:
        for item, day in enumerate(days):
            due = {"d-1@18": When(Offset(-1, 18).due(centre.mind.local(day)), day)}
            reminders.plan(conn, Whose(Kind.EVENT, item, person, 1), due, days[0] - timedelta(days=9))
        told = []
        for day in days:
            evening = day - timedelta(hours=15, minutes=59)  # a minute past six in Tokyo
            for moment in (evening - timedelta(minutes=2), evening, evening - timedelta(hours=1), evening):
                found = reminders.due(conn, moment)
                assert all(reminders.take(conn, one, State.SENT, moment) for one in found)
                told += [one.whose.item for one in found if moment == evening]
        return told

    assert write(centre, year) == list(range(367))


def test_who_signs_up_too_late_for_a_reminder_gets_none_and_a_later_date_brings_it_back(centre: Centre) -> None:
    centre.begin("U1")
    of = publish(centre, content(), at(centre, 1))
    centre.now = of.dates[0].span.starts_at - timedelta(hours=10)
    sign_up(centre, "U1", of)
    assert {one.offset for one in waiting(centre)} == {"h2", "d1@10"}
    [one] = centre.store.read(lambda conn: sign_ups.of_date(conn, of.dates[0].id))

    def again(conn: Connection) -> None:
        events.set_date(conn, of.dates[0].id, at(centre, 9), None, events.DateState.ON)
        found = events.of_date(conn, of.dates[0].id)
        assert found is not None
        remind(Pen(conn, centre.store.vault, centre.mind, centre.now), found, one)

    write(centre, again)
    assert {one.offset for one in waiting(centre)} == {"h2", "d-1@18", "d1@10"}


def waiting(centre: Centre) -> list[reminders.Reminder]:
    later = centre.now + timedelta(days=99)
    return centre.store.read(lambda conn: reminders.due(conn, later))


def test_reminders_draw_on_the_part_of_the_month_that_is_kept_for_them(now: datetime) -> None:
    month, kept = Month(200, 175, now), Reserves(emergencies=20, reminders=30)
    assert (kept.room(month), kept.room(month, outbox.REMINDER), kept.room(month, outbox.URGENT)) == (0, 5, None)


@each("text", ["d-1@18", "d0@8", "d1@10", "h2", "h48"])
def test_an_offset_is_read_as_it_is_written(text: str) -> None:
    found = read(text)
    assert found is not None
    assert str(found) == text


@each("text", ["", "d-1", "d-1@24", "h", "x2", "d-1@18 "])
def test_what_is_no_offset_is_none(text: str) -> None:
    assert read(text) is None


@each(
    ("hour", "wanted"),
    [(7, (22, 8)), (8, (22, 8)), (20, (22, 20)), (21, (23, 8)), (23, (23, 8)), (0, (22, 8))],
)
def test_words_of_our_own_accord_go_by_day(hour: int, wanted: tuple[int, int]) -> None:
    found = by_day(datetime(2026, 11, 22, hour, tzinfo=UTC))
    assert (found.day, found.hour) == wanted
