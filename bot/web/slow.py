"""The server's side of a connection, with little patience: nobody keeps a place by sending nothing, or very slowly."""

from __future__ import annotations

import asyncio
import contextlib
import resource

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

WHOLE_S = 20.0  # for a request with its body, at most 2 MB, from the first byte or from the opening
MOST = 10_000  # open connections: several times what a centre has at once, and far below what files may be open
_BESIDE = 1_000  # files that are no connections of people: database, platforms, carrier


class Impatient(HttpToolsProtocol):
    """Closes a connection on which no whole request came in time; the pause between two is uvicorn's to end."""

    whole_s = WHOLE_S
    most = MOST
    _late: asyncio.TimerHandle | None = None
    _open = True  # a request is awaited or under way

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Somebody is there."""
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.abort()
            return
        self._late = self.loop.call_later(self.whole_s, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """They are gone."""
        self._in_time()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """A request that is whole at once, as nearly all are, needs no clock."""
        super().data_received(data)
        if self._open and self._late is None and not self.transport.is_closing():
            self._late = self.loop.call_later(self.whole_s, self.transport.abort)

    def on_message_begin(self) -> None:
        """A request begins."""
        self._open = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        """A request is here as a whole."""
        self._open = False
        self._in_time()
        super().on_message_complete()

    def _in_time(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None


def make_room() -> None:
    """Let as many files be open as the connections need, as far as the system allows; it often begins with 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST + _BESIDE if hard == resource.RLIM_INFINITY else min(MOST + _BESIDE, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
