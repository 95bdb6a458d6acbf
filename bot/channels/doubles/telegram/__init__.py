"""A Telegram platform in miniature: its Bot API on one side, the phones of its users on the other."""

from bot.channels.doubles.telegram.platform import TelegramPlatform, Terms

__all__ = ["TelegramPlatform", "Terms"]
