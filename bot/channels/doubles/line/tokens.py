"""The access tokens of LINE: one that lives for good, and stateless ones of fifteen minutes for id and secret."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs

from bot.channels.doubles.door import Answer, Ask
from bot.channels.doubles.line.answers import answer
from bot.channels.doubles.line.state import State

CHANNEL_ID = "1657000000"
LIVES_S = 900


class Tokens:
    """Which tokens are taken now. `secret` is the channel's secret of the moment."""

    def __init__(self, state: State, forever: str, secret: Callable[[], str]) -> None:
        self._state, self._forever, self._secret = state, forever, secret
        self._lent: dict[str, datetime] = {}

    def issue(self, ask: Ask) -> Answer:
        """POST /oauth2/v3/token: a stateless token."""
        form = parse_qs(ask.body.decode("latin-1"))
        given = {name: form.get(name, [""])[0] for name in ("grant_type", "client_id", "client_secret")}
        right = {"grant_type": "client_credentials", "client_id": CHANNEL_ID, "client_secret": self._secret()}
        wrong = next((name for name in right if given[name] != right[name]), None)
        if wrong:
            return answer(self._state, 400, {"error": "invalid_request", "error_description": f"invalid {wrong}"})
        token = self._state.token("t")
        self._lent[token] = self._state.clock() + timedelta(seconds=LIVES_S)
        return answer(self._state, 200, {"token_type": "Bearer", "access_token": token, "expires_in": LIVES_S})

    def good(self, header: str) -> bool:
        """Whether an authorization header carries a token that is taken now."""
        kind, _, token = header.partition(" ")
        ends = self._lent.get(token)
        living = ends is not None and self._state.clock() < ends
        given = token.encode("latin-1", "replace")
        return kind == "Bearer" and (living or hmac.compare_digest(given, self._forever.encode()))

    def end_all(self) -> None:
        """Every token that was lent ends now."""
        self._lent.clear()
