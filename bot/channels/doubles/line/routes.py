"""Which of LINE's endpoints a request means."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from bot.channels.doubles.door import Answer, Ask, Route
from bot.channels.doubles.line.login import Login
from bot.channels.doubles.line.looking import Looking
from bot.channels.doubles.line.menus import Menus
from bot.channels.doubles.line.sending import Sending
from bot.channels.doubles.line.tokens import Tokens

_ID = r"([A-Za-z0-9_-]+)"
# These prove themselves otherwise than by the bot's access token.
_BARE = frozenset({"token", "login"})


class Routes:
    """Finds the handler of a request: the hot paths by one look into a dictionary."""

    def __init__(self, sending: Sending, looking: Looking, menus: Menus, keys: tuple[Tokens, Login]) -> None:
        tokens, login = keys
        self._looking, self._tokens = looking, tokens
        self._fixed: dict[tuple[str, str], Route] = {
            ("POST", "/v2/bot/message/reply"): ("reply", sending.reply),
            ("POST", "/v2/bot/message/push"): ("push", sending.push),
            ("POST", "/v2/bot/message/multicast"): ("multicast", sending.multicast),
            ("POST", "/oauth2/v3/token"): ("token", tokens.issue),
            ("GET", "/.well-known/openid-configuration"): ("login", login.about),
            ("GET", "/oauth2/v2.1/authorize"): ("login", login.authorize),
            ("POST", "/oauth2/v2.1/token"): ("login", login.exchange),
            ("POST", "/oauth2/v2.1/verify"): ("login", login.verify),
            ("GET", "/v2/bot/message/quota"): ("quota", looking.quota),
            ("GET", "/v2/bot/message/quota/consumption"): ("consumption", looking.consumption),
            ("POST", "/v2/bot/richmenu"): ("richmenu", menus.make),
            ("GET", "/v2/bot/richmenu/list"): ("richmenu", menus.all),
            ("GET", "/v2/bot/info"): ("info", looking.info),
            ("POST", "/v2/bot/chat/loading/start"): ("loading", looking.loading),
            ("POST", "/v2/bot/chat/markAsRead"): ("markAsRead", looking.mark_as_read),
            ("GET", "/v2/bot/channel/webhook/endpoint"): ("webhook", looking.webhook),
        }
        for kind in ("reply", "push", "multicast", "narrowcast", "broadcast"):
            self._fixed["POST", f"/v2/bot/message/validate/{kind}"] = ("validate", sending.validate)
        shapes: list[tuple[str, str, str, Callable[..., Answer]]] = [
            ("GET", rf"/v2/bot/profile/{_ID}", "profile", looking.profile),
            ("GET", rf"/v2/bot/message/{_ID}/content(?:/preview)?", "content", looking.content),
            ("GET", rf"/v2/bot/message/{_ID}/content/transcoding", "transcoding", looking.transcoding),
            ("DELETE", rf"/v2/bot/richmenu/{_ID}", "richmenu", menus.drop),
            ("POST", rf"/v2/bot/richmenu/{_ID}/content", "richmenu", menus.fill),
            ("GET", rf"/v2/bot/richmenu/{_ID}/content", "richmenu", menus.picture),
            ("POST", rf"/v2/bot/user/all/richmenu/{_ID}", "richmenu", menus.usual),
            ("POST", rf"/v2/bot/user/{_ID}/richmenu/{_ID}", "richmenu", menus.link),
            ("DELETE", rf"/v2/bot/user/{_ID}/richmenu", "richmenu", menus.unlink),
            ("GET", rf"/v2/bot/user/{_ID}/richmenu", "richmenu", menus.of),
        ]
        self._shapes = [(method, re.compile(path), name, handler) for method, path, name, handler in shapes]

    def find(self, ask: Ask) -> Route:
        """The endpoint's name, and who answers."""
        name, handler = self._fixed.get((ask.method, ask.path)) or self._shaped(ask)
        if name in _BARE or self._tokens.good(ask.headers.get("authorization", "")):
            return name, handler
        return name, self._looking.stranger

    def _shaped(self, ask: Ask) -> Route:
        for method, path, name, handler in self._shapes:
            if method == ask.method and (found := path.fullmatch(ask.path)):
                parts = found.groups()
                return name, functools.partial(_with_parts, handler, parts)
        return "unknown", self._looking.nowhere


def _with_parts(handler: Callable[..., Answer], parts: tuple[str, ...], ask: Ask) -> Answer:
    return handler(ask, *parts)
