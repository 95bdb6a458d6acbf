"""What people send besides words is brought from the platforms, whatever they do; never more than is wanted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.channels.contents import AT_MOST, Why
from bot.channels.doubles.faults import FailAfter, Hang, Refuse, Reset
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.doubles.things import contents
from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.ports import Content, Fetched, Never, NotYet
from tests.channels.line_case import Ways
from tests.channels.samples import HANAKO, LINE_TOKEN, TELEGRAM_TOKEN, Clock

pytestmark = pytest.mark.anyio
TARO = 1111111
PDF = b"%PDF-1.7\n" + b"x" * 1000


async def sent(line: LinePlatform, kind: str, data: bytes | None = None) -> str:
    """Hanako sends it; LINE's id of the message."""
    return str((await line.send(HANAKO, kind, data=data)).event["message"]["id"])


async def shown(telegram: TelegramPlatform, kind: str, data: bytes | None = None) -> str:
    """Taro sends it; Telegram's id of the file."""
    carried = (await telegram.send(TARO, kind, data=data)).event["message"][kind]
    return str((carried[-1] if kind == "photo" else carried)["file_id"])


async def test_a_picture_and_a_file_are_brought_from_line(ways: Ways) -> None:
    picture = await ways.channel.fetch(await sent(ways.line, "image"))
    assert isinstance(picture, Fetched)
    assert picture.form == "jpeg"
    assert await ways.channel.fetch(await sent(ways.line, "file", PDF)) == Fetched("pdf", PDF)


@pytest.mark.parametrize("kind", ["audio", "video"])
async def test_a_video_or_voice_is_brought_when_line_has_got_it_ready(ways: Ways, kind: str) -> None:
    number = await sent(ways.line, kind)
    first = await ways.channel.fetch(number)
    assert isinstance(first, NotYet)
    assert 0 < first.seconds < 10
    second = await ways.channel.fetch(number)
    assert second == Fetched("m4a" if kind == "audio" else "mp4", contents(kind))
    assert [call.endpoint for call in ways.line.ledger][-3:] == ["content", "transcoding", "content"]


async def test_a_video_that_line_cannot_get_ready_is_not_waited_for(ways: Ways) -> None:
    number = await sent(ways.line, "video")
    ways.line.spoil(number)
    assert await ways.channel.fetch(number) == Never(Why.GONE)


async def test_what_line_keeps_no_more_is_gone(ways: Ways, clock: Clock) -> None:
    number = await sent(ways.line, "image")
    clock.pass_by(8 * 24 * 3600)
    assert await ways.channel.fetch(number) == Never(Why.GONE)
    assert await ways.channel.fetch("999") == Never(Why.GONE)


async def test_P07_what_was_taken_back_is_gone(ways: Ways) -> None:
    number = await sent(ways.line, "image")
    await ways.line.unsend(HANAKO, number)
    assert await ways.channel.fetch(number) == Never(Why.GONE)


