"""Telegram's updates, in the official format, and how a message looks on a phone."""

from __future__ import annotations

import re
from typing import Any

from bot.channels.doubles.counting import units
from bot.channels.doubles.telegram.keyboards import below, inline
from bot.channels.doubles.telegram.state import Chat, Json

# LINE's names for the same things, so that one test can play on both platforms.
SAME = {"image": "photo", "audio": "voice", "file": "document"}
_SUFFIX = {"photo": "jpg", "video": "mp4", "voice": "oga", "document": "txt", "sticker": "webp"}
_SHAPE: dict[str, Json] = {
    "photo": {"width": 90, "height": 51},
    "video": {"width": 640, "height": 360, "duration": 6},
    "voice": {"duration": 3},
    "document": {"file_name": "file.txt"},
    "sticker": {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False, "emoji": "👋"},
}
_NAMES = re.compile(r"(?<!\w)@[A-Za-z]\w{4,31}", re.ASCII)
PLACE = {"latitude": 35.7126, "longitude": 139.78}


def thing(kind: str, file_id: str, size: int) -> Json:
    """What a message with a sticker, photo, video, voice, document or location carries."""
    if kind == "location":
        return {"location": PLACE}
    carried = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": size, **_SHAPE[kind]}
    return {kind: [carried] if kind == "photo" else carried}


def path(kind: str, file_id: str) -> str:
    """Where the platform keeps the file."""
    return f"{kind}/{file_id}.{_SUFFIX[kind]}"


def words(text: str) -> Json:
    """What a message of words carries; a command at its start is marked, and every @name."""
    if not text.startswith("/"):
        found = _NAMES.finditer(text)
        names = [{"type": "mention", "offset": units(text[: one.start()]), "length": units(one[0])} for one in found]
        return {"text": text, "entities": names} if names else {"text": text}
    command = {"type": "bot_command", "offset": 0, "length": units(text.split(maxsplit=1)[0])}
    return {"text": text, "entities": [command]}


def member(me: Json, status: str) -> Json:
    """The bot as a member of a chat."""
    return {"user": me, "status": status, **({"until_date": 0} if status == "kicked" else {})}


def placed(chat: Chat, thread: int | None) -> Json:
    """Chat and topic of a message."""
    return {"chat": chat.json(), **({"message_thread_id": thread, "is_topic_message": True} if thread else {})}


def draw(message: dict[str, Any]) -> dict[str, Any]:
    """The face of one message of the bot."""
    markup = message.get("reply_markup")
    return {
        "kind": "text",
        "texts": [message["text"]],
        "buttons": inline(markup),
        "quick": below(markup),
        "raw": message,
    }
