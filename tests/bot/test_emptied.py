"""What goes with a case that is emptied: all that was written about it, wherever it lies, and never what is in use."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select

from bot.relating import merging, splitting
from storage import (
    Store,
    appointments,
    cases,
    deletions,
    holds,
    indexing,
    notes,
    partners,
    people,
    tags,
    talk,
    ticks,
    ties,
)
from storage.appointments import Way, When
from storage.audit import What
from storage.cases import By, CaseHead, Who
from storage.deletions import CASE, Order, State
from storage.emptying import empty_cases
from storage.staff import Member
from storage.whole import metadata
from tests.bot.centre import Centre, nights
from tests.bot.desk import open_case_of, write
from tests.bot.joiners import both, join, part
from tests.storage.finding import index_all

pytestmark = pytest.mark.anyio
KEY = "11111111-1111-1111-1111-111111111111"
FIGURES = {"case_event", "feed"}  # steps in numbers, which stay with the cover


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def left_of(centre: Centre, case_id: int) -> dict[str, int]:
    """Rows of a case, by table, but for figures."""

    def counted(conn: Connection) -> dict[str, int]:
        found = {}
        for one in metadata.sorted_tables:
            if "case_id" in one.c and one.name not in FIGURES:
                asked = select(func.count()).select_from(one).where(one.c.case_id == case_id)
                found[one.name] = conn.execute(asked).scalar_one()
        return {name: n for name, n in found.items() if n}

    return centre.store.read(counted)


def blocks(centre: Centre) -> int:
    asked = select(func.count()).select_from(metadata.tables["search_block"])
    return centre.store.read(lambda conn: conn.execute(asked).scalar_one())


def claimed(centre: Centre, sato: Member, who: str = "U1") -> CaseHead:
    """A case that Sato has, with words in it."""
    case = open_case_of(centre, who)
    write(centre, lambda conn: cases.claim(conn, case.id, sato.id, centre.now))
    centre.say(who, "ひみつのことばです")
    return case


def close(centre: Centre, *case_ids: int) -> None:
    write(centre, lambda conn: [cases.close(conn, one, By(Who.SYSTEM), centre.now) for one in case_ids])


def said_in(centre: Centre, case_id: int) -> list[int]:
    said = centre.store.read(lambda conn: talk.of_case(conn, centre.store.vault, case_id))
    return [one.id for one in said if one.author is talk.Author.PERSON]


async def split(centre: Centre, sato: Member, case: CaseHead) -> int:
    """The number of the case that is made of what was said in another."""
    await centre.desk.do(case.id, sato, What.SPLIT, splitting(centre.desk, said_in(centre, case.id), "place", KEY))
    [tied] = centre.store.read(lambda conn: ties.of_case(conn, case.id))
    return tied.other_id


async def look_a_year_later(centre: Centre, who: str = "U1") -> None:
    """A night, so late that all that is over goes; the person themselves was here."""
    centre.now += timedelta(days=400)
    centre.say(who, "ひさしぶりです")
    await nights(centre).look()


async def test_of_an_emptied_case_no_row_of_any_table_and_no_block_of_the_index_stays(centre: Centre) -> None:
    sato, vault = centre.member("sato"), centre.store.vault
    case = claimed(centre, sato)
    until = centre.now + timedelta(days=9)
    new = partners.New(case.id, sato.id, "区の田中", "聞く", partners.Scope.TALK, partners.Consent.ASKED, until)

    def job(conn: Connection) -> None:
        notes.add(conn, vault, notes.NewNote(case.id, sato.id, "とても内密なメモ"), centre.now)
        tags.put(conn, vault, case.id, "内密な札", centre.now)
        ticks.tick(conn, case.id, "money_use", sato.id, centre.now)
        keys = partners.make(conn, vault, new, centre.now)
        found = partners.by_token(conn, vault, keys.token, centre.now)
        assert found
        assert partners.did(conn, vault, found, (KEY, "内密な答え"), centre.now)
        appointments.add(conn, vault, case.id, When(sato.id, until, 60, Way.VISIT, "田中さん宅"), centre.now)

    write(centre, job)
    close(centre, case.id)
    index_all(centre.store)
    assert {"note", "case_tag", "ticked", "partner", "partner_deed", "appointment"} <= set(left_of(centre, case.id))
    assert blocks(centre) > 0
    write(centre, lambda conn: empty_cases(conn, [case.id], centre.now))
    while write(centre, lambda conn: indexing.sweep(conn, vault)):
        pass
    assert (left_of(centre, case.id), blocks(centre)) == ({}, 0)


@pytest.mark.parametrize("goes_on", ["open", "held", "over"])
async def test_P12_a_case_that_another_was_split_off_stays_while_that_one_is_not_over(
    centre: Centre, goes_on: str
) -> None:
    sato = centre.member("sato")
    case = claimed(centre, sato)
    new = await split(centre, sato, case)
    close(centre, case.id, *([] if goes_on == "open" else [new]))
    if goes_on == "held":
        head = centre.store.read(lambda conn: cases.head_of(conn, new))
        assert head
        write(centre, lambda conn: holds.put(conn, centre.store.vault, (sato.id, "話し合い中"), head, centre.now))
    shown = centre.store.read(lambda conn: deletions.foresee_case(conn, case))
    assert shown.stays == ("" if goes_on == "over" else "shown")
    await look_a_year_later(centre)
    assert bool(said_in(centre, case.id)) is (goes_on != "over")


async def test_P12_what_went_into_a_case_through_another_stays_as_long_as_that_case(centre: Centre) -> None:
    sato = centre.member("sato")
    first, second, third = [claimed(centre, sato) for _ in range(3)]
    for one, into in ((first, second), (second, third)):
        await centre.desk.do(into.id, sato, What.MERGE, merging(one.ref))
    had = [said_in(centre, one.id) for one in (first, second, third)]
    assert sum(map(bool, had)) >= 1
    await look_a_year_later(centre)
    assert [
        said_in(centre, one.id)[: len(lines)] for one, lines in zip((first, second, third), had, strict=True)
    ] == had
    close(centre, third.id)
    await look_a_year_later(centre)
    assert [said_in(centre, one.id) for one in (first, second, third)] == [[], [], []]


async def test_P12_one_case_that_cannot_go_does_not_keep_the_others(centre: Centre) -> None:
    sato = centre.member("sato")
    case, other = claimed(centre, sato), claimed(centre, sato, "U2")
    await split(centre, sato, case)
    close(centre, case.id, other.id)
    await look_a_year_later(centre, "U2")
    assert not said_in(centre, other.id)


async def test_whoever_parted_is_forgotten_although_a_case_of_the_other_was_made_of_their_words(centre: Centre) -> None:
    both(centre)
    sato = centre.member("sato")
    case = claimed(centre, sato)
    join(centre)
    centre.say("T1", "つづきの話です", "telegram")
    new = await split(centre, sato, case)
    at = centre.person_of("T1", "telegram")
    theirs = centre.store.read(lambda conn: people.load(conn, centre.store.vault, [at]))[at]
    way = next(one.id for one in theirs.contacts if one.channel == "telegram")
    update = metadata.tables["case_file"].update().where(metadata.tables["case_file"].c.id == new)
    write(centre, lambda conn: conn.execute(update.values(contact_id=way)).rowcount)
    part(centre)
    assert write(centre, lambda conn: people.forget(conn, centre.person_of("U1"), centre.now))
    assert not said_in(centre, case.id)


async def test_an_order_for_a_case_that_is_read_on_another_page_by_now_is_stopped(centre: Centre) -> None:
    sato, vault = centre.member("sato"), centre.store.vault
    case = claimed(centre, sato)
    had = said_in(centre, case.id)
    await split(centre, sato, case)
    close(centre, case.id)
    new = (sato.id, Order(CASE, case.id), 1)
    write(centre, lambda conn: deletions.add(conn, vault, new, centre.now, centre.now))
    await nights(centre).obey()
    [one] = centre.store.read(deletions.latest)
    assert (one.state, said_in(centre, case.id)) == (State.STOPPED, had)
