"""The ways to people that are set up: the only place, besides the command line, that names the platforms' adapters."""

from __future__ import annotations

from bot.channels.access import Access, Account
from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.ports import Channel
from bot.settings import Settings, each


def line_access(settings: Settings) -> Access | None:
    """By what LINE is spoken to: the token that is set, else the channel's id with its secrets, else nothing."""
    if token := settings.line_access_token.get_secret_value():
        return token
    secrets = each(settings.line_channel_secret)
    return Account(settings.line_channel_id, secrets) if settings.line_channel_id and secrets else None


def make_channels(settings: Settings) -> dict[str, Channel]:
    """The channels that are set up, by name."""
    channels: dict[str, Channel] = {}
    if access := line_access(settings):
        data = str(settings.line_data_api_base).rstrip("/")
        channels["line"] = LineChannel(str(settings.line_api_base).rstrip("/"), access, data_host=data)
    if token := settings.telegram_token.get_secret_value():
        channels["telegram"] = TelegramChannel(str(settings.telegram_api_base).rstrip("/"), token)
    return channels
