"""A day said without its time, or a time without its day, is remembered and put together with the words that follow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest

from dialogs.dates import say_moment
from dialogs.problem import Problem
from dialogs.when import read_moment
from dialogs.words import bare, bracketed, library
from tests.each import each
from tests.transcripts.play import START, Player

MONDAY = datetime.fromisoformat("2026-11-23T10:00")
SUNDAY = datetime.fromisoformat("2026-11-22T10:00")
FORM = ':: form {"standing": "individual", "trouble": ["money"], "urgency": "month", "way": "desk"}'


def said(words: Sequence[str], now: datetime) -> str:
    """What comes out of the last of these words, each with the half that the one before left."""
    half, found = "", read_moment(words[0], now)
    for one in words:
        found = read_moment(one, now, half)
        half = found.half if isinstance(found, Problem) else ""
    return found.code if isinstance(found, Problem) else found.isoformat(timespec="minutes")


PUT_TOGETHER = {
    "a day, then a time": (MONDAY, ("来週の火曜", "午後2時"), "2026-12-01T14:00"),
    "a time, then a day": (MONDAY, ("午後2時", "来週の火曜です"), "2026-12-01T14:00"),
    "a day, an hour, its half": (MONDAY, ("来週の火曜", "2時", "午後です"), "2026-12-01T14:00"),
    "an hour in full at last": (MONDAY, ("来週の火曜", "2時", "午後2時"), "2026-12-01T14:00"),
    "a part of the day, then the hour": (MONDAY, ("明日の午後", "2時"), "2026-11-24T14:00"),
    "a part of the day that the hour does not want": (MONDAY, ("明日の午後", "10時"), "2026-11-24T10:00"),
    "next Tuesday keeps its time": (SUNDAY, ("next Tuesday 2pm", "1 December"), "2026-12-01T14:00"),
    "Tuesday on a Tuesday keeps its time": (START, ("Tuesday at 14:00", "24 Nov"), "2026-11-24T14:00"),
    "来週 on a Sunday keeps its time": (SUNDAY, ("来週の火曜 午後2時", "24日"), "2026-11-24T14:00"),
    "the new day counts": (MONDAY, ("来週の火曜", "木曜の午後2時"), "2026-11-26T14:00"),
    "the new time counts": (MONDAY, ("午後2時", "午後3時", "明日"), "2026-11-24T15:00"),
    "a wrong hour leaves the day": (MONDAY, ("来週の火曜", "25時", "14時"), "2026-12-01T14:00"),
    "a wrong day leaves the time": (MONDAY, ("2月30日の14時", "12月1日"), "2026-12-01T14:00"),
    "two times leave the day": (MONDAY, ("明日の14時か15時", "14時"), "2026-11-24T14:00"),
    "at 2": (MONDAY, ("tomorrow at 2", "pm"), "2026-11-24T14:00"),
    "what denies takes nothing along": (MONDAY, ("明日は無理", "14時"), "date_missing"),
    "a deadline is no appointment": (MONDAY, ("来週の火曜", "14時まで"), "not_a_moment"),
}


@each(("now", "words", "meant"), PUT_TOGETHER.values(), ids=PUT_TOGETHER)
def test_what_was_half_said_is_put_together(now: datetime, words: Sequence[str], meant: str) -> None:
    assert said(words, now.replace(tzinfo=None)) == meant


def at_the_slots(*lines: str) -> Player:
    """A talk that stands at the question for free times."""
    player = Player()
    player.play("\n".join((FORM, *lines)))
    return player


SAID = {
    "day first": ("> 来週の火曜", "> 午後2時"),
    "time first": ("> 午後2時", "> 来週の火曜"),
    "an unclear word between": ("> 来週の火曜", "> ううむ", "> 午後2時"),
    "a question between": ("> 来週の火曜", "> 会議室はいくらですか", "> 午後2時"),
    "a time that is taken between": ("> 来週の火曜 午後3時", "> 午後2時"),
}


@pytest.mark.parametrize("lines", SAID.values(), ids=SAID)
def test_a_slot_takes_the_day_and_the_time_one_after_the_other(lines: Sequence[str]) -> None:
    player = at_the_slots(*lines)
    assert player.session.answers["slot"] == ["2026-12-01T14:00"]
    assert player.session.half is None


def test_what_was_half_said_does_not_outlive_its_question() -> None:
    player = at_the_slots("> 来週の火曜", ">> もどる", ">> 窓口", "> 午後2時")
    assert "slot" not in player.session.answers


def test_a_half_said_day_is_told_back() -> None:
    assert "  12月1日(火)ですね。何時ですか。「午後2時」のように書いてください。" in at_the_slots("> 来週の火曜").out
    assert "  午後2時ですね。何月何日ですか。" in at_the_slots("> 午後2時").out


@pytest.mark.parametrize("language", library())
def test_the_example_is_a_slot_that_is_offered_and_can_be_typed(language: str) -> None:
    player = at_the_slots(f"> {library()[language].say('language.name')}")
    message = player.shown[-1]
    first = message.buttons[0].label
    assert f"{bare(first)}" in bare(message.text)
    player.play(f"> {bracketed(first)}")
    assert player.session.answers["slot"] == ["2026-11-25T10:00"]


@each("language", library())
@each("days", range(1, 15))
def test_every_moment_as_we_say_it_reads_back(language: str, days: int) -> None:
    moment = datetime.combine(date(2026, 11, 24) + timedelta(days=days), MONDAY.time())
    for minutes in (0, 30, 330):
        one = moment + timedelta(minutes=minutes)
        shown = bracketed(say_moment(one, library()[language]))
        assert read_moment(shown, START.replace(tzinfo=None)) == one, shown
