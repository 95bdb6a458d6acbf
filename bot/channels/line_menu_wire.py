"""Makes, fills and takes away rich menus at LINE, for the operator's own command."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from bot.channels.access import Access
from bot.channels.line_key import Tokens
from bot.channels.line_sdk import (
    ApiException,
    AsyncMessagingApi,
    AsyncMessagingApiBlob,
    RichMenuRequest,
)
from bot.channels.line_wire import Client

PATIENCE_S = 30.0


class TooFast(Exception):
    """LINE takes no more of these for now: a hundred menus an hour may be made, and as many taken away."""


class Unwilling(Exception):
    """LINE did not do it; the message says what it answered, without anything secret."""


class MenuWire:
    """One client for both hosts. Every method raises TooFast or Unwilling."""

    def __init__(self, host: str, data_host: str, access: Access) -> None:
        tokens = Tokens(host, access)
        self._clients = [Client(one, tokens) for one in (host, data_host)]
        self._api, self._blob = AsyncMessagingApi(self._clients[0]), AsyncMessagingApiBlob(self._clients[1])

    async def all(self) -> dict[str, list[str]]:
        """The ids of the channel's menus, by name."""
        found: dict[str, list[str]] = {}
        for menu in (await self._asked(self._api.get_rich_menu_list())).richmenus:
            found.setdefault(str(menu.name), []).append(str(menu.rich_menu_id))
        return found

    async def filled(self, menu_id: str) -> bool:
        """Whether it has its picture; one without would be refused to people."""
        try:
            return bool(await self._asked(self._blob.get_rich_menu_image(menu_id)))
        except Unwilling:
            return False

    async def make(self, request: dict[str, Any], picture: bytes) -> str:
        """Make a menu with its picture; one whose picture is refused is taken away again. Its id."""
        made = await self._asked(self._api.create_rich_menu(RichMenuRequest.from_dict(request)))
        menu_id = str(made.rich_menu_id)
        try:
            put = self._blob.set_rich_menu_image(menu_id, body=picture, _headers={"Content-Type": "image/png"})
            await self._asked(put)
        except (TooFast, Unwilling):
            await self.drop(menu_id)
            raise
        return menu_id

    async def drop(self, menu_id: str) -> None:
        """Take a menu away."""
        await self._asked(self._api.delete_rich_menu(menu_id))

    async def usual(self, menu_id: str) -> None:
        """Show this one to everybody who has none of their own."""
        await self._asked(self._api.set_default_rich_menu(menu_id))

    async def close(self) -> None:
        """Give back connections."""
        for client in self._clients:
            await client.close()

    async def _asked(self, call: Any) -> Any:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return await call
        except ApiException as refusal:
            if refusal.status == 429:
                raise TooFast from None
            raise Unwilling(f"LINE: {refusal.status}") from None
        except (aiohttp.ClientError, OSError, ValueError) as trouble:
            raise Unwilling(type(trouble).__name__) from None
