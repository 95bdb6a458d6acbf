"""A clock for tests that stands still until it is moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass
class Clock:
    """Called for the moment, as the bot calls its clock."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment."""
        return self.now

    def on(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)
