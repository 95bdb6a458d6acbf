"""A resident sends a picture, a file, a voice: from the phone to the coordinator's page, in every weather."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import datetime

import httpx2
import pytest
from PIL import Image
from sqlalchemy import func, select

from storage import cases, tables, things
from storage.things import State
from tests.clock import Clock
from tests.faults.living import HANAKO, PATIENCE_S, Living, living

pytestmark = pytest.mark.anyio


@pytest.fixture
async def of(database_url: str, now: datetime) -> AsyncIterator[Living]:
    """Hanako has agreed and asked for a person."""
    async with living(database_url, Clock(now)) as one:
        await one.touch("同意する", "人と話したい")
        yield one


def photo(colour: str = "red", **exif: str) -> bytes:
    """A small JPEG, perhaps with what a telephone writes into it."""
    told, out = Image.Exif(), io.BytesIO()
    told[0x010F] = exif.get("maker", "")
    told.get_ifd(0x8825)[1] = exif.get("north", "")
    Image.new("RGB", (60, 40), colour).save(out, "JPEG", exif=told)
    return out.getvalue()


async def case_of(of: Living) -> int:
    """Her open case."""
    person = await of.person()
    assert person is not None
    return (await of.read(lambda conn: cases.of_person_open(conn, [person.id])))[person.id].id


async def settled(of: Living, *states: State) -> list[things.Thing]:
    """Wait until her things are where they should be; all of them."""
    case_id = await case_of(of)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await of.read(lambda conn: things.of_case(conn, case_id))
            if [one.state for one in found.values()] == list(states):
                return list(found.values())
            await of.parts.bell.wait(0.05)


async def page(of: Living, browser: httpx2.AsyncClient) -> str:
    """The page of her case."""
    answer = await browser.get(f"/console/cases/{await case_of(of)}")
    assert answer.status_code == 200
    return answer.text


async def count(of: Living, table: str) -> int:
    """Rows of a table."""
    counted = select(func.count()).select_from(tables.metadata.tables[table])
    return await of.read(lambda conn: conn.execute(counted).scalar_one())


async def test_P15_a_picture_reaches_the_coordinator_and_tells_nothing_but_what_it_shows(of: Living) -> None:
    data = photo("blue", maker="CANARY-PHONE", north="N")
    await of.line.send(HANAKO, "image", data=data)
    await of.quiet()
    assert of.shown()[-1] == "受け取りました。担当者が確認します。"
    [thing] = await settled(of, State.KEPT)
    async with await of.signed_in(await of.member("sato")) as browser:
        shown = await page(of, browser)
        [address] = re.findall(r'<img src="(/console/cases/\d+/things/\d+)"', shown)
        answer = await browser.get(address)
    assert answer.headers["content-type"] == "image/jpeg"
    assert (thing.form, int(answer.headers["content-length"])) == ("jpeg", len(answer.content))
    with Image.open(io.BytesIO(answer.content)) as seen:
        assert (seen.size, dict(seen.getexif()), seen.info.get("exif")) == ((60, 40), {}, None)
    assert b"CANARY" in data
    assert b"CANARY" not in answer.content
