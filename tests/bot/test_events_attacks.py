"""A hostile resident at the events: forged and old buttons, other people's places, crowds, and words as weapons."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import Connection

from bot.happenings import WaitingLists, changed
from bot.notices import Pen
from dialogs.heard import Tapped
from knowledge.event import Content
from storage import Store, events, sign_ups
from storage.events import Event
from storage.events import State as EventState
from storage.sign_ups import SignUp, State
from tests.bot.centre import Centre
from tests.bot.desk import write
from tests.bot.fair import at, content, find, publish, sign_up, text_of
from tests.each import each

pytestmark = pytest.mark.anyio
MANY = "9" * 18


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def test_forged_buttons_with_numbers_that_no_row_has_are_answered(centre: Centre) -> None:
    centre.begin("U1")
    of = publish(centre, content(), at(centre, 9))
    sign_up(centre, "U1", of)
    for number in (MANY, MANY + "99"):
        for tap in ("h:leave", "h:take", "h:rate", "h:join", "h:more", "w:why", "g:use"):
            assert centre.say("U1", Tapped(f"{tap}:{number}"))


def of_date(centre: Centre, of: Event) -> list[SignUp]:
    return centre.store.read(lambda conn: sign_ups.of_date(conn, of.dates[0].id))


def cancel(centre: Centre, of: Event) -> None:
    def job(conn: Connection) -> None:
        before = events.find(conn, of.id)
        assert before is not None
        assert events.move(conn, before, EventState.CANCELLED, None, centre.now)
        after = events.find(conn, of.id)
        assert after is not None
        changed(Pen(conn, centre.store.vault, centre.mind, centre.now), before, after)

    write(centre, job)


def ready(centre: Centre, who: str, of: Event, people: int = 1) -> str:
    """The form is filled in; the button that sends it."""
    centre.say(who, Tapped(f"h:join:{of.dates[0].id}"))
    asked = centre.say(who, f"{people}人")
    return next(button.tap for button in asked[-1].buttons if button.tap.startswith("s:"))


@each("said", ["10000人", "0人", "-1", "−3人", "100000000000000000000", "1.5", "全員", "=1+1", "a:1:people:9"])
def test_no_more_than_five_and_no_fewer_than_one_are_signed_up(said: str, centre: Centre) -> None:
    centre.begin("U1")
    of = publish(centre, content(capacity=9), at(centre, 9))
    centre.say("U1", Tapped(f"h:join:{of.dates[0].id}"))
    asked = centre.say("U1", said)
    assert not [button for message in asked for button in message.buttons if button.tap.startswith("s:")]
    centre.say("U1", Tapped("m:menu"))
    assert of_date(centre, of) == []


def test_more_people_than_there_are_places_do_not_wait_for_ever(centre: Centre) -> None:
    centre.begin("U1")
    of = publish(centre, content(capacity=3), at(centre, 9))
    [told] = sign_up(centre, "U1", of, 5)
    assert told.text == "定員は3人です。3人までで、もう一度申し込んでください。"
    assert of_date(centre, of) == []
    assert sign_up(centre, "U1", of, 3)[0].text.startswith("申し込みました。")


def test_the_old_buttons_of_what_was_called_off_or_is_over_sign_nobody_up(centre: Centre) -> None:
    for who in ("U1", "U2", "U3"):
        centre.begin(who)
    off, over = publish(centre, content(), at(centre, 9)), publish(centre, content(title="昨日"), at(centre, 1))
    sends = {who: ready(centre, who, of) for who, of in (("U1", off), ("U2", over))}
    sign_up(centre, "U3", off)
    [going] = of_date(centre, off)
    cancel(centre, off)
    assert sum("中止になりました" in text for text in text_of(centre.carried())) == 1
    centre.now += timedelta(days=2)
    for who in ("U1", "U2"):
        assert "もう申し込めません" in centre.say(who, Tapped(sends[who]))[0].text
    for of in (off, over):
        assert "もう申し込めません" in centre.say("U1", Tapped(f"h:join:{of.dates[0].id}"))[0].text
    for act in ("take", "leave", "rate"):
        centre.say("U3", Tapped(f"h:{act}:{going.id}:y" if act == "rate" else f"h:{act}:{going.id}"))
    assert [one.state for one in of_date(centre, off)] == [State.OFF]
    assert (of_date(centre, over), find(centre, off).dates[0].taken) == ([], 0)


async def test_an_offer_that_is_over_or_somebody_elses_is_taken_by_nobody(centre: Centre) -> None:
    for who in ("U1", "U2", "U3"):
        centre.begin(who)
    of = publish(centre, content(capacity=1), at(centre, 9))
    for who in ("U1", "U2"):
        sign_up(centre, who, of)
    first, second = of_date(centre, of)
    centre.say("U1", Tapped(f"h:leave:{first.id}"))
    for act in ("take", "pass", "leave", "rate"):
        centre.say("U3", Tapped(f"h:{act}:{second.id}"))
    assert of_date(centre, of)[1].state is State.OFFERED
    centre.now += timedelta(hours=40)  # nobody looked meanwhile: the button alone must know
    assert "もう次の方" in centre.say("U2", Tapped(f"h:take:{second.id}"))[0].text
    assert of_date(centre, of)[1].state is State.OFFERED
    assert await WaitingLists(centre.store, centre.mind, lambda: centre.now).look() == 1
    assert (of_date(centre, of)[1].state, find(centre, of).dates[0].taken) == (State.LAPSED, 0)


async def test_a_place_of_somebody_who_was_forgotten_is_offered_to_whoever_waits(centre: Centre) -> None:
    for who in ("U1", "U2"):
        centre.begin(who)
    of = publish(centre, content(capacity=1), at(centre, 9))
    for who in ("U1", "U2"):
        sign_up(centre, who, of)
    centre.say("U1", "消して")
    centre.say("U1", Tapped("m:forget_sure"))
    centre.carried()
    await WaitingLists(centre.store, centre.mind, lambda: centre.now).look()
    assert [one.state for one in of_date(centre, of)] == [State.OFFERED]
    assert ["空きが出ました" in text for text in text_of(centre.carried())] == [True]


@each(
    ("title", "kept"),
    [
        ("会\r\nBEGIN:VEVENT", "会 BEGIN:VEVENT"), ("\u202e会\u2066", "会"), ("会\x00\x0b\x1b[31m", "会[31m"),
        ("👩\u200d👧の会", "👩\u200d👧の会"), ("<script>=1+1", "<script>=1+1"), ("\ud800会", "会"),
    ],
)  # fmt: skip
def test_what_everybody_reads_has_no_signs_that_nobody_sees(title: str, kept: str) -> None:
    assert content(title=title, organiser=title, place=title).title == kept


@each("url", ["javascript:alert(1)", "data:text/html,x", "https://x.jp/\r\nX: y", " javascript:1", "//evil.example"])
def test_an_address_is_one_of_the_web_or_none(url: str) -> None:
    with pytest.raises(ValidationError):
        Content(title="会", organiser="町会", url=url)
