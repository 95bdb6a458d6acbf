"""Stoplight Prism as judge, with LINE's descriptions: of every call of the adapter and every post of the double."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.channels.doubles.line import LinePlatform
from bot.channels.line import LineChannel
from bot.channels.line_menu_wire import MenuWire
from bot.menus import menus
from bot.ports import GaveUp, Parcel, Sent
from dialogs.saying import Message
from dialogs.words import library
from tests.channels import odd
from tests.channels.samples import QUESTION, WORDS, Clock
from tests.doubles import oracle
from tests.doubles.bot import SECRET, TOKEN
from tests.doubles.test_line_webhooks import ACTS, HANAKO, TARO, perform
from tests.serving import free_port

pytestmark = [pytest.mark.judges, pytest.mark.anyio]
ODD = 40


@contextmanager
def prism(judges: Path, document: str) -> Iterator[str]:
    """Prism on a free port, answering as the description says and refusing what it does not allow."""
    port = free_port()
    run = [str(judges / "node_modules" / ".bin" / "prism"), "mock", "-h", "127.0.0.1", "-p", str(port), "--errors"]
    page = oracle.SPECS / "line-openapi" / document
    with subprocess.Popen([*run, str(page)], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        for said in running.stdout:
            if "listening" in said:
                break
        yield f"http://127.0.0.1:{port}"
        running.terminate()
        running.stdout.read()


@pytest.fixture(scope="module")
def line_itself(judges: Path) -> Iterator[str]:
    """What LINE takes."""
    with prism(judges, "messaging-api.yml") as base:
        yield base


@pytest.fixture(scope="module")
def webhook(judges: Path) -> Iterator[str]:
    """What a bot of LINE takes."""
    with prism(judges, "webhook.yml") as base:
        yield base


@pytest.fixture
async def channel(line_itself: str) -> AsyncIterator[LineChannel]:
    """The production adapter, pointed at Prism."""
    adapter = LineChannel(line_itself, TOKEN, Clock())
    yield adapter
    await adapter.close()


def parcel(messages: tuple[Message, ...], token: str = "") -> Parcel:
    """To Hanako, as an answer or as a push."""
    clock = Clock()
    clock.pass_by(50)
    return Parcel(
        1,
        "line",
        HANAKO,
        [one.to_json() for one in messages],
        str(uuid.uuid4()),
        reply_token=token,
        reply_until=clock() if token else None,
    )


def odd_ones() -> list[tuple[Message, ...]]:
    """Parcels as odd as they can be, the same in every run."""
    found: list[tuple[Message, ...]] = []

    @given(odd.parcels)
    @settings(deadline=None, max_examples=ODD, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    def collect(messages: tuple[Message, ...]) -> None:
        found.append(messages)

    collect()
    return found


async def test_it_takes_every_message_of_the_adapter(channel: LineChannel) -> None:
    for messages in ((WORDS, QUESTION), *odd_ones()):
        for token in ("", "living"):
            outcome = await channel.send(parcel(messages, token))
            assert isinstance(outcome, Sent | GaveUp)
            assert "refused" not in getattr(outcome, "why", ""), messages


async def test_it_refuses_what_is_wrong(line_itself: str) -> None:
    headers = {"authorization": f"Bearer {TOKEN}"}
    words = {"type": "text", "text": "a"}
    async with httpx2.AsyncClient(base_url=line_itself, headers=headers) as asking:
        for body, more in (
            ({"to": HANAKO, "messages": [words] * 6}, {}),
            ({"to": HANAKO, "messages": []}, {}),
            ({"to": HANAKO, "messages": [words]}, {"x-line-retry-key": "no uuid"}),
            ({"to": HANAKO, "messages": [{**words, "sender": {"name": "あ" * 21}}]}, {}),
        ):
            answer = await asking.post("/v2/bot/message/push", json=body, headers=more)
            assert answer.status_code in {400, 422}, body


async def test_it_takes_every_question_of_the_adapter(channel: LineChannel) -> None:
    assert await channel.itself()
    assert await channel.month() is not None
    assert await channel.menus() is not None
    assert await channel.link(HANAKO, "richmenu-1")


async def test_it_takes_every_menu(line_itself: str) -> None:
    wire = MenuWire(line_itself, line_itself, TOKEN)
    assert await wire.all()
    made = list(menus(library()))
    for menu in made:
        assert await wire.make(menu.request(), b"\x89PNG")
    await wire.usual("richmenu-1")
    await wire.drop("richmenu-1")
    await wire.close()


async def test_it_takes_every_post_of_the_double(webhook: str) -> None:
    async with LinePlatform(SECRET, TOKEN, webhook + "/callback", clock=Clock()) as line:
        for act, _ in ACTS.values():
            await line.follow(HANAKO)  # one of them blocks the account
            await perform(line, act)
        await line.raw()
        assert [(posted.event.get("type"), posted.status) for posted in line.posts if not posted.ok] == []
        lame: dict[str, Any] = line.event("follow", TARO)
        del lame["webhookEventId"]
        assert (await line.raw(lame)).status == 422
