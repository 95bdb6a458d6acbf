"""What the clock does to cases by itself: wakes, warns each step once, keeps a promise honest; never at night."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.acts import Done, Refused
from bot.bell import Bell
from bot.pausing import Wait
from bot.watchman import Watchman
from dialogs.dates import say_moment
from dialogs.heard import Tapped
from dialogs.tap import LanguageTap
from storage import cases, clocking, feed, promises, talk
from storage.cases import State
from storage.engine import Store
from tests.bot.centre import Centre
from tests.bot.desk import head
from tests.knowledge.test_hours import at


@pytest.fixture
def centre(store: Store) -> Centre:
    """A centre on a Tuesday morning, with a person who agreed."""
    made = Centre(store, at("2026-11-24 10:00") - timedelta(seconds=3))
    made.begin("hana")
    return made


def case_of(centre: Centre) -> int:
    """The number of her open case."""
    who = centre.person_of("hana")
    return centre.store.read(lambda conn: cases.of_person_open(conn, [who]))[who].id


def watch(centre: Centre, now: str) -> int:
    """One look of the watchman's at this moment."""
    centre.now = at(now)
    return asyncio.run(Watchman(centre.store, centre.mind, centre.desk, Bell(), lambda: centre.now).round())


def kinds(centre: Centre) -> Counter[str]:
    return Counter(change.kind for change in centre.store.read(lambda conn: feed.since(conn, 0)))


def replies(centre: Centre, minutes: int, n: int = 30) -> None:
    """As many cases of the last days were replied to after so long."""

    def job(conn: Connection) -> None:
        for case_id in range(9000, 9000 + n):
            promises.replied(conn, case_id, minutes, centre.now - timedelta(days=1), None)

    centre.store.writer.submit(job).result()


def asks(centre: Centre) -> str:
    """The wish for a person; what the bot says of it."""
    return " ".join(message.text for message in centre.say("hana", "人と話したい"))


def said(centre: Centre) -> list[str]:
    """Everything the bot said to her."""
    lines = centre.lines("hana")
    return [str(line.body["text"]) for line in lines if line.body and line.author is talk.Author.BOT]


def test_N01_by_when_somebody_answers_is_said_only_when_it_is_known(centre: Centre) -> None:
    replies(centre, 100, n=19)
    assert "見こみ" not in asks(centre)
    assert head(centre, case_of(centre)).promised_at is None


def test_N01_the_bound_of_the_last_30_days_is_said_and_kept_on_the_case(centre: Centre) -> None:
    replies(centre, 100)
    assert "返事は、11月24日(火) 午後12時までにできる見こみです。" in asks(centre)
    assert head(centre, case_of(centre)).promised_at == at("2026-11-24 12:00")
    centre.now = at("2026-11-24 10:40")
    assert "11月24日(火) 午後12時までに" in asks(centre)  # asked again, what was said before holds


@pytest.mark.parametrize("language", ["ja-easy", "en", "zh", "ko"])
def test_N01_it_is_said_in_every_language(centre: Centre, language: str) -> None:
    replies(centre, 100)
    centre.say("hana", Tapped(str(LanguageTap(language))))
    words = centre.mind.house.library[language]
    moment = say_moment(at("2026-11-24 12:00"), words)
    assert words.say("promise.by", moment=moment) in " ".join(
        one.text for one in centre.say("hana", Tapped("m:person"))
    )
    watch(centre, "2026-11-24 12:30")
    later = say_moment(at("2026-11-24 14:30"), words)
    assert said(centre)[-1] == words.say("promise.later", moment=later)


def test_N01_a_promise_that_breaks_is_mended_once_in_opening_time(centre: Centre) -> None:
    replies(centre, 100)
    asks(centre)
    before = len(said(centre))
    watch(centre, "2026-11-24 11:59")
    assert len(said(centre)) == before
    watch(centre, "2026-11-24 19:00")
    assert len(said(centre)) == before  # closed: nobody is woken to be told that it takes longer
    watch(centre, "2026-11-25 10:00")
    watch(centre, "2026-11-25 14:00")
    assert said(centre)[before:] == [
        "お待たせして、すみません。返事は、11月25日(水) 午後12時までになりそうです。担当者にも知らせました。"
    ]
    assert kinds(centre)["late"] == 1


