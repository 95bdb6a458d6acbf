"""Asks a provider of sign-ins over HTTP: whether it is there, and whom a code that a browser brought stands for."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.channels.oidc import ABOUT, Asked, Failed, Login, SignedIn, proven

_PATIENCE_S = 5.0  # for one call
# Refusals that are between the provider and us, whatever the browser brought: the operator's to mend, not the person's.
_OUR_FAULT = frozenset({"invalid_client", "unauthorized_client"})


async def answers(login: Login) -> bool:
    """Whether the provider is there at all: a page of its that fails would leave a person nowhere to go."""
    try:
        async with _client() as web, web.get(login.about) as answer:
            return answer.status < 500
    except (aiohttp.ClientError, OSError):
        return False


async def who(login: Login, asked: Asked, code: str, now: datetime) -> SignedIn | Failed:
    """Who signed in, by the code that the browser brought back. Never raises for what network or provider did."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": login.back,
        "client_id": login.number,
        "client_secret": login.secret,
        "code_verifier": asked.verifier,
    }
    given = await _post(login.token, form)
    if isinstance(given, Failed):
        return given
    token = given.get("id_token")
    if not isinstance(token, str) or not token:
        return Failed.UNPROVEN
    if login.verify:
        claims = await _post(login.verify, {"id_token": token, "client_id": login.number, "nonce": asked.nonce})
    else:
        claims = _inside(token)
    return claims if isinstance(claims, Failed) else proven(claims, login, asked.nonce, now)


async def discover(issuer: str, own: tuple[str, str], back: str) -> Login | Failed:
    """A provider by its own description, with our number and secret there. Never raises for what the network did."""
    about = issuer.rstrip("/") + ABOUT
    try:
        async with _client() as web, web.get(about, allow_redirects=False) as answer:
            told = await answer.json(content_type=None) if answer.status == 200 else None
    except (aiohttp.ClientError, OSError, ValueError, RecursionError):
        return Failed.DOWN
    match told:
        case {"issuer": str(named), "authorization_endpoint": str(authorize), "token_endpoint": str(token)}:
            safe = all(_safe(one) for one in (authorize, token))
            if named.rstrip("/") != issuer.rstrip("/") or not safe:
                return Failed.UNPROVEN
            return Login(named, about, authorize, token, *own, back, scope="openid email")
        case _:
            return Failed.UNPROVEN


def _safe(address: str) -> bool:
    """Our secret goes there: over TLS, or not off this machine."""
    told = urlsplit(address)
    return told.scheme == "https" or (told.scheme == "http" and told.hostname in ("127.0.0.1", "::1", "localhost"))


def _inside(token: str) -> dict[str, Any] | Failed:
    """The claims of an ID token that came straight from its provider.

    Over TLS that stands for its signature (OpenID Connect Core 1.0, 3.1.3.7, rule 6); a browser never touched it.
    """
    parts = token.split(".")
    try:
        told = json.loads(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))) if len(parts) == 3 else None
    except (ValueError, RecursionError):
        told = None
    return told if isinstance(told, dict) else Failed.UNPROVEN


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_PATIENCE_S), trust_env=True)


async def _post(url: str, form: dict[str, str]) -> dict[str, Any] | Failed:
    """The provider's answer. A browser can bring any code: only what no code can cause counts as it being down."""
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
