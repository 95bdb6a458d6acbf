"""The world outside fails: certificates nobody vouches for, names that lead nowhere, a platform that never answers."""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bot.channels.doubles.faults import Hang
from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.ports import Channel, Parcel, TryLater
from tests.channels.samples import HANAKO, LINE_TOKEN, TELEGRAM_TOKEN
from tests.clock import Clock
from tests.faults.living import living
from tests.faults.town import Town

pytestmark = pytest.mark.anyio
PARCEL = {"line": HANAKO, "telegram": "1111111"}


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 that no authority knows, with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "api.line.me")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    file = folder / "nobody.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(secret + made.public_bytes(Encoding.PEM))
    return file


@pytest.fixture
async def impostor(tmp_path: Path) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Somebody who listens where a platform should, with such a certificate; what was said to them."""
    told: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        told.append(await reader.read(1000))
        writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    async with await asyncio.start_server(listen, "127.0.0.1", 0, ssl=context) as server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}", told


def adapter(name: str, host: str) -> Channel:
    """The production adapter of this platform."""
    return LineChannel(host, LINE_TOKEN) if name == "line" else TelegramChannel(host, TELEGRAM_TOKEN)


@pytest.mark.parametrize("name", PARCEL)
async def test_S23_a_certificate_nobody_vouches_for_is_told_nothing(
    impostor: tuple[str, list[bytes]], name: str
) -> None:
    host, told = impostor
    channel = adapter(name, host)
    outcome = await channel.send(Parcel(1, name, PARCEL[name], ({"text": "こんにちは"},), "key"))
    await channel.close()
    assert isinstance(outcome, TryLater)
    assert told == []


@pytest.mark.parametrize("name", PARCEL)
async def test_S23_a_name_that_leads_nowhere_is_tried_again_later(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    channel = adapter(name, "http://api.example.invalid")
    await channel.open()
    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    outcome = await channel.send(Parcel(1, name, PARCEL[name], ({"text": "こんにちは"},), "key"))
    monkeypatch.undo()
    await channel.close()
    assert isinstance(outcome, TryLater)


async def test_S21_a_platform_that_never_answers_holds_up_no_door(database_url: str, now: datetime) -> None:
    async with living(database_url, Clock(now)) as centre:
        await centre.touch("同意する")
        centre.line.faults.next("reply", Hang(accepted=False), times=40)
        took = []
        for number in range(40):
            begun = time.perf_counter()
            centre.clock.on(seconds=1)
            who = f"U{number:032x}"
            centre.line.meet(who, "住民").friend = True
            assert (await centre.line.say(who, "こんにちは")).status == 200
            took.append(time.perf_counter() - begun)
        async with centre.browser() as web:
            assert (await web.get("/health")).status_code == 200
        centre.line.faults.clear()
    assert sorted(took)[20] < 1.0


@pytest.mark.parametrize(
    "ranges",
    ["bytes=" + ",".join(f"{n}-{n}" for n in range(900)), "bytes=" + "0-," * 900 + "0-", "bytes=" + "9" * 5000 + "-"],
    ids=["many", "all of it many times", "a number without end"],
)
async def test_L09_a_range_header_costs_no_more_than_the_file(place: Town, ranges: str) -> None:
    async with place.web() as web:
        whole = await web.get("/static/app.css")
        took, answer = [], whole
        for _ in range(3):
            begun = time.perf_counter()
            answer = await web.get("/static/app.css", headers={"range": ranges})
            took.append(time.perf_counter() - begun)
    assert min(took) < 0.5
    assert answer.status_code in (200, 206, 400, 416)
    assert len(answer.content) <= 2 * len(whole.content) + 200 * 900
