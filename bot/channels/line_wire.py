"""Speaks to LINE through its SDK and says of every call what is certain about it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Sequence
from typing import Any
from urllib.request import getproxies

import aiohttp
from pydantic_core import PydanticSerializationError, to_json

from bot.channels.answers import Accepted, Answer, Lost, Refused, Unreached
from bot.channels.line_key import NoToken, Tokens
from bot.channels.line_sdk import (
    ApiException,
    ApiResponse,
    AsyncApiClient,
    AsyncMessagingApi,
    Configuration,
    MarkMessagesAsReadByTokenRequest,
    MulticastRequest,
    PushMessageRequest,
    ReplyMessageRequest,
    RESTClientObject,
    RESTResponse,
    ShowLoadingAnimationRequest,
)
from bot.ports import Itself, Quota

CONNECTIONS = 200
_RATE, _TOKEN, _QUOTA = 1.5, 60.0, 3600.0  # seconds until another attempt makes sense
_OURS = frozenset({"ReplyMessageResponse", "PushMessageResponse"})


# The SDK's calls without pydantic's check of their arguments: they are ours, and it takes a tenth of a millisecond.
_reply = AsyncMessagingApi.reply_message_with_http_info.raw_function
_push = AsyncMessagingApi.push_message_with_http_info.raw_function
_multicast = AsyncMessagingApi.multicast_with_http_info.raw_function
_mark_read = AsyncMessagingApi.mark_messages_as_read_by_token_with_http_info.raw_function
_busy = AsyncMessagingApi.show_loading_animation_with_http_info.raw_function


class _Reply(ReplyMessageRequest):  # type: ignore[misc]
    """The SDK's request around objects that are drawn already: its generic walk over a bubble takes milliseconds."""

    def to_dict(self) -> dict[str, Any]:
        return {"replyToken": self.reply_token, "messages": self.messages}


class _Push(PushMessageRequest):  # type: ignore[misc]
    def to_dict(self) -> dict[str, Any]:
        return {"to": self.to, "messages": self.messages}


class _Multicast(MulticastRequest):  # type: ignore[misc]
    def to_dict(self) -> dict[str, Any]:
        return {"to": self.to, "messages": self.messages}


class _Rest(RESTClientObject):  # type: ignore[misc]
    """The SDK's way to the host, for a body that is JSON already: its own encoding takes a third of a reply."""

    def __init__(self, made: RESTClientObject) -> None:
        self.proxy, self.proxy_headers = made.proxy, made.proxy_headers
        self.pool_manager = lean(made.pool_manager)

    async def post_request(self, url: str, *, headers: dict[str, str], body: Any = None, **rest: Any) -> RESTResponse:
        if not isinstance(body, bytes):
            return await super().post_request(url, headers=headers, body=body, **rest)
        timeout = rest["_request_timeout"]
        async with self.pool_manager.post(url, data=body, headers=headers, timeout=timeout) as answer:
            response = RESTResponse(answer, await answer.read())
        if not 200 <= response.status <= 299:
            raise ApiException(http_resp=response)
        return response


_DRAWN = (_Reply, _Push, _Multicast)


class Client(AsyncApiClient):  # type: ignore[misc]
    """The SDK's client without its deep copy of what we drew, and unable to fail on the answer to an accepted call."""

    def __init__(self, host: str, tokens: Tokens) -> None:
        configuration = Configuration(host=host.rstrip("/"), access_token="")
        configuration.connection_pool_maxsize = CONNECTIONS
        super().__init__(configuration)
        self._tokens = tokens

    async def request(self, *told: Any, **more: Any) -> Any:
        """One call with a living token; with another one, once, when LINE refuses it, for then nothing was done."""
        token = await self._tokens.current()
        try:
            return await self.once(token, *told, **more)
        except ApiException as refusal:
            if refusal.status != 401 or (another := await self._tokens.instead_of(token)) is None:
                raise
        return await self.once(another, *told, **more)

    async def once(self, token: str, *told: Any, **more: Any) -> Any:
        """One call with this token."""
        headers = {**(more.pop("headers", None) or {}), "Authorization": f"Bearer {token}"}
        return await super().request(*told, headers=headers, **more)

    def sanitize_for_serialization(self, obj: Any) -> Any:
        return _as_json(obj.to_dict()) if isinstance(obj, _DRAWN) else super().sanitize_for_serialization(obj)

    def deserialize(self, response: Any, response_type: Any) -> Any:
        # The SDK raises on 200 with a body it did not expect, after the message has gone out.
        if response_type not in _OURS:
            return super().deserialize(response, response_type)
        try:
            return json.loads(response.data)
        except ValueError:
            return None


