"""A parcel for Hanako, and what came of it on her phone and in LINE's books."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.channels.doubles.faults import Fault, Hang
from bot.channels.doubles.line import LinePlatform
from bot.channels.line import LineChannel
from bot.ports import Outcome, Parcel
from tests.channels.samples import HANAKO, QUESTION, WORDS, Clock

ONCE = [WORDS.text, QUESTION.text]


@dataclass(frozen=True)
class Case:
    """What must come of it: the outcome, how often the words arrived, how often LINE was called."""

    outcome: Outcome
    times: int
    calls: int = 1


@dataclass(frozen=True)
class Ways:
    """The platform, and the adapter with the right patience for what it will do."""

    line: LinePlatform
    channel: LineChannel
    hasty: LineChannel

    def fit(self, faults: list[Fault]) -> LineChannel:
        """Nobody waits nine seconds for a platform that was told to be silent."""
        return self.hasty if any(isinstance(fault, Hang) for fault in faults) else self.channel


def parcel(clock: Clock, token: str = "", tried: int = 0, **fields: Any) -> Parcel:
    """Two messages for Hanako; the token is trusted for 50 s from now."""
    until = clock.now + timedelta(seconds=50) if token else None
    fields = {"address": HANAKO, "retry_key": str(uuid.uuid4()), **fields}
    written = [message.to_json() for message in fields.pop("messages", (WORDS, QUESTION))]
    return Parcel(1, "line", written=written, reply_token=token, reply_until=until, tried=tried, **fields)


def arrived(line: LinePlatform) -> list[str]:
    """The first words of every bot's bubble on Hanako's screen."""
    return [drawn.get("altText") or drawn["text"] for drawn in line.delivered(HANAKO)]


def calls(line: LinePlatform) -> list[str]:
    """Which endpoints were called, in order."""
    return [call.endpoint for call in line.ledger]
