"""Reads what happens in a group or room of LINE: only what is said to us, or about our being there, is heard."""

from __future__ import annotations

from typing import Any

from bot.channels.circle import meant
from bot.channels.payload import name, part, words
from dialogs.heard import Came, Heard, Left, Tapped, Typed, Withdrew


def circle_of(source: dict[str, Any]) -> str | None:
    """The id of the group or room an event is from; "" when it has none, None for one from a person alone."""
    if source.get("groupId") or source.get("roomId") or source.get("type") in {"group", "room"}:
        return name(source.get("groupId")) or name(source.get("roomId"))
    return None


def heard_in_circle(event: dict[str, Any], prefix: str) -> Heard | None:
    """What of an event is ours to hear. Who comes and goes besides us, and changes of old messages, are not."""
    match event.get("type"):
        case "message":
            return _said(part(event, "message"), prefix)
        case "postback":
            return Tapped(words(part(event, "postback").get("data")))
        case "join":
            return Came()
        case "leave":
            return Left()
        case "unsend":
            taken = name(part(event, "unsend").get("messageId"))
            return Withdrew(taken) if taken else None
        case _:
            return None


def _said(message: dict[str, Any], prefix: str) -> Heard | None:
    text = words(message.get("text")) if message.get("type") == "text" else ""
    said = meant(text, _names(message), prefix) if text else None
    return None if said is None else Typed(said)


def _names(message: dict[str, Any]) -> list[tuple[int, int]]:
    """Where we are named: `isSelf` says so; a call to everybody is not one to us."""
    named = part(message, "mention").get("mentionees")
    ours = [one for one in named if isinstance(one, dict)] if isinstance(named, list) else []
    return [span for one in ours if one.get("isSelf") is True and (span := _span(one))]


def _span(named: dict[str, Any]) -> tuple[int, int] | None:
    at, length = named.get("index"), named.get("length")
    return (at, length) if isinstance(at, int) and isinstance(length, int) and min(at, length) >= 0 else None
