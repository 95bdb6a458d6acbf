"""LINE's access tokens: one that was given for good, or those of fifteen minutes, renewed before they end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.channels.access import Access, Account

_PATH = "/oauth2/v3/token"
_EARLY = timedelta(minutes=2)  # before its end a token is renewed
_AGAIN = timedelta(seconds=20)  # while LINE gives no new one and the old one still works
_PATIENCE_S = 5.0


class NoToken(ConnectionError):
    """LINE gave no access token, so nothing was sent."""


def _now() -> datetime:
    return datetime.now(UTC)


class Tokens:
    """Gives every call a living token. Stateless tokens: unlimited in number, and nothing to give back."""

    def __init__(self, host: str, access: Access, clock: Callable[[], datetime] = _now) -> None:
        self._url, self._access, self._clock = host.rstrip("/") + _PATH, access, clock
        self._token, self._due, self._ends = "", datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)
        self._asking = asyncio.Lock()

    async def current(self) -> str:
        """A token for a call that begins now. Raises NoToken."""
        if isinstance(self._access, str):
            return self._access
        if self._clock() >= self._due:
            async with self._asking:  # many calls wait for one answer
                if self._clock() >= self._due:
                    await self._renew(self._access)
        return self._token

    async def instead_of(self, refused: str) -> str | None:
        """Another token than this one, which LINE did not take; None when there is no other. Raises NoToken."""
        if isinstance(self._access, str):
            return None
        async with self._asking:
            if self._token == refused:
                self._ends = self._due = self._clock()
                await self._renew(self._access)
        return self._token

    async def _renew(self, account: Account) -> None:
        now = self._clock()
        for secret in account.secrets:
            given = await _asked(self._url, account.channel_id, secret)
            if given:
                self._token, self._ends = given[0], now + given[1]
                self._due = max(self._ends - _EARLY, now + given[1] / 2)
                return
        if now >= self._ends:
            raise NoToken
        self._due = min(self._ends, now + _AGAIN)


async def _asked(url: str, channel_id: str, secret: str) -> tuple[str, timedelta] | None:
    """A new token and how long it lives; None when LINE gives none for this secret, or none now."""
    form = {"grant_type": "client_credentials", "client_id": channel_id, "client_secret": secret}
    timeout = aiohttp.ClientTimeout(total=_PATIENCE_S)
    try:
        async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as web, web.post(url, data=form) as answer:
            told: Any = await answer.json(content_type=None) if answer.status == 200 else None
    except (aiohttp.ClientError, OSError, ValueError):
        return None
    match told:
        case {"access_token": str(token), "expires_in": int(seconds)} if token and seconds > 0:
            return token, timedelta(seconds=seconds)
        case _:
            return None
