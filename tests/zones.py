"""The zones of machines in whose hours nothing of ours may be said: without summer time, with it, and far ahead."""

from __future__ import annotations

ZONES = ("UTC", "Asia/Tokyo", "America/New_York", "Pacific/Kiritimati")
