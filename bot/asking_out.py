"""Asks an address of the open internet for what it has: politely, never inside, never more than a few megabytes."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

MOST_BYTES = 4 << 20
PATIENCE_S = 20
HOPS = 3
_PORTS = {80, 443, None}
_TOLD = {
    "User-Agent": "Nakodo",
    "Accept": "text/calendar, application/atom+xml, application/rss+xml, text/csv, */*;q=0.1",
    "Accept-Encoding": "identity",  # nothing packed is unpacked: a few bytes could be gigabytes
}


class Refused(Exception):
    """We do not ask there, or got nothing; the message says why in a word. `again_s`: not before so many seconds."""

    def __init__(self, why: str, again_s: int = 0) -> None:
        super().__init__(why)
        self.again_s = again_s


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


@dataclass(frozen=True)
class Marks:
    """What the server wants to hear next time (ETag, Last-Modified)."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True)
class Asking:
    """How addresses are asked; tests put a machine of their own in the place of the internet."""

    resolver: Callable[[], AbstractResolver] = Outside
    check: Callable[[str], str] = checked

    async def fetch(self, url: str, marks: Marks) -> tuple[bytes | None, Marks]:
        """What lies there, None when it is as before; and the marks for the next time. Raises Refused and what
        aiohttp raises.
        """
        told = dict(_TOLD)
        told |= {"If-None-Match": marks.etag} if marks.etag else {}
        told |= {"If-Modified-Since": marks.modified} if marks.modified else {}
        connector = aiohttp.TCPConnector(resolver=self.resolver(), use_dns_cache=False)
        patience = aiohttp.ClientTimeout(total=PATIENCE_S)
        async with aiohttp.ClientSession(
            connector=connector, timeout=patience, headers=told, auto_decompress=False
        ) as client:
            for _ in range(HOPS):
                async with client.get(self.check(url), allow_redirects=False) as answer:
                    if answer.status in {301, 302, 303, 307, 308} and "location" in answer.headers:
                        url = urljoin(url, answer.headers["location"])
                        continue
                    if answer.status == 304:
                        return None, marks
                    if answer.status != 200:
                        raise Refused(f"HTTP {answer.status}", _again(answer))
                    return await _body(answer), Marks(answer.headers.get("etag"), answer.headers.get("last-modified"))
        raise Refused("redirects")


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = b""
    while more := await answer.content.read(MOST_BYTES + 1 - len(body)):
        body += more
        if len(body) > MOST_BYTES:
            raise Refused("large")
    return body


def _again(answer: aiohttp.ClientResponse) -> int:
    """The seconds that a server asks us to wait."""
    said = answer.headers.get("retry-after", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 8 else 0
