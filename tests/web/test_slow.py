"""L-07: sockets that say nothing, or very little at a time, cost others nothing and are gone soon."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import AsyncIterator

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from bot.web import slow
from bot.web.slow import Impatient

pytestmark = pytest.mark.anyio
WHOLE = b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok"


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return
        body, more = body + message["body"], message["more_body"]
    await asyncio.sleep(0.5 if body == b"zz" else 0)  # an answer may take longer than a request
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": body})


class Hasty(Impatient):
    """As Impatient, for a test that has no time."""

    whole_s = 0.4
    most = 50


@pytest.fixture
async def port() -> AsyncIterator[int]:
    config = uvicorn.Config(
        echo, lifespan="off", log_config=None, ws="none", port=0, http=Hasty, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


async def rest(reader: asyncio.StreamReader) -> bytes:
    """What still comes until the other side closes."""
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return b""


LORIS = {
    "nothing": (b"", b""),
    "half a line": (b"POST /", b"x"),
    "half the headers": (b"POST / HTTP/1.1\r\n", b"X: y\r\n"),
    "half the body": (b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\n", b"o"),
    "endless chunks": (b"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\no\r\n"),
}


@pytest.mark.parametrize(("said", "drop"), LORIS.values(), ids=LORIS)
async def test_L07_who_sends_no_whole_request_in_time_is_shown_out(port: int, said: bytes, drop: bytes) -> None:
    """A drop now and then, as a slow-loris sends it, buys no time."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    drip = asyncio.ensure_future(_drip(writer, drop))
    assert await rest(reader) == b""
    drip.cancel()
    writer.close()


async def _drip(writer: asyncio.StreamWriter, drop: bytes) -> None:
    while not writer.is_closing():
        await asyncio.sleep(0.03)
        writer.write(drop)


async def test_L07_a_second_request_on_the_line_has_no_more_patience(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(WHOLE)
    assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
    writer.write(WHOLE[:-1])
    assert await rest(reader) == b""
    writer.close()


async def test_L07_a_whole_request_may_be_answered_slowly_and_come_in_two_parts(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(WHOLE[:-2] + b"zz")
    assert (await reader.readuntil(b"zz")).startswith(b"HTTP/1.1 200")
    writer.write(WHOLE[:20])
    await asyncio.sleep(0.02)
    writer.write(WHOLE[20:])
    assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
    writer.close()


async def test_L07_of_idle_sockets_those_beyond_the_limit_are_turned_away_at_once(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Hasty, "whole_s", 30.0)
    crowd = [await asyncio.open_connection("127.0.0.1", port) for _ in range(Hasty.most)]
    one_more, door = await asyncio.open_connection("127.0.0.1", port)
    assert await rest(one_more) == b""
    door.close()
    reader, writer = crowd[0]
    writer.write(WHOLE)  # who was there before is served
    assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")
    for _, writer in crowd:
        writer.close()


def test_L07_as_many_files_may_be_open_as_connections_are_taken() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, before[1]), before[1]))
    try:
        slow.make_room()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= min(slow.MOST, before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
