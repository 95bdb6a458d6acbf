"""What residents write, however odd, is kept bit for bit and shown as what it is, and nothing more."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import httpx2
import pytest
from sqlalchemy import Connection

from bot.channels.doubles.serve import serving
from storage import cases, staff
from storage.staff import Role
from tests.faults.town import Town
from tests.web.talking import own_words, past

pytestmark = pytest.mark.anyio

TEXTS = {
    "D-01 blank": " \u3000\t",
    "D-01 zero width": "\u200b\u200d\ufeff",
    "D-02 5,000": "あ" * 5000,
    "D-02 100,000": "長い文です。" * 16_667,
    "D-03 family": "👨‍👩‍👧‍👦 🏳️‍🌈 🇯🇵",
    "D-03 outside the basic plane": "𠮷野家の𩸽",
    "D-03 variation selector": "葛\U000e0100飾区と葛飾区",
    "D-03 half-width and combining": "ガギグ か\u3099 が",
    "D-04 override": "abc\u202etxt.exe",
    "D-04 isolate": "\u2066始まり",
    "D-05 lines and ANSI": "a\r\nb\x1b[31mred\x1b[0m\x07",
    "D-05 NUL": "前\x00後",
    "D-06 SQL": "' OR 1=1-- %_\\",
    "D-07 templates": "{{7*7}} ${x} {0.__class__} %s {name}",
    "D-07 markup": "<script>alert(1)</script><img src=x onerror=alert(1)>&amp;",
    "D-07 readings": "\ufff9基\ufffaもと\ufffb",
}
UNSEEN = "\x00\x07\x1b\r\u202e\u2066\u2068\u2069\ufff9\ufffa\ufffb"


async def case_page(place: Town, who: str) -> str:
    """What a coordinator sees of the open case of somebody, as the browser would show it: text without marks."""
    person = await place.person(who)

    def job(conn: Connection) -> tuple[int, str]:
        number = staff.add(conn, "sato", "佐藤", Role.COORDINATOR, place.clock())
        assert number is not None
        token = staff.start_session(conn, number, place.clock(), timedelta(hours=1))
        return cases.of_person_open(conn, [person.id])[person.id].id, str(token)

    case_id, token = place.store.writer.submit(job).result(20)
    async with place.web() as web:
        web.cookies.set("nakodo", token)
        page = await web.get(f"/console/cases/{case_id}")
    assert page.status_code == 200
    return page.text


def seen(text: str) -> str:
    """A text as it may be shown: what cannot be seen or would turn its surroundings is left out."""
    return "".join(sign for sign in text if sign not in UNSEEN)


def words_on(page: str) -> list[str]:
    """The words of every bubble of the case, as text."""
    return [
        seen(html.unescape(re.sub("<[^>]*>", "", one)))
        for one in re.findall(r'<p class="words">(.*?)</p>', page, re.DOTALL)
    ]


async def test_D01_to_D07_every_text_is_kept_bit_for_bit_and_shown_literally_to_coordinators(either: Town) -> None:
    await either.agreed("hanako")
    assert await either.line(either.tap("hanako", "m:person")) == 200
    for text in TEXTS.values():
        assert await either.line(either.event("hanako", text)) == 200
    await either.hear()
    assert await either.own_words("hanako") == list(TEXTS.values())
    page = await case_page(either, "hanako")
    shown = words_on(page)
    for name, text in TEXTS.items():
        if text.strip():
            assert seen(text).strip() in [one.strip() for one in shown], name
    assert "<script>alert" not in page
    assert "onerror" not in re.sub("&lt;.*?&gt;", "", page)
    assert not set("\x00\x1b\u202e\ufff9").intersection(page)


@asynccontextmanager
async def visitor(place: Town) -> AsyncIterator[httpx2.AsyncClient]:
    """Somebody on the web page who has agreed; the page is really served, for what comes live."""
    headers = {"sec-fetch-site": "same-origin"}
    async with serving(place.app, grace=0.05) as base, httpx2.AsyncClient(base_url=base, headers=headers) as web:
        assert (await web.post("/chat/start")).status_code == 303
        assert (await web.post("/chat/say", json={"key": "consent-key", "tap": "m:consent"})).status_code == 202
        await place.hear()
        yield web


async def test_D01_to_D07_every_text_comes_back_literally_on_the_residents_own_page(place: Town) -> None:
    fitting = {name: text for name, text in TEXTS.items() if text.strip() and len(text) <= 5000}
    async with visitor(place) as web:
        for number, text in enumerate(fitting.values()):
            place.clock.on(seconds=30)
            said = await web.post("/chat/say", json={"key": f"number-{number}", "text": text})
            assert said.status_code == 202
        await place.hear()
        shown = own_words(await past(web))
    assert shown == [seen(text) for text in fitting.values()]


@pytest.mark.parametrize("text", [" \u3000\t", "", "あ" * 5001], ids=["D-01 blank", "D-01 empty", "D-02 too long"])
async def test_D01_D02_what_the_page_cannot_take_is_said_and_changes_nothing(place: Town, text: str) -> None:
    async with visitor(place) as web:
        before = await place.count("inbox")
        answer = await web.post("/chat/say", json={"key": "some-key-1", "text": text})
        assert answer.status_code == 422
        assert answer.json()["why"] in ("empty", "too_long")
        assert await place.count("inbox") == before


async def test_D03_half_a_surrogate_pair_is_no_error_of_ours_on_any_way_in(either: Town) -> None:
    await either.agreed("hanako")
    assert await either.line(either.event("hanako", "半分\ud83d")) == 200
    posted = b'{"key":"half-a-pair","text":"\\ud83d half"}'
    async with visitor(either) as web:
        answer = await web.post("/chat/say", content=posted, headers={"content-type": "application/json"})
        assert answer.status_code == 202
        await either.hear()
        assert await either.own_words("hanako") == ["半分\ufffd"]
        assert own_words(await past(web)) == ["\ufffd half"]
        assert await either.waiting() == 0
