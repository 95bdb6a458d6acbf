"""What the tests of pictures and files share: sending them, and waiting for what becomes of them."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import httpx2
from PIL import Image
from sqlalchemy import func, select

from storage import cases, things
from storage.things import State, Thing
from storage.whole import metadata
from tests.faults.living import HANAKO, PATIENCE_S, Living

RECEIVED = "受け取りました。担当者が確認します。"
PDF = b"%PDF-1.7\n" + b"CANARY" * 1000


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
    counted = select(func.count()).select_from(metadata.tables[table])
    return await of.read(lambda conn: conn.execute(counted).scalar_one())
