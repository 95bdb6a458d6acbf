"""A resident sends a picture, a file, a voice: from the phone to the coordinator's page, in every weather."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import httpx2
import pytest
from PIL import Image
from sqlalchemy import func, select, text

from bot.app import working
from bot.channels.doubles.faults import Refuse, Slow
from storage import cases, people, tables, things
from storage.staff import Role
from storage.things import State, Thing
from tests.clock import Clock
from tests.faults.living import HANAKO, PATIENCE_S, Living, living

pytestmark = pytest.mark.anyio
RECEIVED = "受け取りました。担当者が確認します。"
PDF = b"%PDF-1.7\n" + b"CANARY" * 1000


@pytest.fixture
async def of(database_url: str, now: datetime) -> AsyncIterator[Living]:
    """Hanako has agreed and asked for a person."""
    async with living(database_url, Clock(now)) as one:
        await one.touch("同意する", "人と話したい")
        yield one


@pytest.fixture
async def here(sqlite_url: str, now: datetime) -> AsyncIterator[Living]:
    """The same on SQLite alone, where the database makes no difference."""
    async with living(sqlite_url, Clock(now)) as one:
        await one.touch("同意する", "人と話したい")
        yield one


def photo(colour: str = "red", maker: str = "") -> bytes:
    """A small JPEG, perhaps with what a telephone writes into it."""
    told, out = Image.Exif(), io.BytesIO()
    told[0x010F] = maker
    Image.new("RGB", (60, 40), colour).save(out, "JPEG", exif=told)
    return out.getvalue()


async def case_of(of: Living) -> int:
    """Her open case."""
    person = await of.person()
    assert person is not None
    return (await of.read(lambda conn: cases.of_person_open(conn, [person.id])))[person.id].id


async def settled(of: Living, *states: State) -> list[Thing]:
    """Wait until her things are where they should be; all of them, in the order of the talk."""
    case_id = await case_of(of)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await of.read(lambda conn: things.of_case(conn, case_id))
            if [found[number].state for number in sorted(found)] == list(states):
                return [found[number] for number in sorted(found)]
            await of.parts.bell.wait(0.05)


async def send(of: Living, kind: str, data: bytes | None = None, **told: Any) -> str:
    """Hanako sends it; what is left is LINE's number of her message."""
    of.clock.on(seconds=2)
    posted = await of.line.send(HANAKO, kind, data=data, **told)
    assert posted.status == 200
    await of.quiet()
    return str(posted.event["message"]["id"])


async def asked(of: Living, times: int) -> None:
    """Wait until LINE was asked for contents so often, and what came of it is written down."""
    async with asyncio.timeout(PATIENCE_S):
        while sum(call.endpoint == "content" for call in of.line.ledger) < times:
            await of.parts.bell.wait(0.05)
    await of.parts.fetcher.idle()


async def seen(of: Living) -> tuple[str, httpx2.AsyncClient]:
    """A coordinator opens the page of her case."""
    browser = await of.signed_in(await of.member("sato"))
    answer = await browser.get(f"/console/cases/{await case_of(of)}")
    assert answer.status_code == 200
    return answer.text, browser


async def count(of: Living, table: str) -> int:
    """Rows of a table."""
    counted = select(func.count()).select_from(tables.metadata.tables[table])
    return await of.read(lambda conn: conn.execute(counted).scalar_one())


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


async def test_S21_a_host_that_is_slow_or_gone_holds_up_nobody_and_is_asked_again(here: Living) -> None:
    here.line.faults.next("content", Refuse(500))
    here.line.faults.next("content", Slow(0.5), times=2)
    await send(here, "image")
    page, browser = await seen(here)
    await browser.aclose()
    assert "読み込み中です。" in page
    assert here.shown()[-1] == RECEIVED
    await asked(here, 1)
    here.clock.on(seconds=10)
    here.parts.fetcher.due.set()
    await settled(here, State.KEPT)


async def test_a_thing_that_never_comes_is_given_up_after_a_day(here: Living) -> None:
    here.line.faults.next("content", Refuse(500), times=50)
    await send(here, "image")
    await asked(here, 1)
    here.clock.on(days=1, seconds=10)
    here.parts.fetcher.due.set()
    [thing] = await settled(here, State.LOST)
    assert thing.why == "unreachable"


