"""Asks LINE's sign-in over HTTP: whether it is there, and whom a code that a browser brought back stands for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import aiohttp

from bot.channels.line_login import Asked, Failed, Login, SignedIn, proven

_TOKEN, _VERIFY = "/oauth2/v2.1/token", "/oauth2/v2.1/verify"
_ABOUT = "/.well-known/openid-configuration"
_PATIENCE_S = 5.0  # for one call
# Refusals that are between LINE and us, whatever the browser brought: the operator's to mend, not the person's.
_OUR_FAULT = frozenset({"invalid_client", "unauthorized_client"})


async def answers(login: Login) -> bool:
    """Whether LINE's sign-in is there at all: a page of LINE's that fails would leave a person nowhere to go."""
    try:
        async with _client() as web, web.get(login.pages + _ABOUT) as answer:
            return answer.status < 500
    except (aiohttp.ClientError, OSError):
        return False


async def who(login: Login, asked: Asked, code: str, now: datetime) -> SignedIn | Failed:
    """Who signed in, by the code that the browser brought back. Never raises for what the network or LINE did."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": login.back,
        "client_id": login.number,
        "client_secret": login.secret,
        "code_verifier": asked.verifier,
    }
    given = await _post(login.api + _TOKEN, form)
    if isinstance(given, Failed):
        return given
    token = given.get("id_token")
    if not isinstance(token, str) or not token:
        return Failed.UNPROVEN
    claims = await _post(login.api + _VERIFY, {"id_token": token, "client_id": login.number, "nonce": asked.nonce})
    return claims if isinstance(claims, Failed) else proven(claims, login.number, asked.nonce, now)


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE_S), trust_env=True)


async def _post(url: str, form: dict[str, str]) -> dict[str, Any] | Failed:
    """LINE's answer. A browser can bring any code: only what no code can cause counts as LINE being down."""
    told: Any = None
    try:
        async with _client() as web, web.post(url, data=form, allow_redirects=False) as answer:
            status = answer.status
            if status < 500:
                told = await answer.json(content_type=None)
    except (aiohttp.ClientError, OSError):
        return Failed.DOWN
    except (ValueError, RecursionError):
        return Failed.UNPROVEN
    if status >= 500 or (status != 200 and isinstance(told, dict) and told.get("error") in _OUR_FAULT):
        return Failed.DOWN
    return told if status == 200 and isinstance(told, dict) else Failed.UNPROVEN
