"""One-time words that open a door: only a hash of them is ever stored."""

from __future__ import annotations

import secrets
from hashlib import sha256


def draw() -> str:
    """256 random bits, fit for an address or a cookie."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> bytes:
    """What is stored. The token is random through and through, so a plain hash gives nothing away."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()
