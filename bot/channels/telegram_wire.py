"""Speaks to Telegram through its SDK, and says of every call what is certain about it."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator

import httpx
from telegram import Bot
from telegram.constants import ChatAction, ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels import telegram_forum
from bot.channels.answers import SOON, Accepted, Answer, Lost, Refused, Unreached
from bot.channels.contents import AT_MOST, DOWNLOAD_S, TooLarge, Why
from bot.channels.forum_calls import Call, Fate
from bot.channels.telegram_draw import Part
from bot.channels.telegram_sdk import NO_PREVIEW, answering, keyboard, never_left, seconds
from bot.ports import Itself, Never, NotYet

CONNECTIONS = 64
_TOKEN = 60.0  # seconds until a refused token is worth another attempt

# httpx writes the address of every call, which holds the bot's token; the SDK writes bodies it cannot read.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("telegram.request").setLevel(logging.CRITICAL + 1)


class Wire:
    """One shared bot. It is not `initialize`d: that would call getMe, and starting must not need the network."""

    def __init__(self, host: str, token: str, patience: float) -> None:
        os.environ.setdefault(
            "PTB_TIMEDELTA", "1"
        )  # the SDK's coming form of waiting times; it warns about the old one
        base = host.rstrip("/")
        self._request = HTTPXRequest(
            connection_pool_size=CONNECTIONS,
            read_timeout=patience,
            write_timeout=patience / 2,
            connect_timeout=patience / 2,
            pool_timeout=patience / 2,
            httpx_kwargs={
                "event_hooks": {"response": [_within_bounds]},
                "headers": {"accept-encoding": "identity"},  # bounds of what is packed say nothing of what is in it
            },
        )
        self._files = f"{base}/file/bot"
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=self._files,
            request=self._request,
            get_updates_request=self._request,
        )

    async def send(self, chat: int, part: Part, plain: bool = False) -> Answer:
        """Send one part, as HTML or as its plain words."""
        try:
            message = await self._bot.send_message(
                chat,
                part.plain if plain else part.text,
                parse_mode=None if plain else ParseMode.HTML,
                reply_markup=keyboard(part.plain_rows if plain else part.rows),
                reply_parameters=answering(part.answers),
                link_preview_options=NO_PREVIEW,
            )
        except TelegramError as trouble:
            return _answer(trouble)
        except (KeyError, TypeError, ValueError, AttributeError):
            return Accepted()  # the SDK could not read the answer to a call that was accepted
        return Accepted((str(message.message_id),))

    async def answer(self, callback_id: str) -> None:
        """Stop the spinner of a tap; what goes wrong with that is of no consequence."""
        try:
            await self._bot.answer_callback_query(callback_id)
        except (TelegramError, KeyError, TypeError, ValueError):
            return

    async def show_busy(self, chat: int) -> None:
        """Show that the bot is typing; what goes wrong with that is of no consequence."""
        try:
            await self._bot.send_chat_action(chat, ChatAction.TYPING)
        except (TelegramError, KeyError, TypeError, ValueError):
            return

    async def file(self, file_id: str) -> bytes | NotYet | Never:
        """The bytes of a picture, voice, video or file that somebody sent."""
        try:
            async with asyncio.timeout(DOWNLOAD_S):
                told = await self._bot.get_file(file_id)
                if (told.file_size or 0) > AT_MOST:
                    return Never(Why.TOO_LARGE)
                if not (told.file_path or "").startswith(self._files):
                    return Never(Why.NOT_HELD)  # the SDK would read a path of this very machine
                return bytes(await told.download_as_bytearray())
        except TelegramError as trouble:
            return _withheld(trouble)
        except TimeoutError:
            return NotYet(SOON, "no answer")
        except (KeyError, TypeError, ValueError, AttributeError):
            return NotYet(SOON, "no content")

    async def forum(self, chat: int, call: Call) -> Fate:
        """Do something in the coordinators' group."""
        return await telegram_forum.carry(self._bot, chat, call)

    async def itself(self) -> Itself | None:
        """The bot's number and name; None when Telegram does not tell now."""
        try:
            me = await self._bot.get_me()
        except (TelegramError, KeyError, TypeError, ValueError, AttributeError):
            return None
        return Itself(str(me.id), me.username or "")

    async def close(self) -> None:
        """Give back connections."""
        await self._request.shutdown()


class _Bounded(httpx.AsyncByteStream):
    """A body that ends with an error where it grows longer than we would keep it."""

    def __init__(self, body: httpx.AsyncByteStream) -> None:
        self._body, self._left = body, AT_MOST

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._body:
            self._left -= len(chunk)
            if self._left < 0:
                raise TooLarge
            yield chunk

    async def aclose(self) -> None:
        await self._body.aclose()


async def _within_bounds(response: httpx.Response) -> None:
    """httpx reads every body whole; this hook runs before it does. A packed one nobody asked for."""
    if response.request.method == "GET" and response.headers.get("content-encoding", "identity") != "identity":
        raise TooLarge
    if isinstance(response.stream, httpx.AsyncByteStream):
        response.stream = _Bounded(response.stream)


def _withheld(trouble: TelegramError) -> NotYet | Never:
    if isinstance(trouble.__cause__, TooLarge):
        return Never(Why.TOO_LARGE)
    match trouble:
        case RetryAfter():
            return NotYet(seconds(trouble), "rate")
        case BadRequest():
            return Never(Why.TOO_LARGE if "too big" in trouble.message.casefold() else Why.GONE)
        case InvalidToken():  # said of a file that is not there, too
            return NotYet(_TOKEN, "token or file unknown")
        case _:
            return NotYet(SOON, "no answer")


def _answer(trouble: TelegramError) -> Answer:
    match trouble:
        case RetryAfter():
            return Refused("rate", 429, seconds(trouble))
        case Forbidden():
            return Refused("refused by Telegram: 403", 403, blocked=True)
        case InvalidToken():
            return Refused("token", 401, _TOKEN)
        case ChatMigrated():
            return Refused("the chat has moved")
        case Conflict():
            return Refused("conflict", 409, SOON)
        case BadRequest():
            said = trouble.message.casefold()
            plainer = any(part in said for part in ("entit", "url", "button_type"))
            return Refused("refused by Telegram: 400", blocked="chat not found" in said, plainer=plainer)
        case NetworkError():
            return Unreached() if never_left(trouble) else Lost()
        case _:
            return Accepted()  # a 2xx whose body the SDK could not read
