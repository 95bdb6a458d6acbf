"""The numbers in an address: a case, or a thing of one."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request


def number(request: Request, name: str = "case_id") -> int:
    """What an address names. Raises 404 for what cannot be one."""
    told = str(request.path_params[name])
    if not told.isascii() or not told.isdecimal() or len(told) > 18:
        raise HTTPException(404)
    return int(told)
