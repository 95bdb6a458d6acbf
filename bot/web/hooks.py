"""The two doors the platforms post to: check, read, store, say 200; nothing else happens here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import structlog
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.channels import line_read, telegram_group, telegram_read
from bot.channels.circle import Called
from bot.channels.payload import MAX_BODY, Refused
from bot.channels.telegram_group import Deed
from bot.ports import Arrived, Itself
from bot.settings import Settings, each

Keep = Callable[[Sequence[Arrived]], Awaitable[None]]
Hear = Callable[[Deed], Awaitable[bool]]
# Status, why it is not 200, and what makes durable whatever there is to be kept.
Reading = tuple[int, str, Callable[[], Awaitable[None]] | None]

_log = structlog.get_logger()
_SIGNATURE, _SECRET = b"x-line-signature", b"x-telegram-bot-api-secret-token"


def _now() -> datetime:
    return datetime.now(UTC)


def hooks(
    keep: Keep,
    settings: Settings,
    known: Mapping[str, Itself] | None = None,
    group: Hear | None = None,
    clock: Callable[[], datetime] = _now,
) -> list[Route]:
    """Routes for POST /line/webhook and POST /telegram/webhook.

    `keep` stores what arrived and returns after the commit; when it raises, the answer is 503 and the platform posts
    again. `known` tells who we are, once the platforms have told: posts for another bot are then refused. `group` does
    what coordinators do in their Telegram group, and says whether it was theirs. By `clock` a moment that cannot be
    true is told. What residents say to one another in a group is not kept, not even that it was said.
    """
    us: Mapping[str, Itself] = {} if known is None else known
    line_secrets, telegram_secrets = each(settings.line_channel_secret), each(settings.telegram_webhook_secret)

    def line(body: bytes, header: str | None) -> Reading:
        if not any(line_read.signed(secret, body, header) for secret in line_secrets):
            return 401, "signature", None
        post = line_read.read(body, clock(), settings.group_prefix)
        if isinstance(post, Refused):
            return 400, post.why, None
        if "line" in us and post.destination != us["line"].id:
            return 403, "destination", None
        ours = _without_chatter(post.arrived)
        return 200, "", partial(keep, ours) if ours else None

    def telegram(body: bytes, header: str | None) -> Reading:
        if not any(telegram_read.trusted(secret, header) for secret in telegram_secrets):
            return 403, "secret", None
        arrived = telegram_read.read(body, clock(), _called(us.get("telegram"), settings))
        if isinstance(arrived, Refused):
            return 400, arrived.why, None
        ours = _without_chatter((arrived,))
        deed = telegram_group.read(body) if group and (arrived.kind == "group" or b"staff" in body) else None
        if group and deed:
            return 200, "", partial(_whosever, group, deed, partial(keep, ours) if ours else None)
        return 200, "", partial(keep, ours) if ours else None

    return [
        Route("/line/webhook", _Door("line", _SIGNATURE, line), methods=["POST"]),
        Route("/telegram/webhook", _Door("telegram", _SECRET, telegram), methods=["POST"]),
    ]


def _called(us: Itself | None, settings: Settings) -> Called:
    """How groups on Telegram call us; the number is known without asking, for the token begins with it."""
    number = settings.telegram_token.get_secret_value().partition(":")[0]
    return Called(number, us.name if us else "", settings.group_prefix)


def _without_chatter(arrived: Sequence[Arrived]) -> tuple[Arrived, ...]:
    return tuple(one for one in arrived if one.heard is not None or one.kind != "group")


async def _whosever(group: Hear, deed: Deed, keep: Callable[[], Awaitable[None]] | None) -> None:
    """What happened in a group is the coordinators', where it is theirs, else for everybody's ear."""
    if not await group(deed) and keep:
        await keep()


class _Door:
    """A bare ASGI endpoint: request and response objects would cost more than all the work done here."""

    def __init__(self, channel: str, header: bytes, read: Callable[[bytes, str | None], Reading]) -> None:
        self.channel, self.header, self.read = channel, header, read

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(scope, receive)
        status, why, keep = (413, "too large", None) if body is None else self.read(body, _only(scope, self.header))
        if keep:
            try:
                await keep()
            except Exception as trouble:  # noqa: BLE001 - whatever it was, it is not stored: the platform must post again
                # The name of the trouble alone: a database's message may quote a resident's words.
                status, why = 503, type(trouble).__name__
        if why:
            _log.warning("post refused", channel=self.channel, status=status, why=why)
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """The raw bytes, or None as soon as they are known to be too many (or the client has gone)."""
    told = _only(scope, b"content-length")
    if told is not None and told.isdecimal() and int(told[:20]) > MAX_BODY:
        return None
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY:
            return None
        chunks.append(chunk)
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _only(scope: Scope, name: bytes) -> str | None:
    """The value of a header that came exactly once: two signatures are as good as none."""
    values = [value for key, value in scope["headers"] if key == name]
    return values[0].decode("latin-1") if len(values) == 1 else None
