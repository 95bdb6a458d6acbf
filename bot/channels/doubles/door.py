"""The ASGI shell of a platform: reads a request, lets faults happen, answers, and writes the ledger."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from bot.channels.doubles.faults import Empty, FailAfter, Fault, Faults, Hang, Refuse, Reset, Slow
from bot.channels.doubles.ledger import KEPT_HEADERS, Call, Ledger

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Clock = Callable[[], datetime]

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
MAX_BODY = 50 * 1024 * 1024


@dataclass(slots=True)
class Ask:
    """One request. `data` is filled by the handler once it has parsed the body, for the ledger.

    `known` says that a body like this was found right before.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    data: Any = None
    known: bool = False


@dataclass(slots=True)
class Answer:
    """One response: a JSON payload, or bytes as they are."""

    status: int
    payload: Any
    headers: tuple[tuple[bytes, bytes], ...] = ()

    def body(self) -> bytes:
        """The bytes on the wire."""
        if isinstance(self.payload, bytes):
            return self.payload
        return _ENCODE(self.payload).encode("utf-8", "surrogatepass")


Handler = Callable[[Ask], "Answer | Awaitable[Answer]"]
Route = tuple[str, Handler]


@dataclass(frozen=True)
class Door:
    """A platform's HTTP side. `route` names the endpoint of a request and who answers; `refuse` words an error."""

    route: Callable[[Ask], Route]
    refuse: Callable[[Refuse], Answer]
    faults: Faults
    ledger: Ledger
    clock: Clock
    on_stop: Callable[[], Awaitable[None]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = await _read(receive)
        if body is None:
            return
        query = scope["query_string"].decode("latin-1")
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        ask = Ask(scope["method"], scope["path"], query, headers, body)
        endpoint, handler = self.route(ask)
        fault = self.faults.take(endpoint)
        answer = None if _unheard(fault) else await _asked(handler, ask)
        shown = self._shown(answer, fault)
        self._note(endpoint, ask, (answer, shown), fault)
        if isinstance(fault, Slow):
            await asyncio.sleep(fault.seconds)
        if shown is None:
            await _fall_silent(scope, receive, rudely=isinstance(fault, Reset))
        else:
            await _say(shown, send)

    def _shown(self, answer: Answer | None, fault: Fault | None) -> Answer | None:
        match fault:
            case None | Slow():
                return answer
            case Refuse():
                return self.refuse(fault)
            case FailAfter(status):
                return self.refuse(Refuse(status))
            case Empty():
                return Answer(200, {})
            case Hang() | Reset():
                return None
        assert_never(fault)

    def _note(self, endpoint: str, ask: Ask, answers: tuple[Answer | None, Answer | None], fault: Fault | None) -> None:
        done, shown = answers
        kept = {name: ask.headers[name] for name in KEPT_HEADERS if name in ask.headers}
        accepted = done is not None and done.status < 300
        status = shown.status if shown else 0
        self.ledger.append(Call(endpoint, ask.method, ask.path, kept, ask.data, status, accepted, self.clock(), fault))

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self.on_stop()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return


def _unheard(fault: Fault | None) -> bool:
    return isinstance(fault, Refuse) or (isinstance(fault, Hang | Reset) and not fault.accepted)


async def _asked(handler: Handler, ask: Ask) -> Answer:
    answer = handler(ask)
    return answer if isinstance(answer, Answer) else await answer


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or None when the caller left before it was complete."""
    message = await receive()
    if not message.get("more_body"):
        return None if message["type"] == "http.disconnect" else bytes(message["body"])
    parts = [message["body"]]
    size = len(parts[0])
    while message.get("more_body") and size <= MAX_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message["body"])
        size += len(parts[-1])
    return b"".join(parts)


async def _say(answer: Answer, send: Send) -> None:
    body = answer.body()
    kind = b"application/octet-stream" if isinstance(answer.payload, bytes) else b"application/json"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *answer.headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _fall_silent(scope: Scope, receive: Receive, *, rudely: bool) -> None:
    drop = scope.get("state", {}).get("drop")
    if rudely and drop is not None:
        drop(scope["client"])
    while (await receive())["type"] != "http.disconnect":
        continue
