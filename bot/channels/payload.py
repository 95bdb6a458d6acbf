"""Reads the JSON a platform posts, refusing with a reason what is not JSON, too large or too deep."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Never

MAX_BODY = 1 << 20  # bytes; a LINE post of a hundred events is under 100 kB
_LONGEST_ID = 256


@dataclass(frozen=True)
class Refused:
    """A body that says nothing we can store. `why` is one of a few fixed words, safe to log."""

    why: str


def _no_number(_name: str) -> Never:
    raise ValueError


# NaN and Infinity are no JSON. Numbers of more than 4,300 digits int() refuses by itself, before they cost anything.
_DECODER = json.JSONDecoder(parse_constant=_no_number)


def parsed(body: bytes) -> dict[str, Any] | Refused:
    """The JSON object in a body, or why there is none."""
    if len(body) > MAX_BODY:
        return Refused("too large")
    try:
        data = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError:
        return Refused("not UTF-8")
    except RecursionError:
        return Refused("too deep")
    except ValueError:
        return Refused("not JSON")
    return data if isinstance(data, dict) else Refused("not an object")


def part(data: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under a key; an empty one when it is missing or something else."""
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def words(value: Any) -> str:
    """A string as it was sent; only lone surrogates, which no database can store, become U+FFFD."""
    if not isinstance(value, str):
        return ""
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value


def name(value: Any) -> str:
    """An identifier of the platform, or an empty string when it is none (wrong type, too long, unprintable)."""
    fits = isinstance(value, str) and len(value) <= _LONGEST_ID and value.isascii() and value.isprintable()
    return value if fits else ""