async def test_S01_killed_between_the_ack_and_the_fetch_it_is_taken_up_at_the_next_start(
    database_url: str, now: datetime
) -> None:
    async with living(database_url, Clock(now)) as of:
        await of.touch("同意する", "人と話したい")
        of.line.faults.next("content", Refuse(500), times=50)
        await send(of, "image")
        await asked(of, 1)
        [waiting] = await settled(of, State.WANTED)

        # As a process leaves it that was killed while it fetched.
        def die(conn: object) -> None:
            sql = "UPDATE thing SET state = 'fetching', lease_owner = 'dead', next_at = :later"
            later = now + timedelta(minutes=2)
            value = later.isoformat(" ", "microseconds") if of.parts.store.dialect == "sqlite" else later
            conn.execute(text(sql), {"later": value})  # type: ignore[attr-defined]

        await of.write(die)
        of.line.faults.clear()
        of.clock.on(minutes=3)  # on PostgreSQL others may live: there the lease must end
        async with working(of.parts):
            [thing] = await settled(of, State.KEPT)
    assert thing.id == waiting.id


async def test_P07_R07_taken_back_before_and_after_it_was_fetched(of: Living) -> None:
    first = await send(of, "image")
    [thing] = await settled(of, State.KEPT)
    of.line.faults.next("content", Slow(0.3))
    second = await send(of, "image")
    page, browser = await seen(of)
    for number in (first, second):
        of.clock.on(seconds=2)
        await of.line.unsend(HANAKO, number)
    await of.quiet()
    await of.parts.fetcher.idle()
    address = f"/console/cases/{await case_of(of)}"
    gone = await browser.get(f"{address}/things/{thing.id}")
    after = await browser.get(address)
    await browser.aclose()
    assert f"{address}/things/{thing.id}" in page
    assert (gone.status_code, after.text.count("取り消されました")) == (404, 2)
    assert "/things/" not in after.text
    assert (await count(of, "thing"), await count(of, "thing_part")) == (0, 0)


async def test_P08_P13_C30_forgotten_while_it_is_fetched(of: Living) -> None:
    await send(of, "file", PDF)
    [thing] = await settled(of, State.KEPT)
    case_id = await case_of(of)
    of.line.faults.next("content", Slow(0.5))
    await send(of, "image")
    await of.say("消して")
    await of.touch("すべて消す")
    await of.parts.fetcher.idle()
    assert await of.person() is None
    assert (await count(of, "thing"), await count(of, "thing_part")) == (0, 0)
    browser = await of.signed_in(await of.member("sato"))
    assert (await browser.get(f"/console/cases/{case_id}/things/{thing.id}")).status_code == 404
    await browser.aclose()


async def test_C10_C11_C30_who_may_not_see_the_case_is_not_handed_its_files(here: Living) -> None:
    await send(here, "file", PDF)
    [thing] = await settled(here, State.KEPT)
    case_id = await case_of(here)
    address = f"/console/cases/{case_id}/things/{thing.id}"

    def reader(conn: object) -> str:
        from storage import staff

        number = staff.add(conn, "ken", "Ken", Role.READER, here.clock())  # type: ignore[arg-type]
        return str(staff.start_session(conn, number or 0, here.clock(), timedelta(hours=1)))  # type: ignore[arg-type]

    token = await here.write(reader)
    async with here.browser() as browser:
        assert (await browser.get(address)).status_code == 303  # to sign in
        browser.cookies.set("nakodo", token)
        assert (await browser.get(address)).status_code == 403
    _, browser = await seen(here)
    for path in (
        f"/console/cases/{case_id + 1}/things/{thing.id}",
        f"/console/cases/{case_id}/things/0",
        address + "0",
    ):
        assert (await browser.get(path)).status_code == 404
    await browser.post("/logout")
    browser.cookies.clear()
    assert (await browser.get(address)).status_code == 303
    await browser.aclose()


async def test_L09_a_range_costs_no_more_than_the_file(here: Living) -> None:
    await send(here, "file", PDF)
    [thing] = await settled(here, State.KEPT)
    _, browser = await seen(here)
    ranges = "bytes=" + "0-," * 900 + "0-"
    answer = await browser.get(f"/console/cases/{await case_of(here)}/things/{thing.id}", headers={"range": ranges})
    await browser.aclose()
    assert (answer.status_code, answer.content) == (200, PDF)


async def test_P14_the_person_is_told_how_many_there_are(here: Living) -> None:
    await send(here, "image")
    await settled(here, State.KEPT)
    assert "写真やファイルなど:1件" in (await here.say("何を持っていますか"))[0]


async def test_P21_nothing_of_it_is_logged(here: Living, capfd: pytest.CaptureFixture[str]) -> None:
    await send(here, "file", PDF, fileName="CANARY.pdf")
    await send(here, "file", b"MZCANARY", fileName="CANARY.exe")
    await settled(here, State.KEPT, State.LOST)
    said = capfd.readouterr()
    assert "CANARY" not in said.out + said.err
