"""Questions after a case, attacked: two servers at once, old buttons, joined channels, a person who goes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.after import After
from bot.bell import Bell
from bot.handover import Desk, Done
from dialogs.heard import Left, Tapped, Typed
from storage import Store, open_store, people
from storage.after_tables import follow_up
from storage.cases import State
from storage.line_menus import due as menus_due
from storage.outbox import TALK
from tests.bot.centre import Centre
from tests.bot.desk import case_of, count, head, open_case_of, said, words
from tests.bot.joiners import both, join, part
from tests.bot.test_after import MONTHS, WEEKS, asked, over
from tests.conftest import SECRET

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


@pytest.fixture
def third(database_url: str, store: Store) -> Iterator[Store]:
    """And by a third."""
    other = open_store(database_url, SECRET)
    yield other
    other.close()


def two_weeks_on(centre: Centre) -> None:
    """An open day at eleven."""
    centre.now = centre.mind.local(centre.now + WEEKS).replace(hour=11)
    while not centre.mind.calendar.is_open(centre.now):
        centre.now += timedelta(days=1)


def chore(centre: Centre, store: Store) -> After:
    """As one server does it."""
    desk = Desk(store, centre.mind, Bell(), lambda: centre.now)
    return After(store, desk, centre.mind, lambda: centre.now)


async def test_two_servers_ask_once_also_when_both_waited_for_somebody_who_is_being_heard(
    centre: Centre, second: Store, third: Store
) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    two_weeks_on(centre)
    person, held, go = centre.person_of("U1"), threading.Event(), threading.Event()

    def hold(conn: Connection) -> None:
        people.hold(conn, person)
        held.set()
        assert go.wait(20)

    hearing = third.writer.submit(hold)
    assert await asyncio.to_thread(held.wait, 20)
    both_at_once = [asyncio.create_task(chore(centre, store).ask()) for store in (centre.store, second)]
    await asyncio.sleep(0.05)
    go.set()
    hearing.result(20)
    assert sum([await one for one in both_at_once]) == 1
    assert len(words(centre.carried())) == 1


async def test_still_in_trouble_on_an_old_button_is_never_promised_in_vain(centre: Centre) -> None:
    """Asked, opened again, closed again: the old button still says 'still in trouble'."""
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    await asked(centre, WEEKS)
    centre.say("U1", Tapped(f"o:weeks:{case.ref}:n"))
    assert await centre.desk.close(case.id, sato) == Done()
    (told,) = centre.say("U1", Tapped(f"o:weeks:{case.ref}:n"))
    assert told.text.startswith("この質問は、もう終わっています。")
    assert "m:person" in [button.tap for button in told.buttons]
    assert head(centre, case.id).state is State.CLOSED


async def test_still_in_trouble_said_twice_opens_what_nobody_held_when_it_was_closed_again(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    await asked(centre, WEEKS)
    centre.say("U1", Tapped(f"o:weeks:{case.ref}:n"))
    await centre.desk.release(case.id, sato)
    await centre.desk.close(case.id, sato)
    (told,) = centre.say("U1", Tapped(f"o:weeks:{case.ref}:n"))
    assert "もう一度開いて" in told.text
    assert head(centre, case.id).holder == sato.id


async def test_nothing_is_promised_about_a_case_that_was_forgotten(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    await asked(centre, WEEKS)
    for tap in ("m:forget", "m:forget_sure"):
        centre.say("U1", Tapped(tap))
    centre.begin("U1")
    told = centre.say("U1", Tapped(f"o:weeks:{case.ref}:n"))
    assert "もう一度開いて" not in told[0].text


async def test_what_is_asked_and_answered_goes_with_a_forgotten_person(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    await asked(centre, WEEKS)
    centre.say("U1", Tapped(f"o:weeks:{case.ref}:p"))
    for tap in ("m:forget", "m:forget_sure"):
        centre.say("U1", Tapped(tap))
    assert count(centre, "follow_up") == 0


async def test_the_question_goes_where_the_person_is_whoever_they_are_by_now(centre: Centre) -> None:
    both(centre)
    case, sato = case_of(centre, "T1", "telegram"), centre.member("sato")
    await over(centre, case, sato)
    join(centre)
    centre.carried()
    assert await asked(centre, WEEKS)
    assert case.ref in said(centre, "U1")[-1][1]
    part(centre, "T1", "telegram")
    assert await asked(centre, MONTHS)
    assert "3か月" in said(centre, "T1", "telegram")[-1][1]
    told = centre.say("T1", Tapped(f"o:months:{case.ref}:n"), "telegram")
    assert case.ref in told[0].text
    assert head(centre, case.id).person_id == centre.person_of("T1", "telegram")


async def test_who_blocked_one_of_two_joined_channels_is_asked_on_the_other(centre: Centre) -> None:
    both(centre)
    case, sato = case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    join(centre)
    centre.carried()
    centre.say("U1", Left())
    await asked(centre, WEEKS)
    assert "2週間" in said(centre, "T1", "telegram")[-1][1]
    with_contact = select(follow_up.c.asked_at).where(follow_up.c.stage == "weeks")
    assert centre.store.read(lambda c: c.execute(with_contact).scalar_one())


async def test_the_question_about_an_urgent_case_is_no_emergency(centre: Centre) -> None:
    centre.begin("U1")
    centre.say("U1", "もう死にたい")
    (case,), sato = centre.cases(), centre.member("sato")
    await over(centre, case, sato)
    two_weeks_on(centre)
    assert await chore(centre, centre.store).ask() == 1
    assert [parcel.lane for parcel in centre.carried()] == [TALK]


async def test_who_is_still_in_trouble_sees_the_menu_of_a_case_and_their_next_words_are_in_it(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    await asked(centre, WEEKS)
    tap = centre.event("U1", Tapped(f"o:weeks:{case.ref}:n"))
    centre.receive(tap, centre.event("U1", Typed("水がまた止まりません")))
    centre.hear()
    centre.hear()
    line = next(one for one in centre.lines("U1") if one.body and one.body.get("text") == "水がまた止まりません")
    assert line.case_id == case.id
    stages = {one.stage for one in centre.store.read(lambda c: menus_due(c, centre.store.vault, 10))}
    assert stages == {"talk"}


async def test_what_somebody_said_of_a_case_is_named_among_what_is_kept_of_them(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    assert "答え" not in centre.say("U1", Tapped("m:mine"))[0].text
    centre.say("U1", Tapped(f"o:close:{case.ref}:y"))
    assert "相談のあとの質問への答え:1件" in centre.say("U1", Tapped("m:mine"))[0].text