class Wire:
    """One shared client, made inside the running loop. `patience`: seconds a call may take; the SDK would wait 300."""

    def __init__(self, host: str, tokens: Tokens, patience: float) -> None:
        self._timeout = aiohttp.ClientTimeout(total=patience, connect=patience / 2)
        self._client = Client(host, tokens)
        self._client.rest_client = _Rest(self._client.rest_client)
        self._api = AsyncMessagingApi(self._client)

    async def reply(self, token: str, objects: Sequence[dict[str, Any]]) -> Answer:
        """Use a reply token, which works once."""
        request = _Reply.construct(reply_token=token, messages=objects)
        return await _answer(_reply(self._api, request, _request_timeout=self._timeout))

    async def push(self, to: str, objects: Sequence[dict[str, Any]], retry_key: str) -> Answer:
        """Push with a retry key, under which LINE accepts the same request once in 24 hours."""
        request = _Push.construct(to=to, messages=objects)
        call = _push(self._api, request, x_line_retry_key=retry_key, _request_timeout=self._timeout)
        return await _answer(call)

    async def multicast(self, to: Sequence[str], objects: Sequence[dict[str, Any]], retry_key: str) -> Answer:
        """The same to at most 500 people; retried as a push is. One bad address may fail it for all of them."""
        request = _Multicast.construct(to=to, messages=objects)
        call = _multicast(self._api, request, x_line_retry_key=retry_key, _request_timeout=self._timeout)
        return await _answer(call)

    async def itself(self) -> Itself | None:
        """The bot's own user id and basic id; None when LINE does not tell now."""
        try:
            info = await self._api.get_bot_info(_request_timeout=self._timeout)
        except (ApiException, aiohttp.ClientError, OSError, ValueError):
            return None
        return Itself(str(info.user_id), str(info.basic_id))

    async def month(self) -> Quota | None:
        """How many pushes this month has and how many are used up; None when LINE does not tell now."""
        try:
            most = await self._api.get_message_quota(_request_timeout=self._timeout)
            used = await self._api.get_message_quota_consumption(_request_timeout=self._timeout)
        except (ApiException, aiohttp.ClientError, OSError, ValueError):
            return None
        return Quota(most.value if most.type == "limited" else None, int(used.total_usage))

    async def menus(self) -> dict[str, str] | None:
        """The ids of the channel's rich menus by name; None when LINE does not tell now."""
        try:
            found = await self._api.get_rich_menu_list(_request_timeout=self._timeout)
        except (ApiException, aiohttp.ClientError, OSError, ValueError):
            return None
        return {str(menu.name): str(menu.rich_menu_id) for menu in found.richmenus}

    async def link(self, address: str, menu_id: str) -> bool:
        """Show a rich menu to one person; whether LINE took it."""
        try:
            await self._api.link_rich_menu_id_to_user(address, menu_id, _request_timeout=self._timeout)
        except (ApiException, aiohttp.ClientError, OSError, ValueError):
            return False
        return True

    async def show_read(self, token: str) -> bool:
        """Mark all up to a message as read; False when LINE could not be asked, or asks us to come again."""
        request = MarkMessagesAsReadByTokenRequest.construct(mark_as_read_token=token)
        answer = await _answer(_mark_read(self._api, request, _request_timeout=self._timeout))
        return isinstance(answer, Accepted) or (isinstance(answer, Refused) and answer.status == 400)

    async def show_busy(self, address: str, seconds: int) -> None:
        """Show the loading animation, which ends with our next message; what goes wrong is of no consequence."""
        request = ShowLoadingAnimationRequest.construct(chat_id=address, loading_seconds=seconds)
        await _answer(_busy(self._api, request, _request_timeout=self._timeout))

    async def close(self) -> None:
        """Give back connections."""
        await self._client.close()


def _as_json(drawn: dict[str, Any]) -> bytes:
    try:
        return to_json(drawn)
    except PydanticSerializationError:  # half a surrogate pair, which is no UTF-8
        return json.dumps(drawn).encode()


def lean(session: aiohttp.ClientSession) -> aiohttp.ClientSession:
    """The SDK's session, looking for a proxy once now instead of in two threads before every call."""
    connector = session.connector
    session.detach()
    return aiohttp.ClientSession(connector=connector, trust_env=bool(getproxies()), cookie_jar=aiohttp.DummyCookieJar())


async def _answer(call: Awaitable[ApiResponse]) -> Answer:
    try:
        response = await call
    except ApiException as refusal:
        return _refusal(refusal)
    except NoToken:
        return Refused("token", 401, _TOKEN)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        return Unreached()
    except (aiohttp.ClientError, OSError):  # a timeout is an OSError too
        return Lost()
    except (UnicodeError, LookupError) as unreadable:
        # The SDK decodes the bodies of refusals and of acceptances: which one it was is the error before this one.
        before = unreadable.__context__
        return _refusal(before) if isinstance(before, ApiException) else Accepted()
    return Accepted(_ids(response.data))


def _refusal(refusal: ApiException) -> Answer:
    """LINE's texts are not guaranteed: they only tell the quota from the rate. Named details are faults of form."""
    body, status = _body(refusal), int(refusal.status or 0)
    match status:
        case 409:
            return Accepted(_ids(body))  # the retry key says that an earlier attempt was accepted
        case 401:
            return Refused("token", status, _TOKEN)
        case 429 if "monthly" in str(body.get("message")).casefold():
            return Refused("quota", status, _QUOTA, no_push=True)
        case 429:
            return Refused("rate", status, _RATE)
        case _ if 400 <= status < 500:
            form = status == 413 or (status == 400 and bool(body.get("details")))
            return Refused(f"refused by LINE: {status}", status, plainer=form)
        case _:
            return Lost()


def _body(refusal: ApiException) -> dict[str, Any]:
    try:
        body = json.loads(refusal.body or "")
    except (ValueError, TypeError):
        return {}
    return body if isinstance(body, dict) else {}


def _ids(data: Any) -> tuple[str, ...]:
    sent = data.get("sentMessages") if isinstance(data, dict) else None
    if not isinstance(sent, list):
        return ()
    return tuple(one["id"] for one in sent if isinstance(one, dict) and isinstance(one.get("id"), str))
