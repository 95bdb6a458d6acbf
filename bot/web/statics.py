"""Style, script and pictures, each under an address that changes with its content and may then be kept for ever."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"
_FOR_EVER = "public, max-age=31536000, immutable"


def _sums() -> Mapping[str, str]:
    files = (path for path in FOLDER.rglob("*") if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in files}


_SUMS = _sums()


def asset(name: str) -> str:
    """The address of a file under bot/web/static. KeyError when there is none."""
    return f"/static/{name}?v={_SUMS[name]}"


class _Shelf(StaticFiles):
    async def get_response(self, path: str, scope: Scope) -> Response:
        answer = await super().get_response(path, scope)
        told = Request(scope).query_params.get("v")
        current = answer.status_code < 400 and told == _SUMS.get(path)
        answer.headers["Cache-Control"] = _FOR_EVER if current and told else "no-cache"
        return answer


def routes() -> list[Mount]:
    """GET /static/…"""
    return [Mount("/static", _Shelf(directory=FOLDER), name="static")]
