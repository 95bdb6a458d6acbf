"""Reads what happens in a residents' group of Telegram: only what is said to us, or about our being there, is heard."""

from __future__ import annotations

from typing import Any

from bot.channels.circle import Called, meant
from bot.channels.payload import name, part, words
from dialogs.heard import Came, Heard, Left, Moved, Tapped, Typed

_OURS = frozenset({"/start", "/help"})  # without a name a command goes to every bot of the group: only these are ours
_MOST = 2**20


def circle_of(about: dict[str, Any]) -> str:
    """The number of the group that something happened in, "" when that is not a group."""
    chat = part(about, "chat")
    number = chat.get("id")
    group = chat.get("type") in {"group", "supergroup"} and isinstance(number, int) and not isinstance(number, bool)
    return str(number) if group else ""


def heard_in_circle(kind: str, about: dict[str, Any], called: Called) -> Heard | None:
    """What of an update is ours to hear; `kind` is the name of what it carries. Changed messages are not."""
    match kind:
        case "message":
            return _said(about, called)
        case "callback_query":
            return Tapped(words(about.get("data"))) if isinstance(about.get("data"), str) else None
        case "my_chat_member":
            before, after = (_inside(part(about, one)) for one in ("old_chat_member", "new_chat_member"))
            return None if before == after else Came() if after else Left()
        case _:
            return None


def _said(message: dict[str, Any], called: Called) -> Heard | None:
    to = message.get("migrate_to_chat_id")
    if isinstance(to, int) and not isinstance(to, bool) and abs(to) < 2**52:
        return Moved(str(to))
    if part(message, "from").get("is_bot") is True:
        return None  # two bots that answer each other would never end
    text, marks = ("text", "entities") if "text" in message else ("caption", "caption_entities")
    written = words(message.get(text))
    spans = [span for mark in _each(message.get(marks)) if (span := _names(written, mark, called))]
    if not spans and called.id and _id(part(message, "reply_to_message").get("from")) == called.id:
        return Typed(written) if written else None
    said = meant(written, spans, called.prefix) if written and not written.startswith("/staff") else None
    return None if said is None else Typed(said)


def _names(written: str, mark: dict[str, Any], called: Called) -> tuple[int, int] | None:
    """Where an entity names us: by @name, by a link to us, or by a command that is ours."""
    at, length = mark.get("offset"), mark.get("length")
    if not (isinstance(at, int) and isinstance(length, int) and 0 <= at < _MOST and 0 < length < _MOST):
        return None
    units = written.encode("utf-16-le", "surrogatepass")[2 * at : 2 * (at + length)]
    shown = units.decode("utf-16-le", "replace").casefold()
    command, _, to = shown.partition("@")
    own = called.name.casefold()
    match mark.get("type"):
        case "mention":
            ours = bool(own) and shown == f"@{own}"
        case "text_mention":
            ours = bool(called.id) and _id(mark.get("user")) == called.id
        case "bot_command":
            ours = (bool(own) and to == own) or (at == 0 and shown in _OURS)
            ours = ours and command != "/staff"
        case _:
            ours = False
    return (at, length) if ours else None


def _each(marks: Any) -> list[dict[str, Any]]:
    return [one for one in marks if isinstance(one, dict)] if isinstance(marks, list) else []


def _id(user: Any) -> str:
    number = user.get("id") if isinstance(user, dict) else None
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else ""


def _inside(membership: dict[str, Any]) -> bool:
    status = name(membership.get("status"))
    return status in {"creator", "administrator", "member"} or membership.get("is_member") is True
