"""Reads what coordinators do in their Telegram group, and the codes by which they link themselves anywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.channels.payload import Refused, name, parsed, part, words

# `/staff K7M4Q-H2XW9`, in a group also `/staff@bot …`; or by a link, `/start staff_…`.
_CODE = re.compile(
    r"\s*(?:/staff(?:@\w{1,64})?\s+|/start(?:@\w{1,64})?\s+staff_)([A-Za-z0-9]{5}[-‐－]?[A-Za-z0-9]{5})\s*"
)
_STAFF = re.compile(r"\s*/staff(?:@\w{1,64})?\b")


@dataclass(frozen=True)
class Wrote:
    """Somebody wrote in a group. `text` is None for what is no words; `edited` that it stood there before; `answers` is
    the message it is a reply to, 0 for none: in a topic everything else is one to the topic's first message.
    """

    event_id: str
    chat: int
    thread: int | None
    message: int
    user: str
    text: str | None
    edited: bool = False
    answers: int = 0


@dataclass(frozen=True)
class Coded:
    """Somebody typed a code, here or in their private chat; `code` is empty when it cannot be one."""

    event_id: str
    chat: int
    private: bool
    user: str
    code: str


@dataclass(frozen=True)
class Pressed:
    """Somebody touched a button in a group."""

    event_id: str
    chat: int
    user: str
    tap: str
    data: str


@dataclass(frozen=True)
class Left:
    """A group has another number from now on."""

    event_id: str
    chat: int
    to: int


@dataclass(frozen=True)
class Noticed:
    """Something else happened in a group, such as our coming into it: nothing to do where it is the coordinators'."""

    event_id: str
    chat: int


Deed = Wrote | Coded | Pressed | Left | Noticed


def read(body: bytes) -> Deed | None:
    """What an update tells of a group or of a code; None for everything else, such as residents' own chats."""
    update = parsed(body)
    if isinstance(update, Refused):
        return None
    event_id = str(_number(update.get("update_id")))
    if isinstance(update.get("callback_query"), dict):
        return _pressed(update["callback_query"], event_id)
    for kind in ("message", "edited_message"):
        if isinstance(update.get(kind), dict):
            wrote = _wrote(update[kind], event_id, edited=kind == "edited_message")
            return wrote or _noticed(update[kind], event_id)
    changed = update.get("my_chat_member")
    return _noticed(changed, event_id) if isinstance(changed, dict) else None


def _noticed(about: dict[str, Any], event_id: str) -> Noticed | None:
    chat = _chat(about)
    return None if not chat or part(about, "chat").get("type") == "private" else Noticed(event_id, chat)


def _wrote(message: dict[str, Any], event_id: str, *, edited: bool) -> Deed | None:
    chat, user = _chat(message), _number(part(message, "from").get("id"))
    private = part(message, "chat").get("type") == "private"
    text = words(message["text"]) if isinstance(message.get("text"), str) else None
    if not chat or not user:
        return None
    if text is not None and not edited and (_STAFF.match(text) or _CODE.fullmatch(text)):
        code = _CODE.fullmatch(text)
        return Coded(event_id, chat, private, str(user), code[1] if code else "")
    if private:
        return None
    if to := _number(message.get("migrate_to_chat_id")):
        return Left(event_id, chat, to)
    if text is None and not _shows(message):
        return None
    thread = _number(message.get("message_thread_id")) or None
    under = _number(part(message, "reply_to_message").get("message_id"))
    answers = 0 if under == thread else under
    return Wrote(event_id, chat, thread, _number(message.get("message_id")), str(user), text, edited, answers)


def _shows(message: dict[str, Any]) -> bool:
    """Whether it is something a coordinator sent, not what Telegram writes into a topic by itself."""
    sent = ("photo", "video", "voice", "audio", "document", "sticker", "location", "video_note", "animation", "contact")
    return any(kind in message for kind in sent)


def _pressed(query: dict[str, Any], event_id: str) -> Pressed | None:
    message = part(query, "message")
    chat, user = _chat(message), _number(part(query, "from").get("id"))
    if not chat or not user or part(message, "chat").get("type") == "private":
        return None
    return Pressed(event_id, chat, str(user), name(query.get("id")), words(query.get("data")))


def _chat(message: dict[str, Any]) -> int:
    return _number(part(message, "chat").get("id"))


def _number(value: Any) -> int:
    """A number as Telegram gives them (52 bits at most); 0 for anything else."""
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**52 else 0
