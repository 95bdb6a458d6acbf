"""Every call a platform received, kept for whoever wants to check what was really sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.doubles.faults import Fault

KEPT_HEADERS = ("authorization", "content-type", "x-line-retry-key", "user-agent")


@dataclass(frozen=True, slots=True)
class Call:
    """One call. `status` is what the caller saw, 0 when nothing; `accepted` says whether the platform acted upon it.

    `body` is the parsed JSON (LINE) or the parameters (Telegram), None when there was none or it could not be read.
    """

    endpoint: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: Any
    status: int
    accepted: bool
    at: datetime
    fault: Fault | None = None


class Ledger(list[Call]):
    """The calls in the order they were finished; a list with one question of its own."""

    def of(self, *endpoints: str) -> list[Call]:
        """The calls of these endpoints, such as "reply" or "sendMessage"."""
        return [call for call in self if call.endpoint in endpoints]