FAULTS = {
    "500": Refuse(500), "503": Refuse(503), "429": Refuse(429), "401": Refuse(401), "500 after": FailAfter(),
    "cut": Reset(accepted=True), "silence": Hang(accepted=False),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_R05_what_line_does_not_give_now_is_asked_for_again(ways: Ways, fault: Refuse) -> None:
    number = await sent(ways.line, "file", PDF)
    # The SDK's client asks once more by itself where it was cut off.
    ways.line.faults.next("content", fault, times=2 if isinstance(fault, Reset) else 1)
    assert isinstance(await ways.hasty.fetch(number), NotYet)
    assert await ways.hasty.fetch(number) == Fetched("pdf", PDF)


async def test_a_picture_and_a_file_are_brought_from_telegram(telegram: TelegramPlatform, bot: TelegramChannel) -> None:
    picture = await bot.fetch(await shown(telegram, "photo"))
    assert isinstance(picture, Fetched)
    assert picture.form == "jpeg"
    assert await bot.fetch(await shown(telegram, "document", PDF)) == Fetched("pdf", PDF)
    assert await bot.fetch("nobody's") == Never(Why.GONE)


@pytest.mark.parametrize("endpoint", ["getFile", "file"])
@pytest.mark.parametrize(
    "fault",
    [Refuse(500), Refuse(429, retry_after=7), Refuse(404), Refuse(401), Reset(accepted=True)],
    ids=["500", "429", "404", "401", "cut"],
)
async def test_R05_what_telegram_does_not_give_now_is_asked_for_again(
    telegram: TelegramPlatform, bot: TelegramChannel, endpoint: str, fault: Refuse
) -> None:
    number = await shown(telegram, "document", PDF)
    telegram.faults.next(endpoint, fault)
    first = await bot.fetch(number)
    assert isinstance(first, NotYet)
    assert first.seconds >= (getattr(fault, "retry_after", None) or 1)
    assert await bot.fetch(number) == Fetched("pdf", PDF)


async def test_what_is_larger_than_we_keep_is_not_read_to_its_end(
    ways: Ways, telegram: TelegramPlatform, bot: TelegramChannel
) -> None:
    large, whole = PDF + bytes(AT_MOST), PDF + bytes(AT_MOST - len(PDF))
    assert await ways.channel.fetch(await sent(ways.line, "file", large)) == Never(Why.TOO_LARGE)
    assert await bot.fetch(await shown(telegram, "document", large)) == Never(Why.TOO_LARGE)
    assert await ways.channel.fetch(await sent(ways.line, "file", whole)) == Fetched("pdf", whole)
    assert await bot.fetch(await shown(telegram, "document", whole[:20_000_000])) == Fetched("pdf", whole[:20_000_000])


@asynccontextmanager
async def endless(*heads: str, told: bytes = b"") -> AsyncIterator[tuple[str, list[int]]]:
    """A host that answers with these heads and never ends its body; the address, and what it could get rid of.

    What it tells for getFile comes first.
    """
    written = [0]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = await reader.readuntil(b"\r\n\r\n")
        try:
            if b"getFile" in asked:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s" % (len(told), told))
                return
            writer.write(("HTTP/1.1 200 OK\r\n" + "".join(f"{head}\r\n" for head in heads) + "\r\n").encode())
            while written[0] < 20 * AT_MOST:
                writer.write(b"40000\r\n" + bytes(0x40000) + b"\r\n")
                await writer.drain()
                written[0] += 0x40000
        except ConnectionError:
            return
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", written


FILE = b'{"ok":true,"result":{"file_id":"a","file_unique_id":"b","file_path":"documents/a.pdf"}}'


@pytest.mark.parametrize("name", ["line", "telegram"])
@pytest.mark.parametrize("head", ["transfer-encoding: chunked", f"content-length: {AT_MOST * 9}"])
async def test_a_body_without_end_is_cut_off(name: str, head: str) -> None:
    async with endless(head, told=FILE) as (host, written):
        channel = LineChannel(host, LINE_TOKEN) if name == "line" else TelegramChannel(host, TELEGRAM_TOKEN)
        assert await channel.fetch("1") == Never(Why.TOO_LARGE)
        await channel.close()
    assert written[0] < 2 * AT_MOST


async def test_a_path_on_our_own_machine_is_not_read() -> None:
    """The SDK reads a file_path that is a file here: that is for those who run Telegram's server themselves."""
    path = b'{"ok":true,"result":{"file_id":"a","file_unique_id":"b","file_path":"/etc/hostname"}}'
    async with endless(told=path) as (host, _):
        channel = TelegramChannel(host, TELEGRAM_TOKEN)
        assert await channel.fetch("1") == Never(Why.NOT_HELD)
        await channel.close()


async def test_R05_where_nobody_answers_it_is_asked_for_again() -> None:
    for channel in (LineChannel("http://127.0.0.1:9", LINE_TOKEN), TelegramChannel("http://127.0.0.1:9", "1:x")):
        content: Content = await channel.fetch("1")
        assert isinstance(content, NotYet)
        await channel.close()


async def test_pictures_lie_on_another_host_than_words(line_host: str, line: LinePlatform, clock: Clock) -> None:
    async with serving(line.app, grace=0.05) as data_host:
        channel = LineChannel("http://127.0.0.1:9", LINE_TOKEN, clock, data_host=data_host)
        assert isinstance(await channel.fetch(await sent(line, "image")), Fetched)
        await channel.close()
