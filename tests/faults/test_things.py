"""A resident sends a picture, a file, a voice: from the phone to the coordinator's page."""

from __future__ import annotations

import io
import re
from datetime import datetime

import pytest
from PIL import Image
from sqlalchemy import select

from storage import people, tables, things
from storage.things import State
from tests.clock import Clock
from tests.faults.living import HANAKO, Living, living
from tests.faults.showing import PDF, RECEIVED, asked, case_of, count, photo, seen, send, settled

pytestmark = pytest.mark.anyio


async def test_P15_a_picture_reaches_the_coordinator_and_tells_nothing_but_what_it_shows(of: Living) -> None:
    data = photo("blue", "CANARY-PHONE")
    await send(of, "image", data)
    assert of.shown()[-1] == RECEIVED
    [thing] = await settled(of, State.KEPT)
    page, browser = await seen(of)
    [address] = re.findall(r'<img src="(/console/cases/\d+/things/\d+)"', page)
    answer = await browser.get(address)
    await browser.aclose()
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert (thing.form, int(answer.headers["content-length"])) == ("jpeg", len(answer.content))
    with Image.open(io.BytesIO(answer.content)) as drawn:
        assert (drawn.size, dict(drawn.getexif())) == ((60, 40), {})
    assert b"CANARY" in data
    assert b"CANARY" not in answer.content


async def test_C27_a_file_can_only_be_saved_and_who_saved_it_is_written_down(of: Living) -> None:
    await send(of, "file", PDF, fileName="../../会則\u202efdp.exe")
    [thing] = await settled(of, State.KEPT)
    page, browser = await seen(of)
    assert "PDFを保存する(6 KB)" in page
    assert "<img" not in page.partition('id="lines"')[2].partition("</main>")[0]
    answer = await browser.get(f"/console/cases/{await case_of(of)}/things/{thing.id}")
    await browser.aclose()
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == (
        f"attachment; filename=\"nakodo-{thing.id}.pdf\"; filename*=UTF-8''%E4%BC%9A%E5%89%87fdp.pdf"
    )
    assert answer.headers["content-security-policy"].startswith("sandbox")
    written = await of.read(lambda conn: conn.execute(select(tables.audit.c.what, tables.audit.c.cases)).all())
    assert ("saved", f",{await case_of(of)},") in [tuple(row) for row in written]


async def test_W12_ten_pictures_at_once_are_answered_once_and_keep_their_order(of: Living) -> None:
    before = len(of.shown())
    await of.line.album(HANAKO, *(photo(f"#{shade:02x}0000") for shade in range(0, 250, 25)))
    await of.quiet()
    found = await settled(of, *[State.KEPT] * 10)
    assert of.shown()[before:] == [RECEIVED]
    reds = []
    for thing in found:
        data = await of.read(lambda conn, n=thing.id: things.part(conn, of.parts.store.vault, n, 0))  # type: ignore[misc]
        with Image.open(io.BytesIO(data or b"")) as drawn:
            shade = drawn.getpixel((5, 5))
            assert isinstance(shade, tuple)
            reds.append(shade[0])
    assert reds == sorted(reds)


async def test_what_comes_while_a_coordinator_holds_the_case_is_brought_and_the_bot_is_silent(here: Living) -> None:
    await here.parts.desk.claim(await case_of(here), await here.member("baba"))
    await here.quiet()
    before = here.shown()
    await send(here, "audio")
    await asked(here, 1)
    here.clock.on(seconds=10)
    here.parts.fetcher.due.set()
    [thing] = await settled(here, State.KEPT)
    assert (thing.form, here.shown()) == ("m4a", before)
    page, browser = await seen(here)
    await browser.aclose()
    assert "音声を送りました" in page
    assert "音声を保存する" in page


async def test_a_place_and_a_sticker_are_told_in_words(here: Living) -> None:
    await send(here, "location")
    await send(here, "sticker")
    page, browser = await seen(here)
    await browser.aclose()
    assert "台東区役所\n東京都台東区東上野4丁目5番6号\n35.712600, 139.780000" in page
    assert "スタンプを送りました" in page
    assert "こんにちは" in page
    assert await count(here, "thing") == 0


async def test_what_nobody_would_look_at_is_neither_fetched_nor_kept(sqlite_url: str, now: datetime) -> None:
    async with living(sqlite_url, Clock(now)) as of:
        await of.touch("同意する")
        for kind in ("image", "file", "location"):
            await send(of, kind, fileName="CANARY.txt", title="CANARY")
            assert any("ここでは保存していません" in text for text in of.shown()[-2:])
        assert await count(of, "thing") == 0
        assert [call for call in of.line.ledger if call.endpoint == "content"] == []
        person = await of.person()
        assert person is not None
        rows = await of.read(lambda conn: _bodies(conn, of, person))
        assert "CANARY" not in rows
        await of.touch("人と話したい")
        await send(of, "image")
        await settled(of, State.KEPT)


def _bodies(conn: object, of: Living, person: people.Person) -> str:
    from storage import talk

    return str([line.body for line in talk.of_person(conn, of.parts.store.vault, person.id)])  # type: ignore[arg-type]


LOST = {
    "a program": (b"MZ\x90\x00", "あぶないかもしれないもの"),
    "a page": (b"<html><script>alert(1)</script>", "あぶないかもしれないもの"),
    "a picture that is none": (b"\xff\xd8\xff<script>", "画像としてひらけない"),
    "too large": (b"%PDF" + bytes(21 * 1024 * 1024), "20 MBより大きい"),
    "nothing LINE still has": (b"", "もう残っていません"),
}


@pytest.mark.parametrize(("data", "why"), LOST.values(), ids=LOST)
async def test_C27_C28_what_cannot_be_kept_is_said_honestly(here: Living, data: bytes, why: str) -> None:
    await send(here, "file", data)
    [thing] = await settled(here, State.LOST)
    page, browser = await seen(here)
    gone = await browser.get(f"/console/cases/{await case_of(here)}/things/{thing.id}")
    await browser.aclose()
    assert "受け取れませんでした。" in page
    assert why in page
    assert gone.status_code == 404
    assert await count(here, "thing_part") == 0
