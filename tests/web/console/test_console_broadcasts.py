"""Broadcasts in the console: written, seen as they arrive, tested on testers alone, agreed to by a second person."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import httpx2
import pytest
from sqlalchemy import Connection, insert, select, update

from knowledge.segment import All, Asked, Has, Segment
from storage import audit, broadcasts, outbox, people, pushes, segments, staff, ways
from storage.broadcasts import Broadcast, State
from storage.receive_tables import receiver
from storage.staff import Role
from storage.tables import outbox as outbox_table
from tests.each import each
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
WORDS = "11月29日に区民館で清掃活動があります。どなたでも参加できます。"
SURE = {"sure": "yes"}


def crowd(office: Office, count: int, channel: str = "line", language: str = "ja", topics: int = 1) -> None:
    """So many people who receive."""

    def job(conn: Connection) -> None:
        now = office.clock()
        found = people.contacts_for(
            conn, office.store.vault, [(channel, f"{channel}{language}{one}") for one in range(count)], now
        )
        same = {"channel": channel, "language": language, "often": "at_once", "quiet_from": 0, "quiet_to": 0}
        rows = [{"person_id": one.person_id, "contact_id": one.id, "topics": topics, **same} for one in found.values()]
        conn.execute(insert(receiver), rows)

    office.write(job)


def segment(office: Office, by: int, means: Segment = Has(Asked.TOPIC, ("events",))) -> str:
    """A kept segment; its version."""
    new = segments.New(by, "催しの人", means, 1)
    number = office.write(lambda conn: segments.add(conn, new, office.clock()))
    found = office.store.read(lambda conn: segments.find(conn, number))
    assert found is not None
    return str(found.id)


def form(version: str, **more: str) -> dict[str, str]:
    """The composer, filled in."""
    return {"number": "0", "mark": "", "title": "清掃", "text-ja": WORDS, "segment": version, "lane": "news"} | more


def newest(office: Office) -> Broadcast:
    """The broadcast that was written last."""
    return office.store.read(broadcasts.latest)[0]


async def do(browser: httpx2.AsyncClient, office: Office, deed: str, **more: Any) -> httpx2.Response:
    """A button of the newest broadcast's page."""
    one = newest(office)
    return await browser.post(f"/console/broadcasts/{one.id}", data={"do": deed, "mark": one.mark} | more)


async def test_written_seen_on_each_channel_asked_for_and_agreed_to_by_a_second_person(office: Office) -> None:
    aoki, baba = office.member("aoki"), office.member("baba")
    crowd(office, 12)
    crowd(office, 3, "telegram", "en")
    crowd(office, 2, "web", "zh", topics=2)
    office.write(lambda conn: pushes.told(conn, "line", 200, 20, office.clock()))
    version = segment(office, aoki)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        made = await a.post("/console/broadcasts", data=form(version, **{"text-en": "Cleaning on 29 November."}))
        assert made.status_code == 303
        page = (await a.get(made.headers["location"])).text
        assert "15人" in page
        assert "12通使います。今月の残りは180通です。" in page
        assert page.count("なぜ届いたの?") == 3
        assert page.count("Why did I get it?") == 3
        assert (await do(a, office, "ask")).status_code == 422  # it was never tested
        assert (await do(a, office, "ask", **SURE)).status_code == 303
        assert (await do(b, office, "approve", expected="15", **SURE)).status_code == 303
    one = newest(office)
    assert (one.state, one.second, one.expected) == (State.APPROVED, "baba", 15)
    record = [entry.what for entry in office.store.read(audit.latest)]
    assert {"announce", "announce_ask", "announce_yes"} <= set(record)


async def test_B07_nobody_agrees_to_their_own_and_any_change_ends_an_agreement(office: Office) -> None:
    aoki, baba = office.member("aoki"), office.member("baba")
    crowd(office, 4)
    crowd(office, 1, "web", topics=2)
    version = segment(office, aoki)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        await a.post("/console/broadcasts", data=form(version))
        await do(a, office, "ask", **SURE)
        assert (await do(a, office, "approve", expected="4", **SURE)).status_code == 422
        before = newest(office)
        await do(b, office, "approve", expected="4", **SURE)
        assert newest(office).state is State.APPROVED
        again = form(version, number=str(before.id), mark=before.mark, **{"text-ja": WORDS + "雨でもあります。"})
        assert (await b.post("/console/broadcasts", data=again)).status_code == 303
        assert (newest(office).state, newest(office).second) == (State.DRAFT, None)
        await do(a, office, "ask", **SURE)
        assert (await do(b, office, "approve", expected="4", **SURE)).status_code == 422  # who changed it wrote it too
        stale = {"do": "approve", "mark": before.mark, "expected": "4", **SURE}
        third = office.member("chiba")
        async with office.browser(third) as c:
            assert (await c.post(f"/console/broadcasts/{before.id}", data=stale)).status_code == 409
            assert (await do(c, office, "approve", expected="4", **SURE)).status_code == 303
