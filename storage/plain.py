"""Makes foreign ids and reasons fit for a plain text column of either database."""

from __future__ import annotations

from hashlib import sha256

_LONGEST = 128


def token(foreign: str) -> str:
    """An id from outside as it is if it is short printable ASCII, else a hash that stands for it; equal stays equal."""
    if 0 < len(foreign) <= _LONGEST and foreign.isascii() and foreign.isprintable():
        return foreign
    return "sha256:" + sha256(foreign.encode("utf-8", "surrogatepass")).hexdigest()


def clean(foreign: str, at_most: int = 500) -> str:
    """Text without what PostgreSQL refuses (NUL, half surrogate pairs), cut to a length."""
    return foreign[:at_most].replace("\x00", "").encode("utf-8", "replace").decode()


def reason(why: str | None) -> str | None:
    """A short reason, clean."""
    return None if why is None else clean(why)
