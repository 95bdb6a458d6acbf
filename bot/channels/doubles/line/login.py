"""LINE Login in miniature: the page that asks a person, codes that work once, ID tokens under the channel's secret."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlencode

from bot.channels.doubles.door import Answer, Ask
from bot.channels.doubles.line.answers import answer
from bot.channels.doubles.line.state import State

LOGIN_ID, LOGIN_SECRET = "1657999999", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
ISSUER = "https://access.line.me"
SIGNED_IN = "line-user"  # the cookie by which LINE knows whose browser it is
CODE_LIVES, TOKEN_LIVES = timedelta(minutes=10), timedelta(hours=1)
_WANTED = ("response_type", "client_id", "redirect_uri", "state", "scope")


@dataclass
class Code:
    """A code on its way back: for whom, and what the sign-in was begun with."""

    user: str
    began: dict[str, str]
    ends: datetime


class Login:
    """`backs` are the callback addresses that are registered; `refuses` are people who do not agree.

    `instead` is handed out in place of the next ID tokens, while it is set.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._codes: dict[str, Code] = {}
        self.backs: set[str] = set()
        self.refuses: set[str] = set()
        self.instead = ""

    def about(self, _ask: Ask) -> Answer:
        """GET /.well-known/openid-configuration."""
        return answer(self._state, 200, {"issuer": ISSUER, "id_token_signing_alg_values_supported": ["ES256"]})

    def authorize(self, ask: Ask) -> Answer:
        """GET /oauth2/v2.1/authorize, by the browser of somebody who is signed in to LINE."""
        told = _form(ask.query)
        ours = told.get("client_id") == LOGIN_ID and told.get("redirect_uri") in self.backs
        if not ours or any(not told.get(name) for name in _WANTED) or told["response_type"] != "code":
            return answer(self._state, 400, {"message": "400 Bad Request"})
        jar = SimpleCookie(ask.headers.get("cookie", ""))
        if SIGNED_IN not in jar:
            return answer(self._state, 200, {"message": "Log in to LINE"})
        user = jar[SIGNED_IN].value
        if user in self.refuses:
            return self._back(told, error="access_denied", error_description="The resource owner denied the request.")
        code = self._state.token("c")
        self._codes[code] = Code(user, told, self._state.clock() + CODE_LIVES)
        return self._back(told, code=code)

    def exchange(self, ask: Ask) -> Answer:
        """POST /oauth2/v2.1/token."""
        told = _form(ask.body.decode("latin-1"))
        secret = told.get("client_secret", "")
        if told.get("client_id") != LOGIN_ID or not hmac.compare_digest(secret.encode(), LOGIN_SECRET.encode()):
            return self._refuse("invalid_client", "client_id or client_secret is wrong")
        code = self._codes.pop(told.get("code", ""), None)
        if code is None or self._state.clock() >= code.ends or told.get("grant_type") != "authorization_code":
            return self._refuse("invalid_grant", "invalid authorization code")
        challenge = urlsafe_b64encode(sha256(told.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        began = code.began
        if began.get("code_challenge", challenge) != challenge or told.get("redirect_uri") != began["redirect_uri"]:
            return self._refuse("invalid_grant", "code_verifier or redirect_uri does not match")
        token = self.instead or self.id_token(code.user, nonce=began.get("nonce", ""))
        payload = {"access_token": self._state.token("a"), "token_type": "Bearer", "expires_in": 2_592_000}
        return answer(self._state, 200, {**payload, "scope": "openid", "id_token": token})

    def verify(self, ask: Ask) -> Answer:
        """POST /oauth2/v2.1/verify: the claims of an ID token that is good for this channel."""
        told = _form(ask.body.decode("latin-1"))
        claims = _opened(told.get("id_token", ""))
        if claims is None:
            return self._refuse("invalid_request", "Invalid IdToken.")
        if claims["exp"] <= self._state.clock().timestamp():
            return self._refuse("invalid_request", "IdToken expired.")
        if claims["aud"] != told.get("client_id"):
            return self._refuse("invalid_request", "Invalid IdToken Audience.")
        if "nonce" in told and claims.get("nonce") != told["nonce"]:
            return self._refuse("invalid_request", "Invalid IdToken Nonce.")
        return answer(self._state, 200, claims)

    def id_token(self, user: str, *, alg: str = "HS256", secret: str = LOGIN_SECRET, **claims: Any) -> str:
        """An ID token for this person; `claims` are to be otherwise, `alg` "none" leaves it unsigned."""
        now = int(self._state.clock().timestamp())
        usual = {"iss": ISSUER, "sub": user, "aud": LOGIN_ID, "exp": now + int(TOKEN_LIVES.total_seconds()), "iat": now}
        head = ".".join(_packed(json.dumps(one).encode()) for one in ({"alg": alg, "typ": "JWT"}, {**usual, **claims}))
        return f"{head}." + ("" if alg == "none" else _packed(hmac.digest(secret.encode(), head.encode(), "sha256")))

    def _back(self, told: dict[str, str], **said: str) -> Answer:
        where = told["redirect_uri"] + "?" + urlencode({**said, "state": told["state"]})
        return answer(self._state, 302, {}, (b"location", where.encode("latin-1")))

    def _refuse(self, error: str, why: str) -> Answer:
        return answer(self._state, 400, {"error": error, "error_description": why})


def _form(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}


def _packed(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unpacked(part: str) -> bytes:
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _opened(token: str) -> dict[str, Any] | None:
    """The claims, when the channel's secret signed them by the one algorithm that is used."""
    head, _, seal = token.rpartition(".")
    try:
        told, claims = (json.loads(_unpacked(part)) for part in head.split("."))
        signed = hmac.compare_digest(_unpacked(seal), hmac.digest(LOGIN_SECRET.encode(), head.encode(), "sha256"))
    except (ValueError, TypeError):
        return None
    return claims if signed and told.get("alg") == "HS256" else None
