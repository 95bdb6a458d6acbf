"""What LINE takes as a flex message: bubbles of boxes, walked part by part."""

from __future__ import annotations

import json
from typing import Any

from bot.channels.doubles.line.actions import FLEX_BUTTON, FLEX_TOUCH, check_action
from bot.channels.doubles.line.complaints import Complaints
from bot.channels.doubles.line.flex_words import BLOCKS, BUBBLE, PROPERTIES

BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
CAROUSEL_BUBBLES = 12

_NEEDED = {"box": ("layout",), "image": ("url",), "icon": ("url",), "video": ("url", "previewUrl")}
_HOLDS = {
    "box": frozenset({"box", "text", "button", "image", "icon", "separator", "filler"}),
    "text": frozenset({"span"}),
}
_BASELINE_HOLDS = frozenset({"text", "icon", "filler"})
_TOUCHABLE = frozenset({"box", "text", "image", "video"})


def check_flex(contents: Any, found: Complaints, *, small: bool) -> None:
    """Whether LINE would take this container. `small` says that its bytes were counted already and are few."""
    kind = contents.get("type") if isinstance(contents, dict) else None
    if kind == "bubble":
        _bubble(contents, "", found, small=small)
    elif kind == "carousel":
        bubbles = contents.get("contents")
        if found.size(bubbles, "/contents", 1, CAROUSEL_BUBBLES):
            for at, bubble in enumerate(bubbles):
                _bubble(bubble, f"/contents/{at}", found, small=small)
        if not small and _bytes(contents) > CAROUSEL_BYTES:
            found.say("/", "The carousel is too large")
    else:
        found.say("/type", "invalid property")


def _bytes(contents: Any) -> int:
    return len(json.dumps(contents, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass"))


def _bubble(bubble: Any, where: str, found: Complaints, *, small: bool) -> None:
    if not isinstance(bubble, dict) or bubble.get("type") != "bubble":
        found.say(f"{where}/type", "invalid property")
        return
    if not small and _bytes(bubble) > BUBBLE_BYTES:
        found.say(where or "/", "The bubble is too large")
    if "action" in bubble:
        check_action(bubble["action"], f"{where}/action", found, FLEX_TOUCH)
    for name, value in bubble.items():
        if name in BLOCKS:
            _component(value, f"{where}/{name}", found, BLOCKS[name])
        elif name in BUBBLE:
            if not BUBBLE[name](value):
                found.say(f"{where}/{name}", "invalid property")
        elif name not in {"type", "action"}:
            found.say(f"{where}/{name}", "unknown field")


def _component(part: Any, where: str, found: Complaints, allowed: frozenset[str]) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(kind, str) or kind not in allowed:
        found.say(f"{where}/type", "invalid property")
        return
    tests = PROPERTIES[kind]
    for name, value in part.items():
        if test := tests.get(name):
            if not test(value):
                found.say(f"{where}/{name}", "invalid property")
        elif name not in {"type", "action", "contents", "altContent"}:
            found.say(f"{where}/{name}", "unknown field")
    for name in _NEEDED.get(kind, ()):
        if name not in part:
            found.say(f"{where}/{name}", "must be specified")
    if kind == "button":
        check_action(part.get("action"), f"{where}/action", found, FLEX_BUTTON)
    elif "action" in part and kind in _TOUCHABLE:
        check_action(part["action"], f"{where}/action", found, FLEX_TOUCH)
    _inside(part, where, found)


def _inside(part: dict[str, Any], where: str, found: Complaints) -> None:
    """The words or the parts that a component holds."""
    kind = part["type"]
    inner = part.get("contents")
    if kind in {"text", "span"} and not part.get("text") and not (kind == "text" and inner):
        found.say(f"{where}/text", "must be non-empty text")
    if kind == "video":
        _component(part.get("altContent"), f"{where}/altContent", found, frozenset({"box", "image"}))
    if not isinstance(inner, list) and (kind == "box" or (kind == "text" and "contents" in part)):
        found.say(f"{where}/contents", "must be specified")
    if kind in _HOLDS and isinstance(inner, list):
        allowed = _BASELINE_HOLDS if part.get("layout") == "baseline" else _HOLDS[kind]
        for at, child in enumerate(inner):
            _component(child, f"{where}/contents/{at}", found, allowed)
