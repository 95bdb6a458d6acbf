"""Remembers message lists that were found right: a load run sends the same question to a thousand people."""

from __future__ import annotations

import json
from typing import Any

_START = b'"messages"'
_LONGEST, _MOST = 8_000, 2_000


class Memory:
    """Bodies are known by their end, from `"messages"` on; what stands before it (to whom) differs every time.

    An end that makes an object when an opening brace is put before it closes exactly the object it stands in, so
    whatever valid JSON comes before it, the messages are the same. Lists from here are shared: nobody may change them.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, dict[str, Any]] = {}

    def recall(self, body: bytes) -> dict[str, Any] | None:
        """The whole body parsed, when its messages were found right before."""
        start = body.find(_START)
        known = self._known.get(body[start:]) if start > 0 else None
        if known is None:
            return None
        try:
            head = json.loads(body[:start] + b'"":0}')
        except ValueError:
            return None
        del head[""]
        return {**head, **known}

    def keep(self, body: bytes) -> None:
        """Remember that the messages of this body are right."""
        start = body.find(_START)
        if start <= 0 or len(body) - start > _LONGEST:
            return
        try:
            known = json.loads(b"{" + body[start:])
        except ValueError:
            return
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[body[start:]] = known
