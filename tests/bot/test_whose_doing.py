"""What the history of a case says: who did a thing, and what became of the person's case and consent."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dialogs.heard import Tapped
from storage import Store, cases
from storage.cases import Who
from tests.bot.centre import Centre
from tests.bot.desk import case_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def steps(centre: Centre, case_id: int) -> list[tuple[str, Who, str | None]]:
    found = centre.store.read(lambda conn: cases.history(conn, case_id))
    return [(step.kind, step.who, step.staff_name) for step in found]


async def test_going_back_to_the_bot_is_the_persons_doing(centre: Centre) -> None:
    case = case_of(centre)
    await centre.desk.claim(case.id, centre.member("sato"))
    centre.say("U1", "ボットにもどる")
    assert steps(centre, case.id)[-1] == ("released", Who.PERSON, None)
    await centre.desk.claim(case.id, suzuki := centre.member("suzuki"))
    await centre.desk.release(case.id, suzuki)
    assert steps(centre, case.id)[-1] == ("released", Who.STAFF, "Suzuki")


async def test_the_first_day_of_a_person_is_told_in_the_centres_own_time(store: Store) -> None:
    centre = Centre(store, datetime(2026, 11, 22, 15, 30, tzinfo=UTC))  # half past midnight in Tokyo
    centre.begin("U1")
    (told,) = centre.say("U1", "何を持っていますか")
    assert "11月23日" in told.text


async def test_consent_taken_back_is_in_the_history_and_later_words_are_neither_kept_nor_passed_on(
    centre: Centre,
) -> None:
    case = case_of(centre)
    centre.say("U1", "同意しない")
    assert steps(centre, case.id)[-1] == ("consent_withdrawn", Who.PERSON, None)
    said = centre.say("U1", "となりの会のことで困っています")
    assert said
    assert case.ref not in str(said)
    assert "となりの会" not in str(centre.lines("U1"))
    again = centre.say("U1", Tapped("m:consent"))
    assert again
    assert case.ref in str(centre.say("U1", "人と話したい"))
    assert [one.id for one in centre.cases()] == [case.id]


async def test_words_after_consent_was_taken_back_do_not_reach_the_coordinator_who_holds_the_case(
    centre: Centre,
) -> None:
    case = case_of(centre)
    centre.say("U1", "同意しない")
    await centre.desk.claim(case.id, centre.member("sato"))
    assert centre.say("U1", "となりの会のことで困っています")  # answered, for nobody else hears it
    assert "となりの会" not in str(centre.lines("U1"))
    centre.say("U1", Tapped("m:consent"))
    assert centre.say("U1", "となりの会のことで困っています") == []
    assert "となりの会" in str(centre.lines("U1"))
