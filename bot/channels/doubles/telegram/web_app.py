"""What Telegram tells a page that it opened for somebody: `initData`, sealed under the bot's token."""

from __future__ import annotations

import hmac
import json
from typing import Any
from urllib.parse import urlencode


def init_data(token: str, user: dict[str, Any], at: int, drawn: str) -> str:
    """The query string for a page opened by a button; `at` is in seconds since 1970, `drawn` what nobody can guess."""
    told = {
        "query_id": f"AA{drawn}",
        "user": json.dumps(user, ensure_ascii=False, separators=(",", ":")),
        "auth_date": str(at),
        "signature": hmac.new(b"third parties", drawn.encode(), "sha256").hexdigest(),
    }
    return sealed(token, told)


def sealed(token: str, told: dict[str, str]) -> str:
    """These fields with the hash that Telegram puts beside them."""
    lines = "\n".join(f"{name}={told[name]}" for name in sorted(told))
    key = hmac.new(b"WebAppData", token.encode(), "sha256").digest()
    return urlencode({**told, "hash": hmac.new(key, lines.encode(), "sha256").hexdigest()})
