"""While a coordinator holds the case the bot is silent, but a right of the person always works."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from dialogs.heard import Heard, Tapped, Typed
from storage import Store, cases, people
from tests.bot.centre import Centre
from tests.bot.desk import case_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def known(centre: Centre) -> bool:
    return bool(centre.store.read(lambda conn: people.known(conn, centre.store.vault, [("line", "U1")])))


def _is_forgotten(centre: Centre, wish: Heard, sure: Heard) -> None:
    """The wish is asked about once; then everything is gone but a farewell."""
    (asked,) = centre.say("U1", wish)
    assert "消しますか" in asked.text
    centre.now += timedelta(seconds=1)
    centre.receive(centre.event("U1", sure))
    (farewell,) = centre.hear().farewells
    assert "消しました" in farewell.messages[0].text
    assert not known(centre)


@pytest.mark.parametrize("sure", [Tapped("m:forget_sure"), Typed("すべて消す")], ids=["the button", "its words"])
@pytest.mark.parametrize("wish", [Tapped("m:forget"), Typed("消して")], ids=["tapped", "typed"])
async def test_everything_can_be_forgotten_while_somebody_holds_the_case(
    centre: Centre, wish: Heard, sure: Heard
) -> None:
    case = case_of(centre)
    await centre.desk.claim(case.id, centre.member("sato"))
    _is_forgotten(centre, wish, sure)


async def test_a_yes_to_the_coordinator_never_forgets_everything(centre: Centre) -> None:
    case = case_of(centre)
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    centre.say("U1", "消して")
    await centre.desk.reply(case.id, sato, "火曜でよろしいですか。", "k1")
    assert centre.say("U1", "はい") == []
    await centre.desk.release(case.id, sato)
    centre.say("U1", "はい")
    assert known(centre)


@pytest.mark.parametrize("wish", [Tapped("m:refuse"), Typed("同意しません")], ids=["tapped", "typed"])
async def test_P04_consent_can_be_taken_back_while_somebody_holds_the_case(centre: Centre, wish: Heard) -> None:
    case = case_of(centre)
    await centre.desk.claim(case.id, centre.member("sato"))
    (told,) = centre.say("U1", wish)
    assert "残さずに" in told.text
    history = centre.store.read(lambda conn: cases.history(conn, case.id))
    assert history[-1].kind == "consent_withdrawn"
    assert centre.say("U1", "会議室は借りられますか")
    assert "会議室は借りられますか" not in str(centre.lines("U1"))


@pytest.mark.parametrize("wish", [Tapped("l:en"), Typed("英語")], ids=["tapped", "typed"])
async def test_the_language_can_be_changed_in_the_midst_of_a_form_that_somebody_holds(
    centre: Centre, wish: Heard
) -> None:
    centre.begin("U1")
    centre.say("U1", Tapped("f:consultation"))
    centre.say("U1", "人と話したい")
    (case,) = centre.cases()
    sato = centre.member("sato")
    await centre.desk.claim(case.id, sato)
    (told,) = centre.say("U1", wish)  # the form's question would be answered to the coordinator
    assert "English" in told.text
    for silent in ("はい", "メニュー", "what do you have"):
        assert centre.say("U1", silent) == []
    person = centre.person_of("U1")
    found = centre.store.read(lambda conn: people.load(conn, centre.store.vault, [person]))[person]
    assert (found.language, (found.session or {}).get("flow")) == ("en", "consultation")


@pytest.mark.parametrize("wish", [Tapped("m:forget"), Typed("消して")], ids=["tapped", "typed"])
@pytest.mark.parametrize("sure", [Tapped("m:forget_sure"), Typed("すべて消す")], ids=["the button", "its words"])
async def test_who_never_agreed_is_forgotten_the_first_time_they_say_so(
    centre: Centre, wish: Heard, sure: Heard
) -> None:
    centre.say("U1", "死にたい")  # danger opens a case before any greeting
    (case,) = centre.cases()
    await centre.desk.claim(case.id, centre.member("sato"))
    _is_forgotten(centre, wish, sure)


async def test_who_never_agreed_can_refuse_while_somebody_holds_the_case(centre: Centre) -> None:
    centre.say("U1", "死にたい")
    (case,) = centre.cases()
    await centre.desk.claim(case.id, centre.member("sato"))
    (told,) = centre.say("U1", "同意しない")
    assert "残さずに" in told.text


@pytest.mark.parametrize("sure", ["はい", "すべて消す"])
async def test_the_very_first_words_can_be_the_wish_to_be_forgotten(centre: Centre, sure: str) -> None:
    asked = centre.say("U1", "消して")
    assert "消しますか" in asked[-1].text
    centre.receive(centre.event("U1", Typed(sure)))
    (farewell,) = centre.hear().farewells
    assert "消しました" in farewell.messages[0].text
