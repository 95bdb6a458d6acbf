"""A whole private consultation that began on LINE leaves nothing of itself there, and nothing in the clear here."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url
from sqlalchemy import text as sql

from storage import cases, notes, talk
from storage.cases import Mode
from tests.clock import Clock
from tests.faults.living import HANAKO, Living, living, opened
from tests.web.talking import text

pytestmark = pytest.mark.anyio

STORY = "カナリアの会で、妻の病気とお金のことでもめています"
NAME, PHONE = "金糸雀花子", "090-1234-5678"
COORDINATOR = "カナリア病院の書類をお持ちください"
ANSWER = "カナリアの件、土曜に行きます"
NOTE = "カナリア注意"
CANARIES = ("カナリア", "金糸雀", "妻の病気", PHONE, "09012345678", "9012345678")


@pytest.fixture
async def centre(database_url: str, now: datetime) -> AsyncIterator[Living]:
    async with living(database_url, Clock(now)) as one:
        yield one


async def fill_in_on_line(centre: Living) -> str:
    """As far as the form goes on LINE; the path of the link to the page for the rest."""
    await centre.touch("同意する", "相談を申し込む", "個人", "お金・助成", "これで次へ", "1か月以内", "電話")
    await centre.touch(next(name for name in buttons(centre) if "時" in name and "月" in name))
    await centre.touch("これで次へ", "いいえ", "だれにも伝えない")
    return await centre.follow_link("センターのページを開く")


def buttons(centre: Living) -> list[str]:
    """The names of all buttons that show."""
    faces = centre.line.screen(HANAKO)
    return [seen["label"] for face in reversed(faces) for seen in (*face["quick"], *face["buttons"])]


async def the_rest_on_our_page(centre: Living, path: str) -> None:
    """Story, name and telephone, then the consent and the check, all on the page."""
    async with opened(centre, path) as page:
        await page.say(STORY)
        await page.say(NAME)
        await page.say(PHONE)
        await page.tap("とばす")
        await page.tap("同意する")
        await page.tap("送る")
        assert "受付番号" in "".join(text(line) for line in (await page.lines())[-2:])


async def talk_with_the_coordinator(centre: Living) -> int:
    """Claim, reply, the resident reads and answers on the page, a note, release and close; the case."""
    person = await centre.person()
    assert person is not None
    head = (await centre.read(lambda conn: cases.of_person_open(conn, [person.id])))[person.id]
    assert head.mode is Mode.PRIVATE
    sato, desk = await centre.member("sato"), centre.parts.desk
    await desk.claim(head.id, sato)
    await desk.reply(head.id, sato, COORDINATOR, "key-1")
    await desk.note(head.id, sato, NOTE, "key-2")
    await centre.quiet()
    assert "担当者から返事があります" in centre.shown()[-1]
    async with opened(centre, await centre.follow_link("担当者と話すページ")) as page:
        assert COORDINATOR in str(await page.lines())
        await page.say(ANSWER)
    await desk.release(head.id, sato)
    await desk.close(head.id, sato)
    await centre.quiet()
    return head.id


async def test_P05_P22_P23_a_private_consultation_leaves_nothing_on_line_and_nothing_in_the_clear(
    centre: Living, database_url: str
) -> None:
    await the_rest_on_our_page(centre, await fill_in_on_line(centre))
    case_id = await talk_with_the_coordinator(centre)
    await centre.say("何を持っていますか")
    await centre.say("メニュー")
    vault = centre.parts.store.vault
    # It all arrived where it belongs …
    case = await centre.read(lambda conn: cases.get(conn, vault, case_id))
    assert case is not None
    assert [value for key, _, value in case.rows or () if key in ("story", "calling", "phone")] == [STORY, NAME, PHONE]
    said = [line.body or {} for line in await centre.read(lambda conn: talk.of_case(conn, vault, case_id))]
    assert {COORDINATOR, ANSWER} <= {body.get("text") for body in said}
    assert [note.text for note in await centre.read(lambda conn: notes.of_case(conn, vault, case_id))] == [NOTE]
    # … and nowhere else.
    assert len(centre.line.ledger) > 12
    assert "担当者から返事があります" in centre.sent()
    assert found_in(centre.sent()) == []
    assert found_in(str(centre.line.screen(HANAKO))) == []
    assert await in_the_clear(centre, database_url) == []


def found_in(whole: str) -> list[str]:
    """The canaries in a text."""
    return [canary for canary in CANARIES if canary in whole]


async def in_the_clear(centre: Living, database_url: str) -> list[str]:
    """The canaries that can be read in what the database keeps on its disk, in any usual spelling."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        file = Path(str(url.database))
        files = [file, *file.parent.glob(f"{file.name}-*")]
        assert len(files) >= 2
        return readable(b"".join(one.read_bytes() for one in files))
    return readable(await centre.read(every_row))


def every_row(conn: Connection) -> bytes:
    """All rows of all tables as a dump would write them, and the bytes behind the hexadecimal."""
    names = conn.execute(sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars().all()
    asked = [sql(f'SELECT t::text FROM "{name}" t') for name in names]  # noqa: S608 - the database's own names
    rows: list[str] = [row for one in asked for row in conn.execute(one).scalars()]
    whole = "\n".join(rows)
    assert len(rows) > 50
    return whole.encode() + b"".join(bytes.fromhex(part) for part in re.findall(r"\\x((?:[0-9a-f]{2})+)", whole))


def readable(raw: bytes) -> list[str]:
    """The canaries in bytes."""
    spellings = {canary: [canary.encode(), canary.encode("utf-16-le"), repr(canary).encode()] for canary in CANARIES}
    escaped = {canary: canary.encode("unicode_escape") for canary in CANARIES}
    return [name for name, found in spellings.items() if any(one in raw for one in [*found, escaped[name]])]
