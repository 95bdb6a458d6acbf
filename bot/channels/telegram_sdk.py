"""What calls through Telegram's SDK need: keyboards, quotes, quiet links, and what its errors are certain about."""

from __future__ import annotations

from datetime import timedelta

import httpx
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters, WebAppInfo
from telegram.error import NetworkError, RetryAfter

from bot.channels.telegram_draw import Key

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)  # a preview would open a one-time page before its reader does
# Of these we know that nothing went out.
_BEFORE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.ProxyError)


def keyboard(rows: tuple[tuple[Key, ...], ...]) -> InlineKeyboardMarkup | None:
    """The buttons under a message; None where there are none."""
    return InlineKeyboardMarkup([[_button(key) for key in row] for row in rows]) if rows else None


def _button(key: Key) -> InlineKeyboardButton:
    if key.inside:
        return InlineKeyboardButton(key.label, web_app=WebAppInfo(key.url))
    return InlineKeyboardButton(key.label, callback_data=key.data or None, url=key.url or None)


def answering(message: int | None) -> ReplyParameters | None:
    """Under which message words go; without it where somebody has deleted it."""
    return ReplyParameters(message, allow_sending_without_reply=True) if message else None


def seconds(trouble: RetryAfter) -> float:
    """How long Telegram asks us to wait, at least a second."""
    told = trouble.retry_after
    return max(told.total_seconds() if isinstance(told, timedelta) else float(told), 1.0)


def never_left(trouble: NetworkError) -> bool:
    """Whether it is certain that nothing went out."""
    return isinstance(trouble.__cause__, _BEFORE)
