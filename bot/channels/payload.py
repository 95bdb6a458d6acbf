"""Reads the JSON a platform posts, refusing with a reason what is not JSON, too large or too deep."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Never

MAX_BODY = 1 << 20  # bytes; a LINE post of a hundred events is under 100 kB
_LONGEST_ID = 256
LONGEST_TOKEN = 1000  # of a quote or a reading mark: LINE names no limit, its examples have 150 signs
LONGEST_NAME, LONGEST_TOLD = 255, 1000  # characters of a file's name, and of a place or a sticker in words


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


def place(spot: dict[str, Any], told: list[Any]) -> str:
    """A place as lines: what was told of it, and its latitude and longitude where they can be true."""
    lines = [line for one in told if (line := words(one).strip())]
    north, east = spot.get("latitude"), spot.get("longitude")
    if _within(north, 90) and _within(east, 180):
        lines.append(f"{north:.6f}, {east:.6f}")
    return "\n".join(lines)[:LONGEST_TOLD]


def _within(degrees: Any, most: int) -> bool:
    return isinstance(degrees, int | float) and not isinstance(degrees, bool) and -most <= degrees <= most


def name(value: Any, longest: int = _LONGEST_ID) -> str:
    """An identifier of the platform, or an empty string when it is none (wrong type, too long, unprintable)."""
    fits = isinstance(value, str) and len(value) <= longest and value.isascii() and value.isprintable()
    return value if fits else ""
