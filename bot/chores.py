"""What the clock does: drops links that died and marks nobody needs, works out how long answers take, checks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Connection

from bot.keeping_on import keep_on
from bot.nights import NIGHT
from storage import audit, event_pictures, feed, indexing, pages, promises, tags, timed, tombstones, views
from storage.engine import Store
from storage.resealing import follow_one
from storage.writer import StorageDown

log = structlog.get_logger()
MARKS_KEPT = timedelta(days=90)  # a withdrawn message will not arrive any later
TAKEN_KEPT = timedelta(days=1)  # a reply that was taken back, for a second press of the same button
PICTURES_KEPT = timedelta(days=30)  # of an event that is over: nobody agreed to be seen for ever
ASKED_KEPT = timedelta(days=1)  # what coordinators searched for: the way back to it
FEED_KEPT = 200_000  # changes; a page that was away for longer loads anew
EVERY_S = 3600.0
INDEX_S = 10.0  # between two looks at words that wait for the index: they are found meanwhile, too
BREATH_S = 0.2  # between two helpings of them, for everybody else who writes
LOOK_S = 60.0
LOG_MOST = 256 << 20  # bytes


async def run(store: Store, clock: Callable[[], datetime], zone: ZoneInfo) -> None:
    """Do the chores every hour, for ever. Several processes may: each chore is harmless to repeat."""
    while True:
        try:
            await asyncio.wrap_future(store.writer.submit(lambda conn: do(conn, clock())))
            await asyncio.to_thread(store.gauge)
            if clock().astimezone(zone).hour == NIGHT:
                await asyncio.to_thread(at_night, store)
        except StorageDown:
            log.warning("the chores wait for the database")
        await asyncio.sleep(EVERY_S)


async def watch(store: Store) -> None:
    """Look every minute, for ever, at what must not wait for an hour."""
    while True:
        look_at_log(store)
        with suppress(StorageDown):  # the next minute comes
            await follow(store)
        await asyncio.sleep(LOOK_S)


async def keep_index(store: Store) -> None:
    """Keep the index of words for ever: what is gone leaves it, what was said since comes in."""
    begun = False

    async def look() -> None:
        nonlocal begun
        if not begun:
            await asyncio.wrap_future(store.writer.submit(indexing.begin))
            begun = True
        await index(store)

    await keep_on(look, INDEX_S, "the index waits for the database", "words could not be indexed")


async def index(store: Store) -> None:
    """All that there is to do now, in short transactions."""
    left = True
    while left:
        left = await asyncio.wrap_future(store.writer.submit(lambda conn: indexing.step(conn, store.vault)))
        await asyncio.sleep(BREATH_S if left else 0)


async def follow(store: Store) -> None:
    """Bring pictures and files after the channels that parted, each in a transaction of its own."""
    left = True
    while left:
        left = await asyncio.wrap_future(store.writer.submit(lambda conn: follow_one(conn, store.vault)))


def look_at_log(store: Store, most: int = LOG_MOST) -> None:
    """Say when the database's log grows, before the disk is full of it."""
    size = store.log_size()
    if size > most:
        log.warning("the database's log grows: something reads without end", count=size >> 20)


def at_night(store: Store) -> None:
    """What takes its time: what was erased goes from log and free pages too, and the audit is read from end to end."""
    store.scrub()
    try:
        end = audit.check(store)
        # The log lies elsewhere: a database that was put back to an older night shows by it.
        log.info("the audit is whole", count=end.last, mark=end.mark.hex())
    except audit.Broken as broken:
        log.error("the audit was changed from outside", reason=str(broken))


def do(conn: Connection, now: datetime) -> None:
    """Every chore once."""
    pages.drop_old(conn, now)
    promises.work_out(conn, now)
    promises.forget_old(conn, now - promises.LOOKED_BACK)
    timed.forget_old(conn, now - TAKEN_KEPT)
    tombstones.forget_old(conn, now - MARKS_KEPT)
    views.forget_asked(conn, now - ASKED_KEPT)
    tags.drop_bare(conn)
    event_pictures.forget_old(conn, now - PICTURES_KEPT)
    feed.trim(conn, feed.newest(conn) - FEED_KEPT)
