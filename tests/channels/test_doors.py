"""The two webhook doors: who is let in, what is said to whom, and what is kept."""

from __future__ import annotations

import asyncio
import gzip
import json
import time
import tracemalloc

import httpx2
import pytest
from starlette.applications import Starlette

from bot.channels.doubles.serve import serving
from bot.channels.payload import MAX_BODY
from bot.settings import Settings
from bot.web.hooks import hooks
from dialogs.heard import Came, Typed
from tests.channels.conftest import Shelf
from tests.channels.samples import HOOK_SECRET, line_body, line_event, line_signature, telegram_message, update

pytestmark = pytest.mark.anyio

LINE, TELEGRAM = "/line/webhook", "/telegram/webhook"
SIGNATURE, SECRET = "x-line-signature", "x-telegram-bot-api-secret-token"
HELLO = line_body(line_event())
UPDATE = json.dumps(update(message=telegram_message(text="こんにちは"))).encode()


async def post_line(web: httpx2.AsyncClient, body: bytes, *signatures: str) -> int:
    """Post to LINE's door with these signatures, or the right one when none is given."""
    headers = [(SIGNATURE, signature) for signature in signatures or [line_signature(body)]]
    return (await web.post(LINE, content=body, headers=headers)).status_code


async def test_a_signed_post_is_kept_and_answered_with_an_empty_200(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    answer = await web.post(LINE, content=HELLO, headers={SIGNATURE: line_signature(HELLO)})
    assert (answer.status_code, answer.content) == (200, b"")
    assert [arrived.heard for arrived in shelf.kept] == [Typed("こんにちは")]


async def test_several_people_in_one_post_are_kept_in_one_go(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    people = [{"type": "user", "userId": f"U{number:032x}"} for number in range(3)]
    body = line_body(*[line_event(source=who, webhookEventId=who["userId"]) for who in people], {"type": 1}, None)
    assert await post_line(web, body) == 200
    assert [arrived.address for arrived in shelf.kept] == [who["userId"] for who in people] + ["", ""]


@pytest.mark.parametrize("headers", [[], [(SIGNATURE, "")]], ids=["missing", "empty"])
async def test_W01_no_signature_is_refused(
    web: httpx2.AsyncClient, shelf: Shelf, headers: list[tuple[str, str]]
) -> None:
    assert (await web.post(LINE, content=HELLO, headers=headers)).status_code == 401
    assert not shelf.kept


async def test_W01_two_signatures_are_refused_even_when_both_are_right(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    right = line_signature(HELLO)
    assert await post_line(web, HELLO, right, right) == 401
    assert await post_line(web, HELLO, right, "wrong") == 401
    assert not shelf.kept


async def test_W01_an_unsigned_body_is_not_even_parsed(web: httpx2.AsyncClient) -> None:
    assert await post_line(web, b"not json at all", "wrong") == 401


async def test_W02_a_flipped_bit_is_refused(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    flipped = HELLO[:-9] + bytes([HELLO[-9] ^ 1]) + HELLO[-8:]
    assert await post_line(web, flipped, line_signature(HELLO)) == 401
    assert not shelf.kept


async def test_W03_another_channels_secret_is_refused(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    assert await post_line(web, HELLO, line_signature(HELLO, "f" * 32)) == 401
    assert not shelf.kept


@pytest.mark.parametrize("destination", ["U" + "0" * 32, ""], ids=["another bot", "nobody"])
async def test_W03_a_post_for_another_bot_is_refused(web: httpx2.AsyncClient, shelf: Shelf, destination: str) -> None:
    assert await post_line(web, line_body(line_event(), destination=destination)) == 403
    assert not shelf.kept


async def test_W03_a_bot_that_does_not_know_its_id_yet_takes_what_is_signed(shelf: Shelf, settings: Settings) -> None:
    app = Starlette(routes=hooks(shelf.keep, settings))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://nakodo") as web:
        assert await post_line(web, line_body(line_event(), destination="U" + "0" * 32)) == 200


async def test_W04_the_raw_bytes_are_signed_not_their_meaning(web: httpx2.AsyncClient) -> None:
    respaced = json.dumps(json.loads(HELLO), indent=1).encode()
    assert await post_line(web, respaced, line_signature(HELLO)) == 401
    assert await post_line(web, respaced) == 200


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe", HELLO.decode().encode("utf-16"), b"\xef\xbb\xbf" + HELLO, b"\x00", b"{", b"[]", b'{"events":{}}'],
    ids=["not UTF-8", "UTF-16", "BOM", "NUL", "half", "list", "events no list"],
)
async def test_W06_signed_nonsense_is_a_400(web: httpx2.AsyncClient, shelf: Shelf, body: bytes) -> None:
    assert await post_line(web, body) == 400
    assert not shelf.kept


@pytest.mark.parametrize(
    "headers",
    [[], [(SECRET, "")], [(SECRET, "wrong")], [(SECRET, HOOK_SECRET + "x")], [(SECRET, HOOK_SECRET)] * 2],
    ids=["missing", "empty", "wrong", "longer", "twice"],
)
async def test_W07_telegram_without_the_secret_is_refused(
    web: httpx2.AsyncClient, shelf: Shelf, headers: list[tuple[str, str]]
) -> None:
    assert (await web.post(TELEGRAM, content=UPDATE, headers=headers)).status_code == 403
    assert not shelf.kept


async def test_W07_telegram_with_the_secret_is_kept(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    assert (await web.post(TELEGRAM, content=UPDATE, headers={SECRET: HOOK_SECRET})).status_code == 200
    assert [(arrived.channel, arrived.heard) for arrived in shelf.kept] == [("telegram", Typed("こんにちは"))]


@pytest.mark.parametrize("given", ["", "x", HOOK_SECRET], ids=["empty", "some", "another"])
async def test_W07_doors_without_secrets_are_shut(shelf: Shelf, given: str) -> None:
    app = Starlette(routes=hooks(shelf.keep, Settings.model_validate({})))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://nakodo") as web:
        assert (await web.post(TELEGRAM, content=UPDATE, headers={SECRET: given})).status_code == 403
        assert await post_line(web, HELLO, line_signature(HELLO, given)) == 401
    assert not shelf.kept


async def test_W08_each_platform_only_opens_its_own_door(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    line = {SIGNATURE: line_signature(HELLO)}
    assert (await web.post(TELEGRAM, content=HELLO, headers=line)).status_code == 403
    assert (await web.post(LINE, content=UPDATE, headers={SECRET: HOOK_SECRET})).status_code == 401
    assert not shelf.kept


@pytest.mark.parametrize("path", [LINE, TELEGRAM])
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_W08_other_methods_are_not_allowed(web: httpx2.AsyncClient, method: str, path: str) -> None:
    assert (await web.request(method, path)).status_code == 405


async def test_W09_a_replay_is_answered_and_carries_the_same_id(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    assert [await post_line(web, HELLO) for _ in range(2)] == [200, 200]
    first, again = shelf.kept
    assert first == again


async def test_W11_the_same_words_with_another_id_are_another_event(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    for event_id in ("a", "b"):
        await post_line(web, line_body(line_event(webhookEventId=event_id)))
    assert [arrived.event_id for arrived in shelf.kept] == ["a", "b"]


@pytest.mark.parametrize("address", ["http://169.254.169.254/latest", "http://[::1]:9/", "http://127.0.0.1.nip.io/"])
async def test_W15_an_address_in_a_message_is_never_called(
    web: httpx2.AsyncClient, shelf: Shelf, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_way_out(*_: object, **__: object) -> None:
        raise AssertionError("something called out")

    loop = asyncio.get_running_loop()
    for way in ("getaddrinfo", "create_connection", "sock_connect"):
        monkeypatch.setattr(loop, way, no_way_out, raising=False)
    picture = {"type": "image", "id": "1", "contentProvider": {"type": "external", "originalContentUrl": address}}
    said = {"type": "text", "id": "2", "text": address}
    assert await post_line(web, line_body(line_event(message=picture), line_event(message=said))) == 200
    assert len(shelf.kept) == 2


async def test_W16_a_ping_without_events_is_answered_at_once(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    took = []
    for _ in range(5):
        started = time.perf_counter()
        assert await post_line(web, line_body()) == 200
        took.append(time.perf_counter() - started)
    assert min(took) < 0.05
    assert not shelf.kept


async def test_W17_what_is_new_is_kept_and_answered(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    odd = [line_event("teleported", beam={"x": 1}), line_event(message={"type": "hologram", "id": "1"}, extra=[1])]
    assert await post_line(web, line_body(*odd)) == 200
    assert [arrived.kind for arrived in shelf.kept] == ["teleported", "hologram"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b" " * (MAX_BODY + 1), 413),
        (b'{"events":' + b"[" * 100_000, 400),
        (b'{"events":[],"n":' + b"9" * 1_000_000 + b"}", 400),
        (b'{"events":[],"n":NaN}', 400),
        (b'{"events":[' + b"{}," * 300_000 + b"{}]}", 400),
    ],
    ids=["over 1 MB", "depth 100k", "a million digits", "NaN", "300k events"],
)
async def test_W18_bombs_are_refused_without_much_memory(web: httpx2.AsyncClient, body: bytes, status: int) -> None:
    signature = line_signature(body)
    tracemalloc.start()
    try:
        assert await post_line(web, body, signature) == status
        assert tracemalloc.get_traced_memory()[1] < 50_000_000
    finally:
        tracemalloc.stop()


async def test_W18_a_body_in_chunks_is_cut_off_at_the_cap(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    sent = 0

    async def chunks() -> object:
        nonlocal sent
        for _ in range(100):
            sent += 1
            yield b" " * 65536

    answer = await web.post(LINE, content=chunks(), headers={SIGNATURE: "x"})  # type: ignore[arg-type]
    assert answer.status_code == 413
    assert sent < 100
    assert not shelf.kept


async def test_W19_a_packed_body_is_never_unpacked(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    bomb = gzip.compress(b"[" * 50_000_000)
    headers = {SIGNATURE: line_signature(bomb), "content-encoding": "gzip"}
    assert (await web.post(LINE, content=bomb, headers=headers)).status_code == 400
    assert not shelf.kept


RAW = {
    "chunk size is no number": b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "chunk longer than told": b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}{}{}\r\n0\r\n\r\n",
    "length and chunks": b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}",
    "length is no number": b"Content-Length: two\r\n\r\n{}",
}


@pytest.mark.parametrize("rest", RAW.values(), ids=RAW)
async def test_W19_a_request_that_lies_about_its_size_is_cut_off(doors: Starlette, shelf: Shelf, rest: bytes) -> None:
    async with serving(doors, grace=0.05) as base:
        port = int(base.rsplit(":", 1)[1])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /line/webhook HTTP/1.1\r\nHost: nakodo\r\n" + rest)
        said = await asyncio.wait_for(reader.read(), 5)
        writer.close()
        await writer.wait_closed()
    assert said.startswith(b"HTTP/1.1 400")
    assert not shelf.kept


@pytest.mark.parametrize("trouble", [OSError("disk full 相談"), RuntimeError("no database 相談")], ids=["os", "other"])
async def test_W20_what_is_not_stored_is_not_acknowledged(
    web: httpx2.AsyncClient, shelf: Shelf, trouble: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.trouble = trouble
    assert await post_line(web, HELLO) == 503
    assert (await web.post(TELEGRAM, content=UPDATE, headers={SECRET: HOOK_SECRET})).status_code == 503
    shelf.trouble = None
    assert await post_line(web, HELLO) == 200
    written = capsys.readouterr()
    assert "相談" not in written.out + written.err
    assert type(trouble).__name__ in written.out + written.err


async def test_P21_no_secret_and_no_words_are_logged(
    web: httpx2.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    body = line_body(line_event(message={"type": "text", "id": "1", "text": "canary-words"}))
    assert await post_line(web, body, "canary-signature") == 401
    assert (await web.post(TELEGRAM, content=body, headers={SECRET: "canary-secret"})).status_code == 403
    assert await post_line(web, b"canary-body") == 400
    written = capsys.readouterr()
    assert "refused" in written.out + written.err
    assert "canary" not in written.out + written.err


async def test_W23_what_a_group_says_to_itself_does_not_pass_the_door(web: httpx2.AsyncClient, shelf: Shelf) -> None:
    group = {"type": "group", "groupId": "Ca56f94637c", "userId": "U" + "1" * 32}
    assert await post_line(web, line_body(line_event("join", source=group), line_event(source=group))) == 200
    assert [(one.heard, one.address, one.circle) for one in shelf.kept] == [(Came(), "Ca56f94637c", True)]
    assert await post_line(web, line_body(line_event(source=group))) == 200
    words = telegram_message(text="町会の話", chat={"id": -1, "type": "group"})
    secret = {SECRET: HOOK_SECRET}
    assert (await web.post(TELEGRAM, content=json.dumps(update(message=words)), headers=secret)).status_code == 200
    assert len(shelf.kept) == 1


async def test_the_doors_speak_http_with_a_real_server(doors: Starlette, shelf: Shelf) -> None:
    async with serving(doors) as base, httpx2.AsyncClient(base_url=base) as web:
        assert await post_line(web, HELLO) == 200
        assert (await web.get(LINE)).status_code == 405
        assert await post_line(web, b" " * (MAX_BODY + 1)) == 413
    assert len(shelf.kept) == 1
