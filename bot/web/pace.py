"""How fast one device may write: far more than a person can, far less than a program would."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

BURST, PER_SECOND, REMEMBERED = 20.0, 1.0, 10_000


class Pace:
    """A bucket per address, in memory; the ones that wrote longest ago are forgotten first."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, datetime]] = OrderedDict()

    def allows(self, address: str, now: datetime) -> bool:
        """Whether one more message is within the pace; counts it if so."""
        left, at = self._buckets.pop(address, (BURST, now))
        left = min(BURST, left + PER_SECOND * max(0.0, (now - at).total_seconds()))
        fine = left >= 1
        self._buckets[address] = (left - 1 if fine else left, now)
        while len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        return fine
