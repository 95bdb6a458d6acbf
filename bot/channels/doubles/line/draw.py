"""How a LINE message looks on a phone, as plain data: texts, buttons and quick replies in the order they are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Face = dict[str, Any]


def button(action: dict[str, Any]) -> Face:
    """One thing to touch. Every key is always there; what the action does not have is None."""
    return {
        "label": action.get("label") or "",
        "kind": action.get("type"),
        "data": action.get("data"),
        "displayText": action.get("displayText"),
        "text": action.get("text") or action.get("clipboardText"),
        "uri": action.get("uri"),
        "mode": action.get("mode"),
        "initial": action.get("initial"),
        "min": action.get("min"),
        "max": action.get("max"),
        "row": None,
    }


def draw(message: dict[str, Any]) -> Face:
    """The face of one message object that LINE has accepted."""
    texts, buttons = _PAINT.get(message["type"], _plain)(message)
    quick = message.get("quickReply") or {"items": ()}
    return {
        "kind": message["type"],
        "texts": texts,
        "buttons": buttons,
        "quick": [button(item["action"]) for item in quick["items"]],
        "sender": (message.get("sender") or {}).get("name"),
        "alt": message.get("altText"),
        "raw": message,
    }


def _plain(message: dict[str, Any]) -> tuple[list[str], list[Face]]:
    words = (message.get(name) for name in ("text", "title", "address"))
    return [word for word in words if word], []


def _text_v2(message: dict[str, Any]) -> tuple[list[str], list[Face]]:
    return [re.sub(r"\{\{|\}\}", lambda brace: brace.group()[0], message["text"])], []


def _template(message: dict[str, Any]) -> tuple[list[str], list[Face]]:
    template = message["template"]
    panels = template.get("columns") or [template]
    texts = [panel[name] for panel in panels for name in ("title", "text") if panel.get(name)]
    actions = [action for panel in panels for action in panel.get("actions") or [panel["action"]]]
    return texts, [button(action) for action in actions]


def _flex(message: dict[str, Any]) -> tuple[list[str], list[Face]]:
    contents = message["contents"]
    texts: list[str] = []
    buttons: list[Face] = []
    for bubble in contents["contents"] if contents["type"] == "carousel" else [contents]:
        for block in ("header", "hero", "body", "footer"):
            _read(bubble.get(block), texts, buttons)
        if "action" in bubble:
            buttons.append(button(bubble["action"]))
    return texts, buttons


def _read(part: Any, texts: list[str], buttons: list[Face]) -> None:
    """Collect a component's words and buttons in reading order. Words in what can be touched are its label."""
    if not isinstance(part, dict):
        return
    if "action" in part:
        seen = " ".join(_all_words(part)) or part["action"].get("label")
        buttons.append(button({**part["action"], "label": seen}))
    elif words := _words(part):
        texts.append(words)
    unread = [] if "action" in part else texts
    for child in part["contents"] if part["type"] == "box" else ():
        _read(child, unread, buttons)


def _words(part: dict[str, Any]) -> str:
    if part["type"] != "text":
        return ""
    spans = part.get("contents")
    return "".join(span["text"] for span in spans) if spans else str(part["text"])


def _all_words(part: dict[str, Any]) -> Iterator[str]:
    if words := _words(part):
        yield words
    for child in part["contents"] if part["type"] == "box" else ():
        yield from _all_words(child)


_PAINT = {"textV2": _text_v2, "template": _template, "flex": _flex}
