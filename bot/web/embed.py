"""The chat on other sites: the script they load with one line, and which of them may show our pages in a frame."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot.settings import Settings, sites
from bot.web import paper
from bot.web.guard import POLICY
from bot.web.room import Room
from bot.web.statics import FOLDER
from dialogs.words import LANGUAGES, bare

_SCRIPT = (FOLDER / "embed.js").read_text("utf-8").strip()


def routes(room: Room) -> list[BaseRoute]:
    """GET /embed.js, where any site is named that may use it."""
    if not sites(room.settings.embed_sites):
        return []
    says = {code: {key: bare(paper.words(code).say(f"embed.{key}")) for key in _keys(code)} for code in LANGUAGES}
    script = f"{_SCRIPT}({_literal(says)});\n"

    async def show(_request: Request) -> Response:
        told = {"Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "public, max-age=3600"}
        return Response(script, media_type="text/javascript", headers=told)

    return [Route("/embed.js", show)]


def framed(settings: Settings) -> dict[str, str]:
    """The header of a page that these sites may show in a frame; none where no site is named."""
    named = sites(settings.embed_sites)
    if not named:
        return {}
    return {"Content-Security-Policy": f"{POLICY}frame-ancestors 'self' {' '.join(named)}"}


def in_frame(request: Request, settings: Settings) -> bool:
    """Whether a page is asked for inside a frame that another site may have opened."""
    return bool(sites(settings.embed_sites)) and request.headers.get("sec-fetch-dest") == "iframe"


def _keys(language: str) -> list[str]:
    return paper.words(language).keys("embed")


def _literal(data: object) -> str:
    return json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")
