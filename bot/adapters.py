"""The ways to people that are set up: the only place, besides the command line, that names the platforms' adapters."""

from __future__ import annotations

from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.ports import Channel
from bot.settings import Settings


def make_channels(settings: Settings) -> dict[str, Channel]:
    """The channels that are set up, by name."""
    channels: dict[str, Channel] = {}
    if token := settings.line_access_token.get_secret_value():
        data = str(settings.line_data_api_base).rstrip("/")
        channels["line"] = LineChannel(str(settings.line_api_base).rstrip("/"), token, data_host=data)
    if token := settings.telegram_token.get_secret_value():
        channels["telegram"] = TelegramChannel(str(settings.telegram_api_base).rstrip("/"), token)
    return channels
