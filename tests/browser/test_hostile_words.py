"""Five hundred attacks on every surface of the console in a real browser, with our content policy switched off."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Connection

from bot.exporting import Exporter
from knowledge.edited import Edited, Tongue
from storage import articles, canned, cases, exports, notes, partners, staff, tags, talk
from storage.cases import Mode
from storage.exports import Counted, Wanted
from storage.staff import Role
from tests.browser.desk import STAYED, Desk
from tests.browser.payloads import PAYLOADS
from tests.web.console.office import Office

pytestmark = pytest.mark.browser
_FIND = "さがす言葉"
_TRAP = """
    window.hits = []; window.hit = n => window.hits.push(n);
    for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = () => window.hits.push(name);
"""
_WRONG = Path(__file__).with_name("trap.js").read_text(encoding="utf-8")
_SHOWN = """() => document.documentElement.textContent
    + [...document.querySelectorAll('input, textarea')].map(one => one.value).join('\\n')"""


def _packs(size: int) -> list[str]:
    """All of them, so many in one text."""
    return ["\n".join(PAYLOADS[at : at + size]) for at in range(0, len(PAYLOADS), size)]


def _says(office: Office, case_id: int, bodies: Sequence[dict[str, object]], address: str) -> None:
    def write(conn: Connection) -> None:
        contact, person = office.who(conn, "web", address)
        of = {"person_id": person.id, "key": person.key, "contact_id": contact.id, "case_id": case_id, "channel": "web"}
        common = of | {"at": office.clock(), "way": talk.Way.IN, "author": talk.Author.PERSON}
        talk.write(conn, office.store.vault, [talk.Line(**common, body=body) for body in bodies])  # type: ignore[arg-type]

    office.write(write)


def _stage(office: Office) -> tuple[int, int, int]:
    """A manager, a case to talk in, and one full of names of files, notes, answers of a form and of a partner."""
    chief = office.member("chief", PAYLOADS[0], Role.MANAGER)
    live = office.case("live", "web", mode=Mode.OPEN)
    full = office.case("full", "web", mode=Mode.OPEN, rows=[["story", one, one] for one in PAYLOADS])
    now, vault = office.clock(), office.store.vault

    def write(conn: Connection) -> None:
        for number, pack in enumerate(_packs(5)):
            notes.add(conn, vault, notes.NewNote(full, chief, pack), now)
            canned.add(conn, canned.New(chief, PAYLOADS[number][:60], pack), now)
            staff.add(conn, f"m{number}", pack, Role.COORDINATOR, now)
        for case_id in (live, full):
            cases.claim(conn, case_id, chief, now)
        _partner(conn, office, full, chief)
        asks = [one[:100] for one in PAYLOADS]
        text = {
            "ja": Tongue(title=asks[0][:80], asks=tuple(asks[:80]), details="\n".join(asks)[:3000], steps=(asks[1],))
        }
        for number in range(len(asks) // 80 + 1):
            text["ja"] = text["ja"].model_copy(update={"asks": tuple(asks[80 * number :][:80])})
            new = articles.New(chief, "", 0, articles.State.DRAFT, Edited(text=text).model_dump_json(), asks[number])
            articles.add(conn, new, now)

    office.write(write)
    _says(office, full, [{"kind": "showed", "thing": "file", "name": one} for one in PAYLOADS], "full")
    listed = {
        office.case(pack[-9:], "web", mode=Mode.OPEN, topics=[pack], rows=[["story", "相談", _FIND + pack]]): pack
        for pack in _packs(11)
    }
    office.write(
        lambda conn: [
            tags.put(conn, vault, at, one, now) for at, pack in listed.items() for one in pack.split("\n")[:8]
        ]
    )
    return chief, live, full


def _partner(conn: Connection, office: Office, case_id: int, chief: int) -> None:
    now, vault = office.clock(), office.store.vault
    until = now + timedelta(days=1)
    new = partners.New(case_id, chief, PAYLOADS[1], PAYLOADS[2], partners.Scope.TALK, partners.Consent.ASKED, until)
    found = partners.by_token(conn, vault, partners.make(conn, vault, new, now).token, now)
    assert found
    for number, pack in enumerate(_packs(5)):
        partners.did(conn, vault, found, (f"k{number}", pack), now)


def _files(office: Office, chief: int, *wanted: Wanted) -> list[str]:
    """Where the browser is handed the files of cases."""
    now, vault = office.clock(), office.store.vault
    asked = [exports.New(chief, one, PAYLOADS[5], second=False) for one in wanted]
    office.write(lambda conn: [exports.ask(conn, vault, one, Counted(99, 99, 99), now) for one in asked])
    maker = Exporter(office.store, office.mind.house, ZoneInfo("Asia/Tokyo"), office.clock)
    apart = threading.Thread(target=lambda: asyncio.run(maker.look()))  # the browser's loop has this one
    apart.start()
    apart.join()
    tokens = office.write(lambda conn: [exports.make_token(conn, n) for n, _ in enumerate(wanted, 1)])
    return [f"/console/exports/{number}/file/{token}" for number, token in enumerate(tokens, 1)]


def _wrong(page: Page, surface: str, every: bool = True) -> list[str]:
    """What was run, fetched or built out of words; and, where all should be there, which are not shown."""
    found = [f"{surface}: {one}" for one in page.evaluate(_WRONG)]
    shown = {int(one) for one in re.findall(r"§(\d+)§", page.evaluate(_SHOWN))}
    return found + [f"{surface}: {one!r} is not shown" for n, one in enumerate(PAYLOADS) if every and n not in shown]


def _search(page: Page, words: str) -> None:
    page.locator("#search-text").fill(words)
    page.locator("#search-text").press("Enter")
    page.wait_for_url("**/search?of=*")


def test_C01_C02_P24_five_hundred_attacks_are_words_on_every_surface(desk: Desk, tmp_path: Path) -> None:
    """`desk` fails as well when a page asks any other host, opens a dialog or breaks."""
    assert len(PAYLOADS) >= 500
    office = desk.office
    chief, live, full = _stage(office)
    page = desk.window(chief, bypass_csp=True)
    page.add_init_script(_TRAP)
    desk.served.also = "file:"
    page.goto("/console?folder=unassigned")
    found = _wrong(page, "list")
    _search(page, _FIND)
    found += _wrong(page, "search")
    for one in PAYLOADS[:: len(PAYLOADS) // 4]:
        _search(page, one)
        found += _wrong(page, one, every=False)
    page.goto(f"/console/cases/{live}")
    page.evaluate(STAYED)
    _says(office, live, [{"kind": "typed", "text": one} for one in PAYLOADS], "live")
    expect(page.locator(".bubble.person")).to_have_count(len(PAYLOADS))
    assert page.evaluate("window.stayed"), "they came by push, not by a page load"
    found += _wrong(page, "push")
    for path in (f"/cases/{live}", f"/cases/{full}", f"/cases/{live}/print", f"/cases/{full}/print", "/people"):
        page.goto("/console" + path)
        found += _wrong(page, path)
    page.goto("/console/canned")
    found += _wrong(page, "canned")
    of = "/articles/own-1"
    for path in ("/articles", of, of + "/look?on=web", of + "/look?on=line", of + "/check", "/exports", "/record"):
        page.goto("/console" + path)
        found += _wrong(page, path, every=False)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=hit(1)>')")
    page.wait_for_function("window.hits.length")
    assert _wrong(page, "trap", every=False) == ["trap: executed 1", "trap: img onerror", "trap: img src=x"]
    for where in _files(office, chief, Wanted(), Wanted(case_id=live)):
        file = tmp_path / "cases.txt"
        file.write_bytes(page.context.request.get(where).body())
        page.goto(file.as_uri())
        found += _wrong(page, where)
    assert found == []
