"""Looks at the feeds of events now and then: politely, never at addresses inside, never more than a few megabytes."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from sqlalchemy import Connection

from bot import event_in
from bot.keeping_on import keep_on
from storage import event_imports
from storage.engine import Store
from storage.event_imports import Feed

log = structlog.get_logger()
EVERY_S = 60.0
MOST_BYTES = 4 << 20
PATIENCE_S = 20
HOPS = 3
_PORTS = {80, 443, None}


class Refused(Exception):
    """We do not ask there; the message says why in a word."""


def outside(address: str) -> bool:
    """Whether an address is one of the open internet: not this machine, not this house, not a trick of both."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if inner is not None:
            return outside(str(inner))
        if found in ipaddress.ip_network("64:ff9b::/96"):
            return False
    return found.is_global and not found.is_multicast


class Outside(AbstractResolver):
    """Names are looked up once, and the connection goes to just the address that was checked (C-22)."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Addresses of a name. Raises OSError when one of them is inside."""
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        if not found or not all(outside(str(one[4][0])) for one in found):
            raise OSError("inside")
        return [
            ResolveResult(
                hostname=host, host=str(one[4][0]), port=port, family=one[0], proto=0, flags=socket.AI_NUMERICHOST
            )
            for one in found
        ]

    async def close(self) -> None:
        """Nothing is held."""


def checked(url: str) -> str:
    """The address, if we may ask there at all. Raises Refused."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("address") from None
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or port not in _PORTS:
        raise Refused("address")
    bare = host.strip("[]")
    if ":" in bare or bare.replace(".", "").isdecimal() or bare.lower().startswith("0x"):
        if not outside(bare):
            raise Refused("inside")
    elif "." not in bare or bare.lower().endswith((".local", ".internal", ".localhost")):
        raise Refused("inside")
    return url


class Feeding:
    """Runs beside the other chores; several processes may, for each look is leased in the database."""

    def __init__(
        self,
        store: Store,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        resolver: Callable[[], AbstractResolver] = Outside,
        check: Callable[[str], str] = checked,
    ) -> None:
        self._store, self._zone, self._clock, self._resolver, self._check = store, zone, clock, resolver, check

    async def run(self) -> None:
        """Look every minute whether one is due, for ever."""
        await keep_on(self.look, EVERY_S, "feeds wait for the database", "a feed could not be read")

    async def look(self) -> int:
        """Ask those that are due; how many were asked."""
        now = self._clock()
        due = await asyncio.wrap_future(self._store.writer.submit(lambda conn: event_imports.due(conn, now)))
        for one in due:
            await self._one(one)
        return len(due)

    async def _one(self, one: Feed) -> None:
        now, marks, said = self._clock(), (one.etag, one.modified), "ok"
        body: bytes | None = None
        try:
            body, marks = await self._fetch(one)
        except Refused as why:
            said = str(why)
        except (aiohttp.ClientError, OSError, TimeoutError) as why:
            said = type(why).__name__
        read = event_in.Read() if body is None else await asyncio.to_thread(event_in.read, body, self._zone)
        if read.wrong:
            said, marks = f"wrong {len(read.wrong)}", (None, None)  # it is read again, also if it is as before
        fresh = [found for found in read.found if found.span.ends_at > now]  # a feed's past is nobody's news

        def job(conn: Connection) -> None:
            if fresh and not read.wrong:
                event_imports.take(conn, fresh, one.staff_id, one.id, now)
            event_imports.looked(conn, one, marks, said, now)

        await asyncio.wrap_future(self._store.writer.submit(job))

    async def _fetch(self, one: Feed) -> tuple[bytes | None, tuple[str | None, str | None]]:
        """The body, None when it is as before; and the marks for the next time."""
        told = {"User-Agent": "Nakodo", "Accept": "text/calendar, application/rss+xml, text/csv, */*;q=0.1"}
        told |= {"Accept-Encoding": "identity"}  # nothing packed is unpacked: a few bytes could be gigabytes
        told |= {"If-None-Match": one.etag} if one.etag else {}
        told |= {"If-Modified-Since": one.modified} if one.modified else {}
        connector = aiohttp.TCPConnector(resolver=self._resolver(), use_dns_cache=False)
        patience = aiohttp.ClientTimeout(total=PATIENCE_S)
        async with aiohttp.ClientSession(
            connector=connector, timeout=patience, headers=told, auto_decompress=False
        ) as client:
            url = one.url
            for _ in range(HOPS):
                async with client.get(self._check(url), allow_redirects=False) as answer:
                    if answer.status in {301, 302, 303, 307, 308} and "location" in answer.headers:
                        url = urljoin(url, answer.headers["location"])
                        continue
                    if answer.status == 304:
                        return None, (one.etag, one.modified)
                    if answer.status != 200:
                        raise Refused(f"HTTP {answer.status}")
                    body = await answer.content.read(MOST_BYTES + 1)
                    while len(body) <= MOST_BYTES and (more := await answer.content.read(MOST_BYTES + 1 - len(body))):
                        body += more
                    if len(body) > MOST_BYTES:
                        raise Refused("large")
                    return body, (answer.headers.get("etag"), answer.headers.get("last-modified"))
        raise Refused("redirects")
