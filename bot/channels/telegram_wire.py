"""Speaks to Telegram through its SDK, and says of every call what is certain about it."""

from __future__ import annotations

import logging
import os
from datetime import timedelta

import httpx
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
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

from bot.channels.answers import SOON, Accepted, Answer, Lost, Refused, Unreached
from bot.channels.telegram_draw import Key, Part

CONNECTIONS = 64
_TOKEN = 60.0  # seconds until a refused token is worth another attempt
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # a preview would open a one-time page before its reader does
# Of these we know that nothing went out.
_BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)

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
        )
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
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
                reply_markup=_keyboard(part.plain_rows if plain else part.rows),
                link_preview_options=_NO_PREVIEW,
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

    async def close(self) -> None:
        """Give back connections."""
        await self._request.shutdown()


def _keyboard(rows: tuple[tuple[Key, ...], ...]) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup([[_button(key) for key in row] for row in rows])


def _button(key: Key) -> InlineKeyboardButton:
    return InlineKeyboardButton(key.label, callback_data=key.data or None, url=key.url or None)


def _answer(trouble: TelegramError) -> Answer:
    match trouble:
        case RetryAfter():
            told = trouble.retry_after
            seconds = told.total_seconds() if isinstance(told, timedelta) else float(told)
            return Refused("rate", 429, max(seconds, 1.0))
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
            return Refused(
                "refused by Telegram: 400", blocked="chat not found" in said, plainer="entit" in said or "url" in said
            )
        case NetworkError():
            return Unreached() if isinstance(trouble.__cause__, _BEFORE) else Lost()
        case _:
            return Accepted()  # a 2xx whose body the SDK could not read