def test_N04_whom_a_coordinator_has_taken_over_hears_no_word_of_the_bot(centre: Centre) -> None:
    replies(centre, 100)
    asks(centre)
    sato = centre.member("sato")
    assert asyncio.run(centre.desk.claim(case_of(centre), sato)) == Done()
    before = len(said(centre))
    for now in ("2026-11-24 12:01", "2026-11-24 15:00", "2026-11-25 15:00"):
        watch(centre, now)
    assert len(said(centre)) == before


def test_a_first_reply_is_counted_in_opening_minutes(centre: Centre) -> None:
    asks(centre)
    case_id, sato = case_of(centre), centre.member("sato")
    replies(centre, 1, n=19)
    centre.now = at("2026-11-25 10:30")
    asyncio.run(centre.desk.claim(case_id, sato))
    assert asyncio.run(centre.desk.reply(case_id, sato, "こんにちは", "k1")) == Done()
    asyncio.run(centre.desk.reply(case_id, sato, "もう一つ", "k2"))
    assert centre.store.read(promises.bound) == 1  # with hers there are twenty; hers took longest


def test_before_a_breach_each_step_is_told_once_in_opening_time_only(centre: Centre) -> None:
    asks(centre)  # asked at ten: the first reply is due within four hours
    case_id = case_of(centre)
    for now in ("12:59", "13:01", "13:02", "13:31", "13:31", "14:01", "14:02", "17:00"):
        watch(centre, f"2026-11-24 {now}")
    assert kinds(centre)["warned"] == 3
    assert [one.id for one in centre.store.read(clocking.warned)] == [case_id]
    assert head(centre, case_id).holder is None  # nobody is made to hold it


def test_what_falls_due_at_night_is_told_when_the_centre_opens(centre: Centre) -> None:
    asks(centre)
    watch(centre, "2026-11-24 20:00")
    assert kinds(centre)["warned"] == 0
    watch(centre, "2026-11-25 10:00")
    assert kinds(centre)["warned"] == 1


def test_only_the_holder_lays_a_case_aside_and_it_wakes_by_itself(centre: Centre) -> None:
    asks(centre)
    case_id, sato, suzuki = case_of(centre), centre.member("sato"), centre.member("suzuki")
    asyncio.run(centre.desk.claim(case_id, sato))
    assert asyncio.run(centre.desk.wait(case_id, suzuki, Wait.PERSON)) == Refused("not_holder", "Sato")
    for what, state in (
        (Wait.PERSON, State.WAITING_PERSON),
        (Wait.PARTNER, State.WAITING_PARTNER),
        (Wait.NOTHING, State.CLAIMED),
        (Wait.WEEK, State.PENDING),
        (Wait.TOMORROW, State.PENDING),
    ):
        assert asyncio.run(centre.desk.wait(case_id, sato, what)) == Done()
        assert head(centre, case_id).state is state
    assert head(centre, case_id).pending_until == at("2026-11-25 10:00")
    watch(centre, "2026-11-25 09:59")
    assert head(centre, case_id).state is State.PENDING
    watch(centre, "2026-11-25 10:00")
    assert (head(centre, case_id).state, head(centre, case_id).holder) == (State.CLAIMED, sato.id)
    assert head(centre, case_id).due_at == at("2026-11-25 14:00")


def test_the_words_of_the_person_wake_a_case_in_the_transaction_that_hears_them(centre: Centre) -> None:
    asks(centre)
    case_id, sato = case_of(centre), centre.member("sato")
    asyncio.run(centre.desk.claim(case_id, sato))
    asyncio.run(centre.desk.reply(case_id, sato, "いかがですか", "k1"))
    asyncio.run(centre.desk.wait(case_id, sato, Wait.PERSON))
    assert head(centre, case_id).due_at is None
    centre.now = at("2026-11-24 15:00") - timedelta(seconds=1)
    centre.say("hana", "お願いします")
    found = head(centre, case_id)
    assert (found.state, found.due_clock) == (State.CLAIMED, "next")
    assert found.due_at == at("2026-11-25 11:00")


def test_a_case_whose_clock_breaks_holds_up_no_other(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    asks(centre)
    centre.begin("jiro")
    centre.say("jiro", "人と話したい")
    first, wound, renew = case_of(centre), [], clocking.renew

    def wrong(conn: Connection, case_id: int) -> None:
        if case_id == first:
            raise ZeroDivisionError
        wound.append(case_id)
        renew(conn, case_id)

    monkeypatch.setattr(clocking, "renew", wrong)
    assert watch(centre, "2026-11-24 10:01") == 1
    assert len(wound) == 1
    assert first not in wound
