"""The centre's own telephone, address and hours are told as it set them, and never made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.frontdesk import FrontDesk, told
from bot.look import Shelf
from dialogs.around import Finding
from dialogs.heard import Heard, Tapped, Typed
from dialogs.words import LANGUAGES, bare, library
from knowledge.frontdesk import Fact
from knowledge.rules import CENTRE, load_centre
from tests.each import each
from tests.ours import shelf
from tests.transcripts.play import Player

CENTRE_SET = replace(load_centre(), phone="03-0000-0000", address="台東区みほん1-2-3", mail="desk@example.jp")
MONDAY, HOLIDAY = date(2026, 11, 30), date(2026, 11, 23)
BOOKS = library()


def desk(*, unset: bool = False) -> FrontDesk:
    return FrontDesk(shelf(), load_centre if unset else (lambda: CENTRE_SET), BOOKS)


@each("language", LANGUAGES)
@each(
    ("fact", "value"),
    [(Fact.PHONE, "03-0000-0000"), (Fact.ADDRESS, "台東区みほん1-2-3"), (Fact.MAIL, "desk@example.jp")],
)
def test_what_is_set_is_told_as_it_is_written_and_what_is_not_is_not(language: str, fact: Fact, value: str) -> None:
    assert value in told(fact, CENTRE_SET, BOOKS[language], MONDAY)
    assert told(fact, load_centre(), BOOKS[language], MONDAY) == ""


HOURS = {
    "ja": "今日、11月30日(月)は 10:00〜18:00 です。\n開いている時間:\n月、火、水、木、金 10:00〜18:00\n土 10:00〜16:00",
    "ja-easy": "今日、11がつ30にち(げつ)は 10:00〜18:00 です。\nあいている 時間:\n"
    "げつ、か、すい、もく、きん 10:00〜18:00\nど 10:00〜16:00",
    "en": "Today, Mon 30 Nov: 10:00 to 18:00.\nWe are open:\n"
    "Mon, Tue, Wed, Thu, Fri 10:00 to 18:00\nSat 10:00 to 16:00",
    "zh": "今天，11月30日（周一）：10:00〜18:00。\n开放时间：\n"
    "周一、周二、周三、周四、周五 10:00〜18:00\n周六 10:00〜16:00",
    "ko": "오늘 11월 30일(월): 10:00~18:00\n여는 시간:\n월, 화, 수, 목, 금 10:00~18:00\n토 10:00~16:00",
}
CLOSED = {
    "ja": "休みの日:日、祝日、12月29日〜1月3日",
    "ja-easy": "休みの 日:にち、しゅくじつ、12がつ29にち〜1がつ3にち",
    "en": "We are closed: Sun, public holidays, 29 Dec to 3 Jan",
    "zh": "休息日：周日、节假日、12月29日〜1月3日",
    "ko": "쉬는 날: 일, 공휴일, 12월 29일~1월 3일",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_hours_and_the_days_off_come_from_the_calendar(language: str) -> None:
    assert bare(told(Fact.HOURS, CENTRE_SET, BOOKS[language], MONDAY)) == HOURS[language]
    assert bare(told(Fact.CLOSED, CENTRE_SET, BOOKS[language], MONDAY)) == CLOSED[language]


def test_a_closed_day_is_said_to_be_closed() -> None:
    assert told(Fact.HOURS, CENTRE_SET, BOOKS["ja"], HOLIDAY).startswith("今日、11月23日(月)は休みです。")
    extra = replace(CENTRE_SET, opening=replace(CENTRE_SET.opening, closed_days=frozenset({date(2026, 12, 15)})))
    assert "12月15日(火)" in told(Fact.CLOSED, extra, BOOKS["ja"], MONDAY)
    assert "12月15日(火)" not in told(Fact.CLOSED, extra, BOOKS["ja"], date(2026, 12, 16))


def test_danger_and_every_other_question_reach_the_shelf() -> None:
    urgent = desk()(Typed("もう死にたいです"), "ja", MONDAY)
    assert urgent is not None
    assert urgent.kind is Finding.URGENT
    for heard in (Typed("会議室はいくらですか"), Tapped("m:menu")):
        one: Heard = heard
        assert desk()(one, "ja", MONDAY) == shelf()(one, "ja", MONDAY)
    assert isinstance(desk().look, Shelf)


def talking(*, unset: bool, said: str, begin: str = ":: agreed") -> Player:
    """A talk with a front desk in it, after one thing was said."""
    player = Player(look=desk(unset=unset))
    player.play(begin)
    player.hear(Typed(said))
    return player


def test_a_resident_is_told_and_a_person_is_one_tap_away() -> None:
    (answer,) = talking(unset=False, said="センターの電話番号は?").shown
    assert answer.text == "電話番号は 03-0000-0000 です。"
    assert [button.tap for button in answer.buttons] == ["m:person", "m:menu"]
    (unset,) = talking(unset=True, said="住所は").shown
    assert "センターの人がお答えします" in unset.text
    assert "m:person" in {button.tap for button in unset.buttons}


@pytest.mark.parametrize(
    ("said", "told"), [("你们的电话号码是多少？", "电话号码："), ("전화번호가 뭐예요?", "전화번호: ")], ids=["zh", "ko"]
)
def test_a_question_is_answered_in_the_language_it_was_asked_in(said: str, told: str) -> None:
    (answer,) = talking(unset=False, said=said).shown
    assert answer.text == f"{told}03-0000-0000"


def test_first_words_are_answered_too() -> None:
    texts = [message.text for message in talking(unset=False, said="どこにありますか", begin="# new").shown]
    assert "住所は 台東区みほん1-2-3 です。" in texts


@pytest.mark.parametrize("question", ["standing", "told"])
def test_a_form_goes_on_after_the_answer(question: str) -> None:
    answers = '{"standing": "individual", "trouble": ["money"], "urgency": "month", "way": "text", "more": true, '
    answers += '"wish": {"skipped": true}, "deadline": {"skipped": true}}'
    begin = ":: form {}" if question == "standing" else f":: form {answers}"
    player = talking(unset=False, said="何時まで開いていますか", begin=begin)
    assert "開いている時間" in player.shown[0].text
    assert question not in player.session.answers
    assert player.shown[-1].buttons


def test_the_example_centre_leaves_them_empty_for_the_centre_to_fill_in(tmp_path: Path) -> None:
    centre = load_centre()
    assert (centre.example, centre.phone, centre.address, centre.mail) == (True, "", "", "")
    text = CENTRE.read_text("utf-8").replace('phone = ""', 'phone = " 03-1111-2222 "')
    (tmp_path / "centre.toml").write_text(text, "utf-8")
    assert load_centre(tmp_path / "centre.toml").phone == "03-1111-2222"
