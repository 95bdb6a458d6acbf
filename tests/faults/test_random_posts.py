"""Random posts of both platforms, each as its SDK describes them: every one is taken, and nobody who wrote is lost."""

from __future__ import annotations

import asyncio
import itertools
import json
import os
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import telegram
from linebot.v3.webhooks import Event  # type: ignore[import-untyped]
from sqlalchemy import select

from storage import inbox, people, tables
from tests.channels.samples import BOT_ID, HOOK_SECRET, line_signature
from tests.doubles import oracle
from tests.faults import made_up
from tests.faults.posting import knock
from tests.faults.town import LINE, TELEGRAM, Town, town

pytestmark = pytest.mark.anyio
# Of the long form: forty seeds make the million, half of it on each platform; a few seeds may be run at a time.
FOR_ONE_SEED = 25_000
FIRST, LAST = (int(seed) for seed in os.environ.get("NAKODO_TEST_SEEDS", "2-41").split("-"))
# LINE puts many events into one post; Telegram posts each update by itself, over as many connections as it was told.
AT_ONCE, HEARD_EVERY = 40, 800


def line_writer(event: made_up.Json) -> tuple[str, str] | None:
    """Who waits for an answer to a message on LINE, and the number of the message."""
    source = event.get("source") or {}
    if event["type"] != "message" or event["mode"] != "active" or source.get("type") != "user":
        return None
    return source["userId"], event["message"]["id"]


def telegram_writer(update: made_up.Json) -> str | None:
    """Who waits for an answer to words on Telegram."""
    message = update.get("message") or {}
    return str(message["chat"]["id"]) if "text" in message and message["chat"]["type"] == "private" else None


async def hear_out(place: Town) -> None:
    """The worker hears all that waits; not one message may break it."""
    while (made := await place.parts.ear.round()).heard or made.failed:
        assert made.failed == ()


async def check_nobody_is_lost(place: Town, channel: str, writers: set[str]) -> None:
    """Nothing waits, nothing is dead, and each of these people was answered."""
    await hear_out(place)
    assert await place.waiting() == 0
    assert await asyncio.to_thread(place.store.read, inbox.dead) == []

    def lost(conn: Any) -> set[str]:
        found = people.known(conn, place.store.vault, [(channel, who) for who in writers])
        answered = set(conn.execute(select(tables.outbox.c.person_id).distinct()).scalars())
        return {who for who in writers if (channel, who) not in found or found[channel, who].person_id not in answered}

    assert await asyncio.to_thread(place.store.read, lost) == set()


async def check_line(place: Town, events: Iterator[made_up.Json]) -> None:
    """Post them forty at a time, hear now and then, and see to it that everybody was answered."""
    writers: dict[str, set[str]] = {}
    withdrawn: set[str] = set()
    for number in itertools.count(AT_ONCE, AT_ONCE):
        pack = list(itertools.islice(events, AT_ONCE))
        if not pack:
            break
        body = json.dumps({"destination": BOT_ID, "events": pack}).encode()
        assert await knock(place.app, LINE, body, ("x-line-signature", line_signature(body))) == 200
        for event in pack:
            withdrawn |= {event["unsend"]["messageId"]} if event["type"] == "unsend" else set()
            if wrote := line_writer(event):
                writers.setdefault(wrote[0], set()).add(wrote[1])
        if number % HEARD_EVERY == 0:
            await hear_out(place)
    await check_nobody_is_lost(place, "line", {who for who, said in writers.items() if said - withdrawn})


async def check_telegram(place: Town, updates: Iterator[made_up.Json]) -> None:
    """The same for updates, one in each post and forty posts at once."""
    writers: set[str] = set()
    told = ("x-telegram-bot-api-secret-token", HOOK_SECRET)
    for number in itertools.count(AT_ONCE, AT_ONCE):
        pack = list(itertools.islice(updates, AT_ONCE))
        if not pack:
            break
        posts = (knock(place.app, TELEGRAM, json.dumps(update).encode(), told) for update in pack)
        assert set(await asyncio.gather(*posts)) == {200}
        writers |= {who for update in pack if (who := telegram_writer(update))}
        if number % HEARD_EVERY == 0:
            await hear_out(place)
    await check_nobody_is_lost(place, "telegram", writers)


async def test_W17_random_events_of_line_are_taken_and_nobody_is_lost(place: Town) -> None:
    await check_line(place, itertools.islice(made_up.line_events(1, 40), 1200))


async def test_W17_random_updates_of_telegram_are_taken_and_nobody_is_lost(place: Town) -> None:
    await check_telegram(place, itertools.islice(made_up.telegram_updates(1, 30), 900))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(FIRST, LAST + 1))
async def test_W17_a_million_random_events_and_updates(sqlite_url: str, now: datetime, seed: int) -> None:
    with town(sqlite_url, now) as one:
        await check_line(one, itertools.islice(made_up.line_events(seed, 500), FOR_ONE_SEED // 2))
        await check_telegram(one, itertools.islice(made_up.telegram_updates(seed, 500), FOR_ONE_SEED // 2))


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_what_is_made_up_is_what_the_platforms_describe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    events = list(itertools.islice(made_up.line_events(3, 40), 300))
    assert all(Event.from_dict(event).webhook_event_id for event in events)
    updates = list(itertools.islice(made_up.telegram_updates(3, 40), 300))
    assert all(telegram.Update.de_json(json.loads(json.dumps(update)), None) for update in updates)
    if not oracle.left_out():
        told = [event for event in events[:100] if event["type"] != "messageEdited"]  # younger than the description
        assert [fault for event in told for fault in oracle.line_faults("webhook", "Event", event)] == []
