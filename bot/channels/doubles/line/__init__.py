"""A LINE platform in miniature: its Messaging API on one side, the phones of its users on the other."""

from bot.channels.doubles.line.platform import LinePlatform, Terms, user_id

__all__ = ["LinePlatform", "Terms", "user_id"]
