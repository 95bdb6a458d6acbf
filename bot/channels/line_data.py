"""Brings what people send on LINE besides words, from the host where LINE keeps it for a while."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.channels.answers import SOON
from bot.channels.contents import AT_MOST, DOWNLOAD_S, TooLarge, Why
from bot.channels.line_key import Tokens
from bot.channels.line_sdk import ApiException, AsyncMessagingApiBlob, RESTResponse
from bot.channels.line_wire import Client, lean
from bot.ports import Never, NotYet

_RATE, _TOKEN = 5.0, 60.0  # seconds until another attempt makes sense


class _Reader(Client):
    """The SDK's client for LINE's data host: it reads a body no further than we would keep it."""

    async def once(self, token: str, *told: Any, **more: Any) -> Any:
        response = await super().once(token, *told, **more | {"_preload_content": False})
        async with response:
            told_size = response.content_length or 0
            data = bytearray()
            async for chunk in response.content.iter_any():
                data += chunk
                if max(told_size, len(data)) > AT_MOST:
                    raise TooLarge
        read = RESTResponse(response, bytes(data))
        if not 200 <= read.status < 300:
            raise ApiException(http_resp=read)
        return read


class DataWire:
    """A client for LINE's data host, where lies what people send besides words."""

    def __init__(self, host: str, tokens: Tokens, patience: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=DOWNLOAD_S, connect=patience / 2, sock_read=patience)
        self._client = _Reader(host, tokens)
        self._client.rest_client.pool_manager = lean(self._client.rest_client.pool_manager)
        self._api = AsyncMessagingApiBlob(self._client)

    async def content(self, message_id: str) -> bytes | NotYet | Never:
        """The bytes of a picture, video, voice or file. LINE needs a while to get a video or a voice ready."""
        try:
            answer = await self._api.get_message_content_with_http_info(message_id, _request_timeout=self._timeout)
            if answer.status_code == 202:
                made = await self._api.get_message_content_transcoding_by_message_id(
                    message_id, _request_timeout=self._timeout
                )
                return Never(Why.GONE) if made.status == "failed" else NotYet(SOON, "LINE gets it ready")
        except TooLarge:
            return Never(Why.TOO_LARGE)
        except ApiException as refusal:
            return _withheld(refusal)
        except (aiohttp.ClientError, OSError):  # a timeout is an OSError too
            return NotYet(SOON, "no answer")
        except (UnicodeError, LookupError, ValueError) as unreadable:
            return _withheld(unreadable.__context__)  # the SDK decodes the bodies of refusals
        return bytes(answer.data)

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()


def _withheld(refusal: BaseException | None) -> NotYet | Never:
    match int(refusal.status or 0) if isinstance(refusal, ApiException) else 0:
        case 400 | 404 | 410:
            return Never(Why.GONE)
        case 401 | 403:
            return NotYet(_TOKEN, "token")
        case 429:
            return NotYet(_RATE, "rate")
        case _:
            return NotYet(SOON, "no content")
