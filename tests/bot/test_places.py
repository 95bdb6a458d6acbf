"""Cards of places: the code on them is counted once for each newcomer, never forged, and kept about nobody."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest

from bot import ourselves
from bot.cli.cards import page, run
from bot.settings import Settings
from dialogs.heard import Came
from storage import Store, places
from tests.bot.centre import Centre
from tests.channels.samples import US


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


def test_S10_the_page_holds_a_code_for_each_way_and_asks_no_network(centre: Centre) -> None:
    code = places.code_of(centre.store.vault, "library")
    links = {one: ourselves.by_card(one, US, code) for one in US}
    made = page("<浅草図書館>", links, "協働支援センター")
    assert made.count("<svg") == 2 * 9
    assert "&lt;浅草図書館&gt;" in made
    assert "http" not in made.replace("http://www.w3.org/2000/svg", "")
    assert links["telegram"] == f"https://t.me/nakodo_bot?start={code}"


def test_a_place_that_fits_no_link_is_refused(tmp_path: Path) -> None:
    assert run(Settings(), "浅草", "浅草図書館", tmp_path / "x.html") == 1
    assert not (tmp_path / "x.html").exists()
