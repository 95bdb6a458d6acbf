"""More than five hundred ways to smuggle script into a page, made from the known families in payloads.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from itertools import product
from pathlib import Path


def _shapes() -> Iterator[str]:
    of: dict[str, list[str]] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    yield from (out + one for out, one in product(of["out"], of["script"]))
    yield from (close.replace("E", event) for event, close in product(of["events"], of["close"]))
    yield from (out + one for out, one in product(of["out"][:3], of["foreign"]))
    yield from (quote + one + quote for quote, one in product(("", '"', "'"), of["attribute"]))
    yield from (carrier.replace("L", scheme) for scheme, carrier in product(of["schemes"], of["carriers"]))
    for family in ("mutated", "links", "dangling", "htmx", "templates", "encoded"):
        yield from of[family]


def _payload(number: int, shape: str) -> str:
    """A shape that calls `hit(number)` or asks the canary; the sign behind it tells which one a page shows."""
    return shape.replace("H", f"//canary.example/{number}").replace("J", f"hit({number})") + f" §{number}§"


PAYLOADS = [_payload(number, shape) for number, shape in enumerate(dict.fromkeys(_shapes()))]
