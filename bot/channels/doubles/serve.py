"""Run an ASGI app on a free loopback port inside the running event loop, and stop it cleanly."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator
from typing import Any

import uvicorn

from bot.listening import listen

GRACE_SECONDS = 2.0


def _drop(server: uvicorn.Server, client: tuple[str, int] | None) -> None:
    """Close the connection of `client` the rude way (RST), as a failing network would."""
    for connection in list(server.server_state.connections):
        if getattr(connection, "client", None) == client:
            peer: socket.socket | None = connection.transport.get_extra_info("socket")
            if peer is not None:
                peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.transport.abort()


async def _stop(server: uvicorn.Server, grace: float) -> None:
    # uvicorn's own shutdown sleeps 0.1 s at least once; hundreds of tests should not wait for that.
    for listener in server.servers:
        listener.close()
    for connection in list(server.server_state.connections):
        connection.shutdown()
    running = set(server.server_state.tasks)
    if running:
        await asyncio.wait(running, timeout=grace)
    for connection in list(server.server_state.connections):
        connection.transport.close()
    await asyncio.sleep(0)  # transports close in the loop's next round
    # An app that listens sees the disconnect and ends by itself; only what is deaf to it is cancelled.
    _, late = await asyncio.wait(running, timeout=grace) if running else (running, set())
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    await server.lifespan.shutdown()


@contextlib.asynccontextmanager
async def serving(app: Any, *, port: int = 0, grace: float = GRACE_SECONDS) -> AsyncIterator[str]:
    """Serve `app` on 127.0.0.1 and yield its base URL without a trailing slash; `port` 0 means any free one.

    On leaving, requests in flight get `grace` seconds to end, then as long again after a disconnect. The app finds
    `drop` in its request state: a function that resets the connection of a client address, for faults on request.
    """
    config = uvicorn.Config(app, log_level="warning", access_log=False, ws="none", server_header=False)
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    listening = listen("127.0.0.1", port)
    await server.startup(sockets=[listening])
    server.lifespan.state["drop"] = lambda client: _drop(server, client)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        await _stop(server, grace)
        listening.close()
