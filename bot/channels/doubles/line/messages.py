"""What LINE takes as messages: its documented limits, checked by hand since every reply of a load run passes here."""

from __future__ import annotations

import re
from typing import Any

from bot.channels.doubles.line.actions import QUICK, check_action
from bot.channels.doubles.line.complaints import Complaints
from bot.channels.doubles.line.flex import BUBBLE_BYTES, check_flex
from bot.channels.doubles.line.templates import check_template

MESSAGES_MAX = 5
_QUOTING = frozenset({"text", "textV2", "sticker"})
_LONE_BRACE = re.compile(r"\{\{|\}\}|\{(\w{1,20})\}|[{}]")


def check_messages(messages: Any, *, body_bytes: int) -> Complaints:
    """What LINE would find wrong with this list; empty when it would take it.

    `body_bytes` is the size of the whole request, an upper bound for every part of it.
    """
    found = Complaints()
    if not found.size(messages, "messages", 1, MESSAGES_MAX):
        return found
    for at, message in enumerate(messages):
        where = f"messages[{at}]"
        kind = message.get("type") if isinstance(message, dict) else None
        check = _CHECKS.get(kind) if isinstance(kind, str) else None
        if check is None:
            found.say(f"{where}.type", "unknown message type")
            continue
        check(message, where, found)
        if kind == "flex":
            check_flex(message.get("contents"), found, small=body_bytes <= BUBBLE_BYTES)
        if "quickReply" in message:
            _quick_reply(message["quickReply"], f"{where}.quickReply", found)
        if "quoteToken" in message:
            if kind not in _QUOTING:
                found.say(f"{where}.quoteToken", "invalid property")
            found.text(message["quoteToken"], f"{where}.quoteToken", 1000)
        if "sender" in message:
            _sender(message["sender"], f"{where}.sender", found)
    return found


def _quick_reply(quick: Any, where: str, found: Complaints) -> None:
    items = quick.get("items") if isinstance(quick, dict) else None
    if not isinstance(items, list):
        found.say(f"{where}.items", "must be specified")
        return
    found.size(items, f"{where}.items", 1, 13)
    for at, item in enumerate(items[:13]):
        here = f"{where}.items[{at}]"
        if not isinstance(item, dict) or item.get("type", "action") != "action":
            found.say(f"{here}.type", "invalid property")
            continue
        if "imageUrl" in item:
            found.https(item["imageUrl"], f"{here}.imageUrl")
        check_action(item.get("action"), f"{here}.action", found, QUICK)


def _sender(sender: Any, where: str, found: Complaints) -> None:
    if not isinstance(sender, dict):
        found.say(where, "invalid property")
        return
    name = sender.get("name")
    found.optional(name, f"{where}.name", 20)
    if isinstance(name, str) and "line" in name.casefold():
        found.say(f"{where}.name", "The name contains a word that cannot be used")
    if "iconUrl" in sender:
        found.https(sender["iconUrl"], f"{where}.iconUrl")


def _text(message: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(message.get("text"), f"{where}.text", 5000)
    if "emojis" in message and found.size(message["emojis"], f"{where}.emojis", 0, 20):
        for at, emoji in enumerate(message["emojis"]):
            _emoji(emoji, f"{where}.emojis[{at}]", found)
            found.number(emoji.get("index") if isinstance(emoji, dict) else None, f"{where}.emojis[{at}].index", int)


def _text_v2(message: dict[str, Any], where: str, found: Complaints) -> None:
    text, known = message.get("text"), message.get("substitution", {})
    found.text(text, f"{where}.text", 5000)
    if not isinstance(known, dict) or len(known) > 100:
        found.say(f"{where}.substitution", "Size must be between 0 and 100")
        return
    for name, value in known.items():
        _substitution(value, f"{where}.substitution.{name}", found)
    for hole in _LONE_BRACE.finditer(text) if isinstance(text, str) else ():
        name = hole.group(1)
        if len(hole.group()) == 1 or (name is not None and name not in known):
            found.say(f"{where}.text", "invalid substitution")


def _emoji(emoji: Any, where: str, found: Complaints) -> None:
    inner = emoji if isinstance(emoji, dict) else {}
    found.text(inner.get("productId"), f"{where}.productId", 100)
    found.text(inner.get("emojiId"), f"{where}.emojiId", 100)


def _substitution(value: Any, where: str, found: Complaints) -> None:
    match value:
        case {"type": "emoji"}:
            _emoji(value, where, found)
        case {"type": "mention", "mentionee": {"type": "all"}}:
            pass
        case {"type": "mention", "mentionee": {"type": "user", "userId": str(user)}} if user:
            pass
        case _:
            found.say(where, "invalid property")


def _sticker(message: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(message.get("packageId"), f"{where}.packageId", 100)
    found.text(message.get("stickerId"), f"{where}.stickerId", 100)


def _picture(message: dict[str, Any], where: str, found: Complaints) -> None:
    found.https(message.get("originalContentUrl"), f"{where}.originalContentUrl")
    found.https(message.get("previewImageUrl"), f"{where}.previewImageUrl")


def _audio(message: dict[str, Any], where: str, found: Complaints) -> None:
    found.https(message.get("originalContentUrl"), f"{where}.originalContentUrl")
    found.number(message.get("duration"), f"{where}.duration", int)


def _location(message: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(message.get("title"), f"{where}.title", 100)
    found.text(message.get("address"), f"{where}.address", 100)
    for name in ("latitude", "longitude"):
        found.number(message.get(name), f"{where}.{name}")


def _imagemap(message: dict[str, Any], where: str, found: Complaints) -> None:
    found.https(message.get("baseUrl"), f"{where}.baseUrl")
    found.text(message.get("altText"), f"{where}.altText", 1500)
    size = message.get("baseSize")
    for name in ("width", "height"):
        found.number(size.get(name) if isinstance(size, dict) else None, f"{where}.baseSize.{name}", int)
    actions = message.get("actions")
    if not found.size(actions, f"{where}.actions", 1, 50):
        return
    for at, action in enumerate(actions):
        _imagemap_action(action if isinstance(action, dict) else {}, f"{where}.actions[{at}]", found)


def _imagemap_action(action: dict[str, Any], where: str, found: Complaints) -> None:
    match action.get("type"):
        case "uri":
            found.text(action.get("linkUri"), f"{where}.linkUri", 1000)
        case "message":
            found.text(action.get("text"), f"{where}.text", 400)
        case "clipboard":
            found.text(action.get("clipboardText"), f"{where}.clipboardText", 1000)
        case _:
            found.say(f"{where}.type", "invalid action type")
    found.optional(action.get("label"), f"{where}.label", 100)
    area = action.get("area")
    for name in ("x", "y", "width", "height"):
        found.number(area.get(name) if isinstance(area, dict) else None, f"{where}.area.{name}", int)


def _template(message: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(message.get("altText"), f"{where}.altText", 1500)
    check_template(message.get("template"), f"{where}.template", found)


def _flex(message: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(message.get("altText"), f"{where}.altText", 1500)


_CHECKS = {
    "text": _text,
    "textV2": _text_v2,
    "sticker": _sticker,
    "image": _picture,
    "video": _picture,
    "audio": _audio,
    "location": _location,
    "imagemap": _imagemap,
    "template": _template,
    "flex": _flex,
}
