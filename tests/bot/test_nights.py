"""What is kept goes when its time is over: to the day, once a night, whoever does it, and never what is on hold."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from bot import nights as work
from storage import Store, cases, deletions, holds, keeping, people, sweeps, talk
from storage.deletions import CASE, Order, State
from storage.keeping import RULES, Kind
from storage.whole import metadata
from tests.bot.centre import Centre, nights
from tests.bot.desk import count, open_case_of, write

pytestmark = pytest.mark.anyio
TOKYO = ZoneInfo("Asia/Tokyo")
WORDS = "ひみつのことばです"


@pytest.fixture
def centre(store: Store, now: object) -> Centre:
    return Centre(store, now)  # type: ignore[arg-type]


def closed_case(centre: Centre) -> cases.CaseHead:
    """Somebody wrote in their case, and it was closed."""
    case, sato = open_case_of(centre), centre.member("sato")
    write(centre, lambda conn: cases.claim(conn, case.id, sato.id, centre.now))
    centre.say("U1", WORDS)
    write(centre, lambda conn: cases.close(conn, case.id, cases.By(cases.Who.STAFF, sato.id), centre.now))
    return case


def words_of(centre: Centre, case_id: int) -> int:
    return len(centre.store.read(lambda conn: talk.of_case(conn, centre.store.vault, case_id)))


def known(centre: Centre) -> bool:
    return bool(centre.store.read(lambda conn: people.known(conn, centre.store.vault, [("line", "U1")])))


def to_the_night(centre: Centre, days: int) -> None:
    """Four in the morning, so many days after today."""
    here = centre.now.astimezone(TOKYO) + timedelta(days=days)
    centre.now = here.replace(hour=4, minute=0)


@pytest.mark.parametrize(("days", "gone"), [(365, False), (366, True)], ids=["the last day of a year", "the day after"])
async def test_P12_a_closed_case_goes_to_the_day_and_its_cover_stays(centre: Centre, days: int, gone: bool) -> None:
    case = closed_case(centre)
    to_the_night(centre, days)
    centre.say("U1", "ひさしぶりです")  # the person is here: it is the case alone that goes
    await nights(centre).look()
    assert (words_of(centre, case.id) == 0) is gone
    head = centre.store.read(lambda conn: cases.head_of(conn, case.id))
    assert head is not None
    assert (head.ref, head.person_id is None) == (case.ref, gone)
    assert known(centre)


@pytest.mark.parametrize(("days", "still_here"), [(365, True), (366, False)])
async def test_P12_a_year_after_the_last_word_a_person_is_forgotten(
    centre: Centre, days: int, still_here: bool
) -> None:
    centre.begin("U1")
    to_the_night(centre, days)
    for _ in range(2):  # doing it twice changes nothing
        await nights(centre).look()
    assert known(centre) is still_here


async def test_P11_an_open_case_keeps_its_person(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", "人と話したい")
    to_the_night(centre, 800)
    await nights(centre).look()
    assert known(centre)


async def test_P11_a_case_on_hold_stays_and_so_does_its_person_until_the_hold_ends(centre: Centre) -> None:
    case, sato = closed_case(centre), centre.member("sato")
    vault = centre.store.vault
    write(centre, lambda conn: holds.put(conn, vault, (sato.id, "話し合い中"), case, centre.now))
    to_the_night(centre, 800)
    await nights(centre).look()
    assert words_of(centre, case.id) > 0
    assert known(centre)
    write(centre, lambda conn: holds.end(conn, vault, sato.id, case, centre.now))
    to_the_night(centre, 1)
    await nights(centre).look()
    assert words_of(centre, case.id) == 0


async def test_P12_of_several_processes_each_class_is_gone_through_by_one_and_once_a_night(centre: Centre) -> None:
    closed_case(centre)
    to_the_night(centre, 400)
    found = await asyncio.gather(*(nights(centre).look() for _ in range(4)))
    assert len([one for one in found if one]) == 1
    assert count(centre, "sweep") == len(Kind)
    assert await nights(centre).look() == 0
    to_the_night(centre, 1)
    await nights(centre).look()
    assert count(centre, "sweep") == 2 * len(Kind)


async def test_P12_a_night_that_died_half_way_is_finished_by_another_and_counts_each_once(centre: Centre) -> None:
    centre.begin("U1")
    for number in range(5):
        centre.say("U1", f"{WORDS}{number}")
    lines = count(centre, "message")
    to_the_night(centre, 400)
    centre.say("U1", "ひさしぶりです")
    night = work.night_of(centre.now, TOKYO)
    before = work.edge(night, RULES[Kind.TALK].days, TOKYO)
    assert write(centre, lambda conn: sweeps.begin(conn, night.isoformat(), Kind.TALK, before, centre.now))
    keys = centre.store.read(lambda conn: sweeps.left(conn, night.isoformat(), Kind.TALK))
    of = night.isoformat(), Kind.TALK
    assert write(centre, lambda conn: sweeps.step(conn, centre.store.vault, of, keys[:2], centre.now)) == 2
    await nights(centre).look()  # whoever began may still live
    assert last(centre, Kind.TALK).done_at is None
    centre.now += sweeps.LEASE
    await nights(centre).look()
    assert (last(centre, Kind.TALK).gone, last(centre, Kind.TALK).done_at) == (lines, centre.now)


def last(centre: Centre, kind: Kind) -> sweeps.Sweep:
    found = centre.store.read(lambda conn: sweeps.last(conn, kind))
    assert found is not None
    return found


async def test_a_shorter_time_holds_from_the_next_night_on_and_what_would_go_is_known_before(centre: Centre) -> None:
    case, sato = closed_case(centre), centre.member("sato")
    to_the_night(centre, 40)
    write(centre, lambda conn: keeping.set_value(conn, Kind.OPEN, 30, sato.id, centre.now))
    shown = {one.kind: one.next for one in centre.store.read(lambda conn: work.lines(conn, centre.now, TOKYO, 10))}
    assert shown[Kind.OPEN] == 1
    assert words_of(centre, case.id) > 0
    await nights(centre).look()
    assert words_of(centre, case.id) == 0


def test_nobody_may_keep_anything_longer_than_people_were_promised() -> None:
    assert not keeping.fits(Kind.OPEN, 366)
    assert not keeping.fits(Kind.TALK, 29)
    assert all(keeping.fits(kind, rule.days) for kind, rule in RULES.items())


async def test_P08_nothing_of_an_emptied_case_is_left_to_read(centre: Centre) -> None:
    case, sato = closed_case(centre), centre.member("sato")
    await centre.desk.note(case.id, sato, WORDS, "n")
    order = Order(CASE, case.id)
    write(centre, lambda conn: deletions.add(conn, centre.store.vault, (sato.id, order, 3), centre.now, centre.now))
    assert await nights(centre).obey() == 1
    for name in ("message", "note", "timed_reply", "news", "thing", "private_link"):
        table = metadata.tables[name]
        left = centre.store.read(lambda conn, t=table: conn.execute(select(t).where(t.c.case_id == case.id)).all())  # type: ignore[misc]
        assert left == [], name


async def test_P11_an_order_for_a_case_that_is_open_again_or_on_hold_by_then_deletes_nothing(centre: Centre) -> None:
    case, sato = closed_case(centre), centre.member("sato")
    vault = centre.store.vault
    new, at = (sato.id, Order(CASE, case.id), 1), centre.now + timedelta(seconds=10)

    def both(conn: Connection) -> int:
        number = deletions.add(conn, vault, new, at, centre.now)
        holds.put(conn, vault, (sato.id, "話し合い中"), case, centre.now)
        return number

    number = write(centre, both)
    assert await nights(centre).obey() == 0
    centre.now = at
    assert await nights(centre).obey() == 1
    one = centre.store.read(lambda conn: deletions.find(conn, number))
    assert one is not None
    assert (one.state, one.gone) == (State.STOPPED, 0)
    assert words_of(centre, case.id) > 0
