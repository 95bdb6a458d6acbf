"""Cards of places: the code on them is counted once for each newcomer, never forged, and kept about nobody."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from bot import ourselves
from bot.cli.cards import run
from bot.poster import Sheet
from bot.settings import Settings
from dialogs.heard import Came, Tapped
from storage import Store, places
from tests.bot.centre import Centre
from tests.bot.fair import at, content, publish
from tests.bot.printing import codes_in, matrix
from tests.channels.samples import US
from tests.conftest import SECRET


@pytest.fixture
def centre(store: Store, now: object) -> Centre:
    return Centre(store, now)  # type: ignore[arg-type]


def counted(centre: Centre) -> dict[str, int]:
    """What the console shows."""
    return centre.store.read(places.counts)


def test_S10_who_comes_by_a_card_is_greeted_and_the_place_counted_once(centre: Centre) -> None:
    code = places.code_of(centre.store.vault, "asakusa-library")
    assert len(code) <= 64
    assert "なこうど" in centre.say("501", Came(code), "telegram")[0].text
    centre.say("501", Came(code), "telegram")
    line = unquote(ourselves.by_card("line", US, code).partition("?")[2])
    assert "なこうど" in centre.say("U1", line)[0].text
    assert counted(centre) == {"asakusa-library": 2}
    assert all(code not in str(one.body) for one in (*centre.lines("U1"), *centre.lines("501", "telegram")))


@pytest.mark.parametrize("code", ["at-asakusa-library-aaaaaaaa", "at-", "at-x", "at-A-aaaaaaaa", "at--aaaaaaaa"])
def test_S10_a_made_up_code_counts_nothing_and_greets_all_the_same(centre: Centre, code: str) -> None:
    assert centre.say("501", Came(code), "telegram")
    assert counted(centre) == {}


def test_S10_a_poster_of_an_event_leads_whoever_is_new_and_whoever_is_known_to_the_event(centre: Centre) -> None:
    of = publish(centre, content(capacity=9), at(centre, 3))
    code = places.code_of(centre.store.vault, f"event-{of.id}")
    first, *greeting = centre.say("501", Came(code), "telegram")
    assert first.text.startswith("■ 落ち葉そうじ")
    assert "なこうど" in greeting[0].text
    centre.begin("U1")
    line = unquote(ourselves.by_card("line", US, code).partition("?")[2])
    [shown] = centre.say("U1", line)
    assert "主催:中央町会" in shown.text
    assert any(button.tap.startswith("h:join") for button in shown.buttons)
    gone = places.code_of(centre.store.vault, "event-999")
    assert centre.say("U1", Came(gone))[0].text == centre.say("U1", Tapped("h:show:999"))[0].text
    assert counted(centre) == {f"event-{of.id}": 1}


def test_a_place_that_fits_no_link_and_an_event_that_is_not_public_are_refused(tmp_path: Path, sqlite_url: str) -> None:
    for place, shown in (("浅草", "浅草図書館"), ("library", ""), ("event-", "x"), ("event-x", "x"), ("event-99", "")):
        settings = Settings.model_validate({"database_url": sqlite_url, "secret_key": SECRET})
        assert run(settings, place, shown, tmp_path) == 1, place
    assert list(tmp_path.glob("*.pdf")) == []


def test_S10_the_command_writes_a_poster_and_cards_with_the_way_that_needs_no_app(
    tmp_path: Path, sqlite_url: str
) -> None:
    settings = Settings.model_validate(
        {"database_url": sqlite_url, "secret_key": SECRET, "public_url": "https://n.example"}
    )
    assert run(settings, "library", "浅草図書館", tmp_path) == 0
    for sheet, page in ((Sheet.A4, "library-a4.pdf"), (Sheet.CARD, "library-card.pdf")):
        assert codes_in((tmp_path / page).read_bytes()) == [matrix("https://n.example/chat")], sheet
