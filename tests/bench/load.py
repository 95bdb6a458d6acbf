"""The load generator: signed webhooks of many people, and a LINE in miniature that takes the replies.

Runs as a process of its own beside `nakodo serve`: python -m tests.bench.load --hook URL …; prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import uvloop

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.platform import BOT_ID, Terms
from bot.channels.doubles.serve import serving
from bot.settling import settle
from dialogs.heard import Came, Heard, Tapped, Typed
from tests.bench.people import INTAKE
from tests.bench.poster import Poster
from tests.serving import SECRET, TOKEN

AT_ONCE = 256
WARM_S = 20.0
REPLIES = frozenset({"reply", "push"})


def _fields(heard: Heard, number: str) -> tuple[str, dict[str, Any]]:
    match heard:
        case Came():
            return "follow", {"follow": {"isUnblocked": False}}
        case Tapped(tap):
            return "postback", {"postback": {"data": tap}}
        case Typed(text):
            return "message", {"message": {"type": "text", "id": number, "quoteToken": "q", "text": text}}
        case _:
            raise ValueError("not part of the load")


class Load:
    """Posts, and what came of it. `acks` are seconds per POST."""

    def __init__(self, hook: str, platform: LinePlatform, first: int = 0) -> None:
        self.hook, self._platform, self._first = hook, platform, first
        self.acks: list[float] = []
        self.bad = 0
        self._looked_at = self._replied = 0

    async def send(self, line: Poster, person: int, step: int) -> None:
        """One signed POST with one event, timed."""
        person += self._first
        kind, fields = _fields(INTAKE[step], f"{person:09d}{step:03d}")
        event = self._platform.event(kind, f"U{person:032x}", **fields)
        body = json.dumps({"destination": BOT_ID, "events": [event]}).encode()
        seal = base64.b64encode(hmac.digest(SECRET.encode(), body, hashlib.sha256)).decode()
        begun = time.perf_counter()
        self.bad += await line.post(body, {"x-line-signature": seal}) != 200
        self.acks.append(time.perf_counter() - begun)

    def replies(self) -> int:
        """How many replies the platform has accepted."""
        new = self._platform.ledger[self._looked_at :]  # all of them each time would be a sixth of this process's work
        self._looked_at += len(new)
        self._replied += sum(call.accepted and call.endpoint in REPLIES for call in new)
        return self._replied

    async def answered(self, count: int, until: float) -> None:
        """Wait until the platform has accepted so many replies, but not for ever."""
        while self.replies() < count and time.perf_counter() < until:  # noqa: ASYNC110 - the double tells nobody
            await asyncio.sleep(0.02)

    async def warm_up(self, stranger: int) -> None:
        """One message there and back that counts for nothing: the carrier loads its SDK until then."""
        async with Poster(self.hook) as line:
            await self.send(line, stranger, 0)
        await self.answered(1, time.perf_counter() + WARM_S)
        self.acks.clear()
        self._replied = 0


async def flood(load: Load, people: int) -> None:
    """Everybody's first message, then everybody's second … as fast as they are acknowledged."""
    work: Iterator[tuple[int, int]] = iter([(person, step) for step in range(len(INTAKE)) for person in range(people)])

    async def one() -> None:
        for person, step in work:
            await load.send(line, person, step)

    async with Poster(load.hook) as line:
        await asyncio.gather(*(one() for _ in range(AT_ONCE)))


async def paced(load: Load, people: int, rate: float, seconds: float) -> None:
    """So many events a second, evenly, whatever the answers do."""
    async with Poster(load.hook) as line:
        begun, tasks = time.perf_counter(), []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
            step, person = divmod(number, people)
            tasks.append(asyncio.create_task(load.send(line, person, step % len(INTAKE))))
        await asyncio.gather(*tasks)


async def main() -> None:
    """Run one kind of load and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hook", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--rate", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=15.0)
    parser.add_argument("--first", type=int, default=0, help="the number of the first person")
    parser.add_argument("--patience", type=float, default=60.0, help="seconds to wait for replies")
    parser.add_argument("--warm", action="store_true", help="begin when one reply has come")
    asked = parser.parse_args()
    platform = LinePlatform(SECRET, TOKEN, "", clock=lambda: datetime.now(UTC), quota=None, terms=Terms(rates={}))
    settle()
    async with serving(platform.app, port=asked.port):
        load = Load(asked.hook, platform, asked.first)
        if asked.warm:
            await load.warm_up(asked.people)
            print("warm", flush=True)
        begun, worked = time.perf_counter(), time.process_time()
        if asked.rate:
            await paced(load, asked.people, asked.rate, asked.seconds)
        else:
            await flood(load, asked.people)
        posted = time.perf_counter() - begun
        await load.answered(len(load.acks), begun + posted + asked.patience)
        whole = time.perf_counter() - begun
    acks = sorted(load.acks)
    figures = {
        "events": len(acks),
        "bad": load.bad,
        "replies": load.replies(),
        "posted_s": posted,
        "whole_s": whole,
        "ack_p50_ms": acks[len(acks) // 2] * 1000,
        "ack_p99_ms": acks[int(len(acks) * 0.99)] * 1000,
        "ack_max_ms": acks[-1] * 1000,
        "load_cpu_ms_per_event": (time.process_time() - worked) / len(acks) * 1000,
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    uvloop.run(main())
