"""What is typed is understood in every language, and what is filled into a phrase is shown as it should be."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from dialogs.commands import COMMANDS
from dialogs.dates import say_moment
from dialogs.flows import ALL
from dialogs.words import LANGUAGES, bare, library, pieces, plain
from tests.each import each

TOKYO = ZoneInfo("Asia/Tokyo")


def test_a_word_means_one_command_in_every_language() -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for book in library().values():
        for word, command in book.spoken.items():
            meanings[word].add(command)
    assert {word: found for word, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_D11_every_way_out_can_be_typed_as_its_button_says(language: str) -> None:
    words = library()[language]
    for command in words.keys("command"):
        assert words.spoken.get(plain(words.say(f"command.{command}"))) == command
    assert words.spoken[plain(words.say("common.agree"))] == "consent"
    assert words.spoken[plain(words.say("common.refuse"))] == "refuse"
    assert words.spoken[plain(words.say("person.yes"))] == "person"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_spoken_command_is_obeyed_and_every_command_can_be_spoken(language: str) -> None:
    commands = set(library()[language].spoken.values())
    assert commands - {"yes", "no", "none"} == set(COMMANDS) - {"forget_sure", "linked"}  # these two are never said


@pytest.mark.parametrize("language", LANGUAGES)
def test_D11_no_option_is_taken_for_a_command(language: str) -> None:
    words = library()[language]
    for flow in ALL.values():
        for question in flow.questions:
            for option in question.word_keys():
                label = plain(words.say(f"{flow.name}.{question.key}.{option}"))
                assert words.spoken.get(label) is None, f"{flow.name}.{question.key}.{option}"


@each(
    ("language", "typed", "command"),
    [
        ("ja", "人と話したい", "person"),
        ("ja", "最初から。", "menu"),
        ("ja", " やめる ", "cancel"),
        ("ja", "ﾒﾆｭｰ", "menu"),
        ("ja-easy", "ひとと　はなしたい", "person"),
        ("ja-easy", "さいしょから", "menu"),
        ("ja-easy", "けして!", "forget"),
        ("en", "Talk to a person", "person"),
        ("en", "HUMAN", "person"),
        ("en", "Ｓｔｏｐ.", "cancel"),
        ("zh", "返回。", "back"),
        ("zh", "人工", "person"),
        ("zh", "跳過", "skip"),
        ("zh", "不是", "no"),
        ("ko", "건너 뛰기", "skip"),
        ("ko", "상담원!", "person"),
        ("ko", "아니요", "no"),
    ],
)
def test_D11_words_are_known_in_any_width_case_and_spacing(language: str, typed: str, command: str) -> None:
    assert library()[language].spoken[plain(typed)] == command


@pytest.mark.parametrize("typed", ["?", "？", "。", "　", "...", "♪", "~"])
def test_D01_marks_alone_are_no_command(typed: str) -> None:
    assert all(plain(typed) not in book.spoken for book in library().values())


SAID_TIMES = {
    "ja": ("11月24日(火) 午後2時", "11月24日(火) 午前0時05分"),
    "ja-easy": ("11がつ24にち(か) ごご2じ", "11がつ24にち(か) ごぜん0:05"),
    "en": ("Tue 24 Nov, 2 pm", "Tue 24 Nov, 0:05 am"),
    "zh": ("11月24日（周二） 下午2点", "11月24日（周二） 上午0点05分"),
    "ko": ("11월 24일(화) 오후 2시", "11월 24일(화) 오전 0:05"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_moments_are_said_as_each_language_says_them(language: str) -> None:
    words = library()[language]
    moments = (datetime(2026, 11, 24, 14, tzinfo=TOKYO), datetime(2026, 11, 24, 0, 5, tzinfo=TOKYO))
    assert tuple(say_moment(moment, words) for moment in moments) == SAID_TIMES[language]


def test_a_phrase_in_a_phrase_keeps_its_readings_and_nothing_else() -> None:
    easy = library()["ja-easy"]
    title = easy.say("consultation.standing.company")
    assert ("会社", "かいしゃ") in list(pieces(easy.say("resume.waiting", title=title)))
    forged = "\ufff9銀行\ufffahttp://evil.example\ufffb\ufff9\u202e"
    said = easy.say("resume.waiting", title=forged)
    assert "銀行" in bare(said)
    assert "evil" not in said
    assert "\u202e" not in said


def test_D07_values_are_shown_literally() -> None:
    hostile = "{0.__class__} {{7*7}} %s ${x} {said} {漢字|かんじ}"
    assert f"“{hostile}”" in library()["en"].say("problem.no_such_date", said=hostile)


def test_dates_of_another_year_say_the_year_in_each_language_order() -> None:
    day = date(2027, 1, 5)
    said = {}
    for language, words in library().items():
        said[language] = words.say("when.year", year=day.year, day="DAY")
    east = {"ja": "2027年DAY", "ja-easy": "2027ねん DAY", "zh": "2027年DAY", "ko": "2027년 DAY"}
    assert said == {**east, "en": "DAY 2027"}
