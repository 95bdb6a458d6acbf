"""The wall around every page: which hosts we answer for, who may change something, and the headers of each answer."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.settings import Settings

# Machines post here and prove themselves by signature or secret: no browser rule applies.
MACHINE_DOORS = ("/line/webhook", "/telegram/webhook")
MAX_BODY = 2 * 1024 * 1024
LARGE = dict.fromkeys(("/console/events/import", "/console/grants/import", "/console/events/picture"), 12 * 1024 * 1024)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURSELVES = frozenset({"127.0.0.1", "localhost", "::1"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
)


class Guard:
    """Middleware around all routes, so that no answer leaves without its headers (the page for 500 adds them itself).

    A header that a page set itself is kept. `machine_doors` are path prefixes that other programs post to.
    """

    def __init__(
        self, app: ASGIApp, settings: Settings, demo: bool = False, machine_doors: Sequence[str] = MACHINE_DOORS
    ) -> None:
        self.app = app
        self._hosts = _OURSELVES | {str(settings.public_url.host).strip("[]")}
        self._doors = tuple(machine_doors)
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers(settings, demo).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with the headers added to the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = list(message.get("headers", ()))
                told = {name.lower() for name, _ in own}
                message["headers"] = own + [pair for pair in self._headers if pair[0] not in told]
            await send(message)

        asked = Headers(scope=scope)
        if refusal := self._refusal(scope, asked):
            status, why = refusal
            await PlainTextResponse(why, status)(scope, receive, dressed)
        else:
            await self.app(scope, receive, dressed)

    def _refusal(self, scope: Scope, told: Headers) -> tuple[int, str] | None:
        if _name(told.get("host", "")) not in self._hosts or len(told.getlist("host")) != 1:
            return 400, "このアドレスでは開けません。\n"
        if scope["method"] in _SAFE or scope["path"].startswith(self._doors):
            return None
        if not same_origin(told):
            return 403, "ほかのサイトからの操作は受け付けません。ページを開きなおして、もう一度おためしください。\n"
        size = told.get("content-length", "")
        if not size.isdecimal():
            return 411, "送られたものの大きさがわかりません。\n"
        if len(size) > 12 or int(size) > LARGE.get(scope["path"], MAX_BODY):
            return 413, "送られたものが大きすぎます。\n"
        return None


def headers(settings: Settings, demo: bool) -> dict[str, str]:
    """What every answer carries unless its page says otherwise. The demo shows our own pages side by side in frames."""
    secure = settings.public_url.scheme == "https"
    frames = "frame-ancestors 'self'; frame-src 'self'" if demo else "frame-ancestors 'none'"
    always = {
        "Content-Security-Policy": POLICY + frames,
        "X-Content-Type-Options": "nosniff",
        # Without https a browser may send no Sec-Fetch-Site; under no-referrer it would then hide Origin too.
        "Referrer-Policy": "no-referrer" if secure else "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
        "X-Robots-Tag": "noindex, nofollow",
        "Cache-Control": "no-store",
    }
    return always | ({"Strict-Transport-Security": "max-age=63072000"} if secure else {})


def same_origin(told: Headers) -> bool:
    """Whether a request that changes something comes from one of our own pages.

    The browser's own word (Sec-Fetch-Site) counts; where it is silent, Origin must name the host that was asked.
    A request with neither comes from no page of ours.
    """
    site = told.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    scheme, separator, host = told.get("origin", "").partition("://")
    return scheme in ("http", "https") and bool(separator) and host == told.get("host")


def _name(host: str) -> str:
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
