"""The numbers in an address: a case, or a thing of one."""

from __future__ import annotations

from unicodedata import normalize

from starlette.exceptions import HTTPException
from starlette.requests import Request


def number(request: Request, name: str = "case_id") -> int:
    """What an address names. Raises 404 for what cannot be one."""
    told = str(request.path_params[name])
    if not told.isascii() or not told.isdecimal() or len(told) > 18:
        raise HTTPException(404)
    return int(told)


def line_of(told: object) -> int:
    """The number of a line, or of something else, as a form or an address tells it; 0 for anything else."""
    return int(told) if isinstance(told, str) and told.isascii() and told.isdecimal() and len(told) < 19 else 0


def typed(told: object) -> int:
    """A number that somebody typed, in wide digits or with commas; 0 for anything else."""
    return line_of(normalize("NFKC", str(told or "")).replace(",", "").strip())
