"""All that is said relative to a date, by what it belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from bot import happenings, laddering
from bot.reminding import Teller
from storage.reminders import Kind

TELLERS: Mapping[Kind, Teller] = {**happenings.TELLERS, **laddering.TELLERS}
