"""Feeds that mean harm: led inside by a redirect or a name, endless, packed, slow, or full of nonsense."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp.resolver import ThreadedResolver
from sqlalchemy import Connection

from bot import asking_out
from bot.asking_out import Asking, Outside, checked
from bot.feeding import Feeding
from storage import Store, events, feeds, open_store, outbox, staff
from storage.feeds import Feed, Follow, Kind
from storage.staff import Role
from tests.conftest import SECRET

pytestmark = pytest.mark.anyio
_ENTRY = (
    "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", "SUMMARY:x", "DTSTART:20261205T063000", "END:VEVENT", "END:VCALENDAR",
)  # fmt: skip
DAY = "".join(f"{line}\r\n" for line in _ENTRY).encode()
ANSWERS = {
    "/fine": (b"200 OK", b"", DAY),
    "/inside": (b"302 Found", b"Location: http://127.0.0.1/secret\r\n", b""),
    "/named": (b"302 Found", b"Location: http://inside.example/secret\r\n", b""),
    "/gopher": (b"302 Found", b"Location: gopher://city.example/x\r\n", b""),
    "/file": (b"302 Found", b"Location: file:///etc/passwd\r\n", b""),
    "/round": (b"302 Found", b"Location: /round\r\n", b""),
    "/packed": (b"200 OK", b"Content-Encoding: gzip\r\n", gzip.compress(DAY)),
    "/broken": (b"200 OK", b'ETag: "a"\r\n', b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"),
}


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    path = (await reader.readline()).split()[1].decode()
    if path == "/slow":
        await reader.read()
    elif path == "/endless":
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + bytes(asking_out.MOST_BYTES + 10))
    else:
        status, more, body = ANSWERS[path]
        writer.write(b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (status, len(body), more, body))
    writer.close()


@asynccontextmanager
async def elsewhere() -> AsyncIterator[int]:
    """Another site; its port."""
    server = await asyncio.start_server(_answer, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def follow(store: Store, now: datetime, url: str) -> None:
    """Somebody has it looked at from now on."""

    def job(conn: Connection) -> None:
        made = staff.add(conn, "f", "F", Role.COORDINATOR, now)
        assert made is not None
        feeds.follow(conn, Follow(url, Kind.EVENTS, made), now)

    store.writer.submit(job).result()


async def looked(store: Store, now: datetime, path: str) -> str:
    """What is said of a feed after one look; only the other site itself may be asked at home."""
    async with elsewhere() as port:
        home = f"http://127.0.0.1:{port}"

        follow(store, now, home + path)
        asking = Asking(
            ThreadedResolver if path == "/fine" else Outside, lambda url: url if url.startswith(home) else checked(url)
        )
        assert await Feeding(store, ZoneInfo("Asia/Tokyo"), lambda: now, asking).look() == 1
    return only(store).said or ""


def only(store: Store) -> Feed:
    """The one that is followed, as it stands."""
    [feed] = store.read(lambda conn: feeds.every(conn, Kind.EVENTS))
    return feed


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/fine", "ok"), ("/inside", "inside"), ("/named", "ClientConnectorDNSError"), ("/gopher", "address"),
        ("/file", "address"), ("/round", "redirects"), ("/packed", "wrong"), ("/endless", "large"),
        ("/broken", "wrong"), ("/slow", "TimeoutError"),
    ],
)  # fmt: skip
async def test_C22_a_feed_that_means_harm_is_refused_and_the_next_look_goes_on(
    sqlite_url: str, now: datetime, path: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if path == "/slow":
        monkeypatch.setattr(asking_out, "PATIENCE_S", 0.04)
    loop = asyncio.get_running_loop()
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 80))]

    async def looks_up(host: str, *_: object, **__: object) -> list[Any]:
        assert host == "inside.example"
        return inside

    if path == "/named":
        monkeypatch.setattr(loop, "getaddrinfo", looks_up)
    store = open_store(sqlite_url, SECRET)
    assert (await looked(store, now, path)).startswith(said)
    assert len(store.read(events.latest)) == (path == "/fine")
    feed = only(store)
    assert feed.etag is None  # what could not be read is read again
    later = now + feeds.LONGEST
    assert store.writer.submit(lambda conn: len(feeds.due(conn, later))).result() == 1
    store.close()


async def test_B05_a_feed_that_offers_its_whole_history_again_changes_nothing_and_its_past_is_never_taken(
    sqlite_url: str, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = DAY.replace(b"UID:1", b"UID:2").replace(b"20261205", b"20240725")
    store, moments = open_store(sqlite_url, SECRET), [now, now + timedelta(hours=7), now + timedelta(days=1)]
    monkeypatch.setitem(ANSWERS, "/fine", (b"200 OK", b"", DAY.replace(b"END:VCALENDAR\r\n", b"") + old[17:]))
    async with elsewhere() as port:
        url = f"http://127.0.0.1:{port}/fine"

        follow(store, now, url)
        asking = Asking(ThreadedResolver, lambda told: told)
        looks = Feeding(store, ZoneInfo("Asia/Tokyo"), lambda: moments[0], asking)
        for _ in range(3):
            assert await looks.look() == 1
            moments.append(moments.pop(0))
    [of] = store.read(events.latest)
    assert (of.uid.partition(":")[2], of.version, of.state) == ("in:1", 1, events.State.DRAFT)
    assert store.read(outbox.depth) == 0
    store.close()
