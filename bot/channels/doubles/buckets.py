"""A token bucket on the platform's own clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Clock = Callable[[], datetime]


class Bucket:
    """Lets `rate` calls a second through, and up to `burst` at once."""

    __slots__ = ("_at", "_clock", "_left", "burst", "rate")

    def __init__(self, clock: Clock, rate: float, burst: float) -> None:
        self._clock, self.rate, self.burst = clock, rate, burst
        self._at, self._left = clock(), burst

    def wait(self) -> float:
        """Seconds until one more call would pass; 0 when it passes now. Takes nothing."""
        now = self._clock()
        passed = (now - self._at).total_seconds()
        self._left = min(self.burst, self._left + max(0.0, passed) * self.rate)
        self._at = now
        # A hair of tolerance: 0.1 s at 10/s must not fail on the last bit of a float.
        return 0.0 if self._left >= 1 - 1e-9 else (1 - self._left) / self.rate

    def take(self) -> bool:
        """Whether one call passes now; if so it is counted."""
        if self.wait() > 0:
            return False
        self._left -= 1
        return True
