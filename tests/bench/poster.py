"""Posts for the load generator over kept connections with as little work as can be: it must not outweigh the server."""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Self, cast
from urllib.parse import urlsplit

_END, _LENGTH = b"\r\n\r\n", b"content-length:"


class Line(asyncio.Protocol):
    """One kept connection: one POST after the other. A whole HTTP client would cost more than the server's part."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waits: asyncio.Future[int] | None = None
        self._came = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is no subclass, but does the same

    def post(self, request: bytes) -> asyncio.Future[int]:
        """Send a whole request; the status of its answer, once that is here as a whole."""
        if self._transport is None or self._waits is not None:
            raise RuntimeError("not connected, or still waiting")
        self._waits = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waits

    def data_received(self, data: bytes) -> None:
        """A piece of an answer."""
        self._came += data
        head, end, body = self._came.partition(_END)
        if not end or len(body) < _length(head):
            return
        self._came, waits, self._waits = b"", self._waits, None
        if waits is not None and not waits.done():
            waits.set_result(int(head[9:12]))

    def connection_lost(self, exc: Exception | None) -> None:
        """Gone: who waits for an answer hears it."""
        self._transport = None
        if self._waits is not None and not self._waits.done():
            self._waits.set_exception(exc or ConnectionResetError("closed while waiting"))

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


class Poster:
    """All connections to one address: as many as posts are under way at once."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._head = f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
        self._free: list[Line] = []
        self._all: list[Line] = []

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        """The status the server answered with."""
        told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        line = self._free.pop() if self._free else await self._open()
        status = await line.post(f"{self._head}{told}content-length: {len(body)}\r\n\r\n".encode() + body)
        self._free.append(line)
        return status

    async def _open(self) -> Line:
        _, line = await asyncio.get_running_loop().create_connection(Line, self._host, self._port)
        self._all.append(line)
        return line

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, where: TracebackType | None
    ) -> None:
        for line in self._all:
            line.close()


def _length(head: bytes) -> int:
    """How long the body of an answer is, by its head; 0 where nothing is said."""
    _, found, rest = head.lower().partition(_LENGTH)
    return int(rest.split(b"\r\n", 1)[0]) if found else 0
