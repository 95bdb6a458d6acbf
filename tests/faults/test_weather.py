"""Every weather of LINE, from the phone to the phone: late, twice, unasked, blocked, and with a key that ran out."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from datetime import datetime

import pytest
from sqlalchemy import make_url

from bot.channels.doubles.faults import Refuse
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import Terms
from bot.channels.doubles.postman import Posted
from bot.channels.doubles.serve import serving
from storage import outbox
from tests.channels.samples import LINE_SECRET, LINE_TOKEN
from tests.clock import Clock
from tests.faults.living import HANAKO, Living, living
from tests.faults.showing import case_of, seen
from tests.faults.town import Town, town

pytestmark = pytest.mark.anyio
NOWHERE = "http://127.0.0.1:9/"


@pytest.fixture
async def centre(sqlite_url: str, now: datetime) -> AsyncIterator[Living]:
    """Hanako has agreed and asked for nothing yet."""
    async with living(sqlite_url, Clock(now)) as one:
        await one.touch("同意する")
        one.line.ledger.clear()
        yield one


def calls(of: Living) -> list[str]:
    """What was asked of LINE to say something, in order."""
    return [call.endpoint for call in of.line.ledger.of("reply", "push")]


async def missed(of: Living, words: str) -> str:
    """Hanako writes while nobody answers LINE; the id of the event."""
    there, of.line.hook_url = of.line.hook_url, NOWHERE
    of.clock.on(seconds=2)
    posted = await of.line.say(HANAKO, words)
    of.line.hook_url = there
    assert not posted.ok
    return str(posted.event["webhookEventId"])


async def test_W09_what_comes_again_after_its_token_was_used_is_not_answered_again(centre: Living) -> None:
    said = await centre.say("メニュー")
    event = centre.line.posts[-1].event["webhookEventId"]
    for minutes in (0, 3, 30):
        centre.clock.on(minutes=minutes)
        assert (await centre.line.redeliver(event)).ok
        await centre.quiet()
    assert (len(said), len(centre.shown()[-1:]), calls(centre)) == (1, 1, ["reply"])
    assert centre.shown()[-1:] == said


async def test_W13_what_was_missed_and_comes_within_minutes_is_answered_for_free(centre: Living) -> None:
    event = await missed(centre, "メニュー")
    before = centre.shown()
    centre.clock.on(minutes=5)
    await centre.line.redeliver(event)
    await centre.quiet()
    assert (len(centre.shown()) - len(before), calls(centre), centre.line.consumption) == (1, ["reply"], 0)


async def test_W24_an_event_of_twenty_one_minutes_has_a_dead_token_and_is_answered_by_one_push(centre: Living) -> None:
    event = await missed(centre, "メニュー")
    before = centre.shown()
    centre.clock.on(minutes=21)
    await centre.line.redeliver(event)
    await centre.quiet()
    assert len(centre.shown()) == len(before) + 1
    assert [(call.endpoint, call.status) for call in centre.line.ledger.of("reply", "push")] == [
        ("reply", 400),
        ("push", 200),
    ]
    assert "x-line-retry-key" in centre.line.ledger.of("push")[0].headers


async def test_W17_an_event_without_anybody_in_it_is_taken_and_nobody_is_written_to(centre: Living) -> None:
    failed = centre.line.event("accountLink", HANAKO, link={"result": "failed", "nonce": "n"})
    del failed["source"], failed["replyToken"]
    nobody = centre.line.event("message", HANAKO, message={"type": "text", "id": "1", "text": "だれ"})
    nobody["source"] = {"type": "user"}
    assert (await centre.line.raw(failed, nobody)).status == 200
    assert await centre.say("メニュー")
    assert calls(centre) == ["reply"]


async def test_an_account_link_that_something_else_made_is_answered_with_how_it_is_done_here(centre: Living) -> None:
    linked = centre.line.event("accountLink", HANAKO, link={"result": "ok", "nonce": "n" * 20})
    for event in (linked, linked):
        assert (await centre.line.raw(event)).status == 200
        await centre.quiet()
    assert len([face for face in centre.shown() if "窓口をつなぐ" in face and "アカウント連携" in face]) == 1
    assert calls(centre) == ["reply"]


async def test_W14_words_taken_back_before_they_arrive_are_never_heard(centre: Living) -> None:
    message = {"type": "text", "id": "100000000000000077", "quoteToken": "q", "text": "やっぱりやめます"}
    said = centre.line.event("message", HANAKO, message=message)
    taken = centre.line.event("unsend", HANAKO, unsend={"messageId": message["id"]})
    for event in (taken, said, taken):
        assert (await centre.line.raw(event)).status == 200
        await centre.quiet()
    assert calls(centre) == []
    person = await centre.person()
    assert person is not None
    assert (await centre.say("メニュー"), calls(centre)) != ([], [])


async def test_W22_what_line_did_not_wait_for_is_posted_again_and_heard_once(sqlite_url: str, now: datetime) -> None:
    """The database is busy for longer than LINE waits: the first post may be kept or not, the second settles it."""
    async with LinePlatform(
        LINE_SECRET, LINE_TOKEN, "", clock=Clock(now), terms=Terms(rates={}, hook_seconds=0.2)
    ) as line:
        with (
            town(sqlite_url, now) as place,
            closing(sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)) as tool,
        ):
            await place.agreed("hanako")
            async with serving(place.app, grace=0.1) as base:
                line.hook_url = f"{base}/line/webhook"
                tool.execute("BEGIN IMMEDIATE")
                posted = await line.say(HANAKO, "まだですか")
                tool.execute("ROLLBACK")
                assert (posted.status, posted.why) == (None, "request_timeout")
                assert [again.status for again in await line.redeliver_failed()] == [200]
                await check_heard_once(place)


async def check_heard_once(place: Town) -> None:
    """What waits is one event, and it leads to one parcel."""
    before = await place.count("outbox")
    await place.hear()
    assert (await place.count("outbox"), await place.waiting()) == (before + 1, 0)


async def test_R05_while_the_access_token_is_refused_words_wait_and_none_is_lost(centre: Living) -> None:
    before = centre.shown()
    centre.line.faults.next("*", Refuse(401), times=3)
    centre.clock.on(seconds=2)
    await centre.line.say(HANAKO, "メニュー")
    for tries in range(3):
        await called(centre, tries + 1)
        assert centre.shown() == before
        assert await centre.read(outbox.depth) == 1
        centre.clock.on(minutes=3)
        centre.parts.postman.due.set()
    await centre.quiet()
    assert [call.status for call in centre.line.ledger] == [401, 401, 401, 200]
    assert len(centre.shown()) == len(before) + 1


async def called(of: Living, times: int) -> None:
    """Wait until LINE was called so often, and what came of it is written down."""
    async with asyncio.timeout(10):
        while len(of.line.ledger) < times:
            await of.parts.bell.wait(0.02)
    await of.parts.postman.idle()


async def test_W25_R06_blocked_in_the_middle_nothing_is_pushed_and_all_is_there_when_they_come_back(
    here: Living,
) -> None:
    case, baba = await case_of(here), await here.member("baba")
    await here.parts.desk.claim(case, baba)
    await here.quiet()
    here.clock.on(seconds=2)
    await here.line.unfollow(HANAKO)
    await here.quiet()
    here.line.ledger.clear()
    await here.parts.desk.reply(case, baba, "土曜はいかがですか", "k1")
    await here.quiet()
    assert calls(here) == []
    page, browser = await seen(here)
    await browser.aclose()
    assert "届きませんでした" in page
    here.clock.on(seconds=1)
    await here.line.follow(HANAKO)
    await here.quiet()
    person = await here.person()
    assert person is not None
    assert (person.reachable, person.consented is not None) == (True, True)
    before = here.shown()
    await here.parts.desk.reply(case, baba, "またよろしくお願いします", "k2")
    await here.quiet()
    assert len(here.shown()) == len(before) + 1


async def test_R06_a_silent_200_to_who_blocked_us_is_called_accepted_and_never_arrived(here: Living) -> None:
    case, baba = await case_of(here), await here.member("baba")
    await here.parts.desk.claim(case, baba)
    await here.quiet()
    there, here.line.hook_url = here.line.hook_url, NOWHERE
    await here.line.unfollow(HANAKO)  # and we are not told
    here.line.hook_url = there
    await here.parts.desk.reply(case, baba, "土曜はいかがですか", "k1")
    await here.quiet()
    page, browser = await seen(here)
    await browser.aclose()
    assert here.line.ledger[-1].status == 200
    assert "土曜はいかがですか" not in "".join(here.shown())
    assert "LINEが受け付けました" in page
    assert "届きました" not in page.replace("相談が届きました", "")


async def missed_move(of: Living, move: Callable[[str], Awaitable[Posted]]) -> str:
    """Hanako blocks us or comes back while nobody answers LINE; the id of the event."""
    there, of.line.hook_url = of.line.hook_url, NOWHERE
    of.clock.on(seconds=1)
    posted = await move(HANAKO)
    of.line.hook_url = there
    return str(posted.event["webhookEventId"])


async def test_W25_a_block_that_arrives_after_the_return_changes_nothing(here: Living) -> None:
    late = await missed_move(here, here.line.unfollow)
    here.clock.on(seconds=1)
    await here.line.follow(HANAKO)
    await here.quiet()
    await here.line.redeliver(late)
    await here.quiet()
    person = await here.person()
    assert person is not None
    assert person.reachable


async def test_W25_a_return_that_arrives_after_the_next_block_brings_nobody_back(here: Living) -> None:
    await here.line.unfollow(HANAKO)
    late = await missed_move(here, here.line.follow)
    here.clock.on(seconds=1)
    await here.line.unfollow(HANAKO)
    await here.quiet()
    here.line.ledger.clear()
    await here.line.redeliver(late)
    await here.quiet()
    person = await here.person()
    assert person is not None
    assert not person.reachable
    assert calls(here) == []
