"""Thousands of events, shuffled, repeated, spread over four servers: each answered once, in order for each person."""

from __future__ import annotations

import asyncio
import json
import random
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import BOT_ID, Terms
from bot.channels.doubles.postman import Event
from bot.channels.doubles.serve import serving
from storage import people, talk
from storage.engine import open_store
from tests.channels.samples import LINE_SECRET, LINE_TOKEN
from tests.conftest import SECRET
from tests.faults import storming
from tests.faults.made_up import line_user

pytestmark = pytest.mark.anyio
SERVERS, IN_ONE_POST, COPIES = 4, 10, 4
STEPS = ("m:consent", "f:consultation", "a:1:standing:npo", "a:1:trouble:money")


def steps(line: LinePlatform, number: int, begun: datetime) -> list[Event]:
    """What one person does, a second between each: adds the account, agrees, and begins a form."""
    who = line_user(number)
    line.meet(who, "住民").friend = True
    done = [line.event("follow", who, follow={"isUnblocked": False})]
    done += [line.event("postback", who, postback={"data": data}) for data in STEPS]
    for second, event in enumerate(done):
        event["timestamp"] = int((begun + timedelta(seconds=second)).timestamp() * 1000)
    return done


def posts(events: list[Event], chance: random.Random) -> list[list[bytes]]:
    """All events once, in any order, ten in a POST, dealt out to the servers."""
    shuffled = chance.sample(events, len(events))
    packs = [shuffled[at : at + IN_ONE_POST] for at in range(0, len(shuffled), IN_ONE_POST)]
    bodies = [json.dumps({"destination": BOT_ID, "events": pack}).encode() for pack in packs]
    return [bodies[server::SERVERS] for server in range(SERVERS)]


async def check_storm(url: str, count: int, seed: int) -> None:
    """So many people: all they do comes twice while nobody works and twice more while it is worked off."""
    chance = random.Random(seed)  # noqa: S311 - an order, not a secret
    now = datetime.now(UTC) - timedelta(seconds=30)
    terms = Terms(rates={}, reply_seconds=3600)
    line = LinePlatform(LINE_SECRET, LINE_TOKEN, "", clock=lambda: datetime.now(UTC), quota=None, terms=terms)
    events = [event for number in range(count) for event in steps(line, number, now)]
    again = [{**event, "deliveryContext": {"isRedelivery": True}} for event in events]
    first, later = posts(events + again, chance), posts(again * (COPIES - 2), chance)
    async with serving(line.app, grace=0.1) as host:
        with storming.servers(SERVERS) as pool:
            taken = [asyncio.wrap_future(pool.submit(storming.pour, url, bodies)) for bodies in first]
            assert await asyncio.gather(*taken) == [{200}] * SERVERS
            worked = [asyncio.wrap_future(pool.submit(storming.work, url, host, bodies)) for bodies in later]
            assert await asyncio.gather(*worked) == [{200}] * SERVERS
    check_phones(line, count)
    await asyncio.to_thread(check_talks, url, count)


def check_phones(line: LinePlatform, count: int) -> None:
    """Every phone shows the same words in the same order, and nothing was said that did not arrive."""
    shown = [[face["texts"] for face in line.screen(line_user(number))] for number in range(count)]
    assert len(shown[0]) >= 1 + len(STEPS)
    assert [number for number in range(count) if shown[number] != shown[0]] == []
    assert sum(call.accepted for call in line.ledger.of("reply", "push")) == count * (1 + len(STEPS))


def check_talks(url: str, count: int) -> None:
    """Each step was heard once, in its order."""
    store = open_store(url, SECRET)
    try:
        pairs = [("line", line_user(number)) for number in range(count)]
        found = store.read(lambda conn: people.known(conn, store.vault, pairs))
        for pair in pairs:
            said = store.read(lambda conn, of=pair: talk.of_person(conn, store.vault, found[of].person_id))  # type: ignore[misc]
            assert [line.body["tap"] for line in said if line.body and "tap" in line.body] == list(STEPS)
    finally:
        store.close()


async def test_W10_W14_a_shuffled_storm_over_four_processes_is_answered_once_and_in_order(postgres_url: str) -> None:
    await check_storm(postgres_url, 100, seed=1)


@pytest.mark.long
async def test_W10_W14_a_hundred_thousand_events_over_four_processes(postgres_url: str) -> None:
    await check_storm(postgres_url, 100_000 // COPIES // (1 + len(STEPS)), seed=2)
