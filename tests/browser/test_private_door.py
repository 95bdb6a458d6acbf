"""The door of a private page in a real browser: it opens by itself in Telegram's window, and nowhere else."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection

from bot.channels.doubles.telegram.web_app import init_data
from storage import people, tables
from tests.browser.looks import wrong_in
from tests.browser.street import PEOPLE, Street

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
CHIN = PEOPLE[2]
# What Telegram's own window has and no other: the page's way to talk to it.
WINDOW = "window.TelegramWebviewProxy = { postEvent: (name) => { (window.told ??= []).push(name); } };"


def _told(street: Street, user: str = CHIN.user) -> str:
    """What stands behind the # for this user."""
    parts = street.demo.parts
    token = parts.settings.telegram_token.get_secret_value()
    person = {"id": int(user), "is_bot": False, "first_name": "陳"}
    return "#" + urlencode({"tgWebAppData": init_data(token, person, int(parts.clock().timestamp()), "q")})


def _inside(street: Street) -> Page:
    """A window of Telegram's."""
    page = street.window()
    page.add_init_script(WINDOW)
    return page


def test_in_telegrams_window_the_page_opens_for_its_person_without_a_press(street: Street) -> None:
    page = _inside(street)
    page.goto(street.link(CHIN.user, channel="telegram") + _told(street))
    expect(page.locator("#log")).to_be_visible()
    assert "tgWebApp" not in page.url


def test_in_telegrams_window_somebody_else_is_turned_away(street: Street) -> None:
    page = _inside(street)
    page.goto(street.link(CHIN.user, channel="telegram") + _told(street, "420002"))
    expect(page.get_by_role("heading", level=1)).to_have_text("このページは、ほかの方のものです")
    expect(page.locator("#log")).to_have_count(0)


def test_a_link_that_carries_somebodys_words_opens_nothing_by_itself(street: Street) -> None:
    """Elsewhere than in Telegram, and where two say who it is, a reader must not land in the sender's talk."""
    told = _told(street)
    for page, behind in ((street.window(), told), (_inside(street), f"{told}&{told[1:]}")):
        page.goto(street.link(CHIN.user, channel="telegram") + behind)
        expect(page.get_by_role("button", name="開く", exact=True)).to_be_enabled()
        assert "tgWebApp" not in page.url  # it is not left in the address, for histories and pictures of screens
        page.get_by_role("button", name="開く", exact=True).click()
        expect(page.locator("#log")).to_be_visible()


def test_every_door_can_be_read_on_a_small_phone(street: Street) -> None:
    page, store = street.window(), street.demo.parts.store
    found = []
    for language in ("ja-easy", "en"):  # the one with readings over its words, the one with the longest
        path = street.link(CHIN.user, channel="telegram")

        def speak(conn: Connection, to: str = language) -> None:
            pair = ("telegram", CHIN.user)
            person = people.contacts_for(conn, store.vault, [pair], street.demo.parts.clock())[pair].person_id
            conn.execute(tables.person.update().where(tables.person.c.id == person).values(language=to))

        store.writer.submit(speak).result()
        page.goto(path)
        found += wrong_in(page, f"door {language}", [(390, {}), (320, {"color_scheme": "dark"})])
        page.locator("form").evaluate("form => { form.elements.init.value = 'x'; form.requestSubmit(); }")
        expect(page.locator("form")).to_have_count(0)
        found += wrong_in(page, f"turned away {language}", [(390, {}), (320, {"color_scheme": "dark"})])
    assert found == []
