"""The link by which somebody of the centre comes in once, and how long it lives."""

from __future__ import annotations

from datetime import timedelta

from bot.settings import Settings

LASTS = timedelta(hours=24)


def address(settings: Settings, token: str) -> str:
    """The whole link, to be handed on by the one who made it."""
    return f"{str(settings.public_url).rstrip('/')}/login/once?t={token}"
