"""Posters and cards: their codes are read back as the addresses they stand for, with a font and without."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import ourselves
from bot.fonts import NoFont, find_font, font_or_none
from bot.poster import Poster, Sheet, printed
from bot.web import placards
from knowledge.event import Content, Way
from storage import places
from storage.crypt import Vault
from storage.events import DateState, Event, EventDate, Span, State
from tests.bot.printing import codes_in, matrix, seen
from tests.channels.samples import US
from tests.conftest import SECRET

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
URL = "https://nakodo.example"
VAULT = Vault(SECRET)
LONG = "とても長い催しの名前、" * 18


def _event(title: str, *, dates: int = 1) -> Event:
    content = Content(title=title, organiser="中央町会", place="中央公園", free=True, way=Way.BOT)
    start = NOW + timedelta(days=3)
    spans = [Span(start + timedelta(weeks=n), start + timedelta(weeks=n, hours=2)) for n in range(dates)]
    on = tuple(EventDate(n, 7, span, None, 0, DateState.ON) for n, span in enumerate(spans))
    return Event(7, "u", 1, State.PUBLISHED, content, None, 1, 2, NOW, None, "", on)


def _poster(title: str = "落ち葉そうじ", dates: int = 1) -> Poster:
    day = ("センター", ZoneInfo("Asia/Tokyo"), NOW)
    return placards.of_event(VAULT, US, URL, _event(title, dates=dates), day)


def test_S10_an_events_poster_says_when_and_where_and_how_one_gets_there() -> None:
    made, code = _poster(dates=5), places.code_of(VAULT, "event-7")
    assert made.facts[0].split("\n") == [
        "11月25日(水) 18:00〜20:00", "12月2日(水) 18:00〜20:00", "12月9日(水) 18:00〜20:00", "ほか2回",
    ]  # fmt: skip
    assert made.facts[1:] == ("場所: 中央公園", "費用: 無料")
    assert [name for name, _ in made.codes] == ["LINE", "Telegram", "ウェブ"]
    assert made.codes[1][1] == f"https://t.me/nakodo_bot?start={code}"
    assert made.codes[2][1] == f"{URL}/events/7"


@pytest.mark.parametrize("sheet", tuple(Sheet))
@pytest.mark.parametrize("title", ["落ち葉そうじ", LONG, "a"])
def test_S10_every_code_is_read_back_as_its_address(sheet: Sheet, title: str) -> None:
    made = _poster(title)
    assert codes_in(printed(made, sheet, None)) == [matrix(link) for _, link in made.codes]


def test_S10_a_place_has_its_own_code_and_is_never_taken_for_an_event() -> None:
    made = placards.of_place(VAULT, US, URL, ("センター", "asakusa-library", "浅草図書館"))
    code = places.code_of(VAULT, "asakusa-library")
    assert made.codes[0] == ("LINE", ourselves.by_card("line", US, code))
    assert made.foot == "浅草図書館"
    assert codes_in(printed(made, Sheet.A4, None)) == [matrix(link) for _, link in made.codes]
    assert [placards.place_fits(one) for one in ("asakusa-library", "event-7", "浅草", "", "a" * 33)] == [
        True, False, False, False, False,
    ]  # fmt: skip


def test_words_are_drawn_into_the_sheet_so_that_it_prints_anywhere() -> None:
    try:
        font = find_font("")
    except NoFont:
        assert font_or_none("") is None
        return
    made = printed(_poster(), Sheet.A4, font)
    assert made == printed(_poster(), Sheet.A4, font)
    assert b"/Lang" in made
    page = seen(made, 40)
    title = page.crop((60, 60, page.width - 60, 130)).convert("L")
    assert sum(title.histogram()[:100]) > 200  # ink, where the title stands
    assert seen(printed(_poster(), Sheet.A4, None), 40).crop((60, 60, 250, 110)).getcolors(2) == [
        (190 * 50, (255, 255, 255))
    ]  # nothing is drawn there: the type is the reader's own
