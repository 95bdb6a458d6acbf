"""Consent, forgetting and silence towards third parties, seen from outside."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, make_url, select

from bot.rulebook import Rulebook
from dialogs.heard import Tapped
from knowledge import rules
from storage import Store, cases, open_store, people, talk
from storage.whole import metadata
from tests.bot.centre import Centre
from tests.clock import Clock
from tests.conftest import SECRET
from tests.faults.living import HANAKO, Living, living, opened

pytestmark = pytest.mark.anyio
CANARY = "カナリアの悩みごと"


@pytest.fixture
async def centre(sqlite_url: str, now: datetime) -> AsyncIterator[Living]:
    async with living(sqlite_url, Clock(now)) as one:
        yield one


# -- first contact ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tongue", "told"),
    [
        ("ja", ("使いみち", "見る人", "残す期間", "1年", "消して")),
        ("ja-easy", ("使", "見", "1年", "消")),
        ("en", ("use", "staff", "year", "delete")),
        ("zh", ("用途", "工作人员", "1年", "删除")),
        ("ko", ("쓰는 곳", "담당자", "1년", "삭제")),
    ],
    ids=["ja", "ja-easy", "en", "zh", "ko"],
)
def test_P01_first_contact_tells_purpose_readers_time_and_the_way_out(
    store: Store, now: datetime, tongue: str, told: tuple[str, ...]
) -> None:
    centre = Centre(store, now)
    said = centre.say("U1", "こんにちは")
    if tongue != "ja":
        said = centre.say("U1", Tapped(f"l:{tongue}"))
    whole = "\n".join(message.text for message in said).lower()
    assert [word for word in told if word not in whole] == []
    assert {"m:consent", "m:refuse"} <= {button.tap for message in said for button in message.buttons}
    assert [line for line in centre.lines("U1") if line.way is talk.Way.IN] == []  # nothing is kept before the answer


def consented(centre: Centre) -> str | None:
    """The version somebody agreed to."""
    person = centre.person_of("U1")
    return centre.store.read(lambda conn: people.load(conn, centre.store.vault, [person]))[person].consented


def test_P03_a_new_consent_text_is_asked_for_and_until_then_the_old_version_stands(store: Store, now: datetime) -> None:
    centre = Centre(store, now)
    centre.begin("U1")
    old = consented(centre)
    assert old == centre.mind.house.consent_version
    house = replace(centre.mind.house, consent_version="2031-04")
    centre.mind = replace(centre.mind, book=Rulebook(rules.load(), house))
    asked = centre.say("U1", "人と話したい")
    assert "m:consent" in {button.tap for message in asked for button in message.buttons}
    assert (consented(centre), centre.cases()) == (old, [])
    agreed = centre.say("U1", Tapped("m:consent"))
    assert consented(centre) == "2031-04"
    (case,) = centre.cases()  # what had to wait for it goes on by itself
    assert case.ref in "\n".join(message.text for message in agreed)


# -- forgetting ------------------------------------------------------------------------------------------------------


async def leave_traces(centre: Living) -> int:
    """Words on LINE and on the page, a case, a coordinator's reply and note; the case."""
    await centre.touch("同意する")
    await centre.say(CANARY + "を聞いてください")
    await centre.say("人と話したい")
    person = await centre.person()
    assert person is not None
    head = (await centre.read(lambda conn: cases.of_person_open(conn, [person.id])))[person.id]
    sato, desk = await centre.member("sato"), centre.parts.desk
    await desk.claim(head.id, sato)
    await desk.reply(head.id, sato, CANARY + "の件ですね", "k1")
    await desk.note(head.id, sato, CANARY, "k2")
    await centre.quiet()
    async with opened(centre, await centre.follow_link("担当者と話すページ")) as page:
        await page.say(CANARY + "です")
    await desk.close(head.id, sato)
    await centre.quiet()
    return head.id


def rows(conn: Connection) -> dict[str, int]:
    """How many rows each table has that may hold anything of a person."""
    names = ("person", "contact", "message", "outbox", "note", "private_link", "web_session", "unanswered")
    return {name: conn.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one() for name in names}


async def test_P08_P10_who_asks_is_forgotten_everywhere_and_an_old_event_brings_nobody_back(
    centre: Living, sqlite_url: str
) -> None:
    case_id = await leave_traces(centre)
    old = [post.event for post in centre.line.posts]
    backup = Path(str(make_url(sqlite_url).database)).with_suffix(".backup")
    await centre.say("消して")
    await centre.line.touch(HANAKO, forget_button(centre))
    async with asyncio.timeout(20):
        while "消しました" not in centre.shown()[-1]:
            await centre.parts.bell.wait(0.05)
    assert await centre.person() is None
    assert set((await centre.read(rows)).values()) == {0}
    assert (await centre.read(lambda conn: cases.get(conn, centre.parts.store.vault, case_id))) is not None
    shown = len(centre.shown())
    assert {(await centre.line.redeliver(event["webhookEventId"])).status for event in old} == {200}
    await centre.quiet()
    assert (await centre.person(), len(centre.shown())) == (None, shown)
    # P-08: neither the file nor its log holds a word of it; P-09: nor does a backup made from now on.
    centre.parts.store.scrub()
    file = Path(str(make_url(sqlite_url).database))
    shutil.copy(file, backup)
    for one in (file, *file.parent.glob(file.name + "-*"), backup):
        assert CANARY.encode() not in one.read_bytes()
        assert HANAKO.encode() not in one.read_bytes()
    restored = open_store(f"sqlite:///{backup}", SECRET)
    assert set(restored.read(rows).values()) == {0}
    restored.close()
    # And she is welcome to come back as somebody new.
    await centre.say("こんにちは")
    assert await centre.person() is not None


def forget_button(centre: Living) -> str:
    """The button that really forgets, by its tap."""
    for face in reversed(centre.line.screen(HANAKO)):
        for seen in (*face["quick"], *face["buttons"]):
            if seen.get("data") == "m:forget_sure":
                return str(seen["label"])
    raise AssertionError("nobody offers to forget")


# -- third parties ---------------------------------------------------------------------------------------------------

OUTSIDE = re.compile(
    r"""(?:src|href|action|content|data-[a-z-]+)\s*=\s*["']?\s*(?:https?:)?//([^/"'\s>]+)""", re.IGNORECASE
)


async def test_P24_P22_no_page_asks_anybody_else_and_no_address_tells_about_anybody(centre: Living) -> None:
    case_id = await leave_traces(centre)
    browser = await centre.signed_in(await centre.member("suzuki"))
    paths = [
        "/login",
        "/console",
        "/console?which=all",
        f"/console/cases/{case_id}",
        "/me",
        "/chat",
        "/clock",
        "/nowhere",
    ]
    asked: set[str] = set()
    for path in paths:
        page = await browser.get(path, follow_redirects=True)
        assert page.status_code in (200, 404), path
        assert OUTSIDE.findall(page.text) == [], path
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert CANARY not in str(page.url) + "".join(re.findall(r"<title>.*?</title>", page.text, re.DOTALL))
        asked |= set(re.findall(r'(?:src|href)="(/static/[^"?]+)', page.text))
    assert len(asked) >= 4
    for path in sorted(asked):
        part = await browser.get(path)
        assert part.status_code == 200, path
        if not path.endswith((".svg", ".woff2")):
            assert re.findall(r"(?:url\(|fetch\(|import\s*\(?|@import\s*)\s*[\"']?(?:https?:)?//", part.text) == [], (
                path
            )
    await browser.aclose()
