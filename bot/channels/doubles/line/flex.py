"""What LINE takes as a flex message: bubbles of boxes, with the names and words its layout knows."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from bot.channels.doubles.line.actions import FLEX_BUTTON, FLEX_TOUCH, check_action
from bot.channels.doubles.line.complaints import Complaints

BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
CAROUSEL_BUBBLES = 12

Test = Callable[[Any], bool]


def _word(*words: str) -> Test:
    allowed = frozenset(words)
    return lambda value: isinstance(value, str) and value in allowed


def _shape(pattern: str) -> Test:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _truth(value: Any) -> bool:
    return isinstance(value, bool)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _address(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("https://") and len(value) <= 2000


def _string(value: Any) -> bool:
    return isinstance(value, str)


_COLOR = _shape(r"#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?")
_LENGTH = r"\d+(\.\d+)?px"
_GAP = _shape(rf"none|xs|sm|md|lg|xl|xxl|{_LENGTH}")
_OFFSET = _shape(rf"none|xs|sm|md|lg|xl|xxl|-?{_LENGTH}|\d+(\.\d+)?%")
_PADDING = _shape(rf"none|xs|sm|md|lg|xl|xxl|{_LENGTH}|\d+(\.\d+)?%")
_EXTENT = _shape(rf"{_LENGTH}|\d+(\.\d+)?%")
_TEXT_SIZE = _shape(rf"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|{_LENGTH}")
_IMAGE_SIZE = _shape(rf"xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl|full|{_LENGTH}|\d+(\.\d+)?%")
_RATIO = _shape(r"\d+(\.\d+)?:\d+(\.\d+)?")

_PLACED: dict[str, Test] = {
    "flex": _count,
    "margin": _GAP,
    "position": _word("relative", "absolute"),
    "offsetTop": _OFFSET,
    "offsetBottom": _OFFSET,
    "offsetStart": _OFFSET,
    "offsetEnd": _OFFSET,
}
_ALIGNED: dict[str, Test] = {"align": _word("start", "end", "center"), "gravity": _word("top", "bottom", "center")}
_LETTERS: dict[str, Test] = {
    "text": _string,
    "size": _TEXT_SIZE,
    "color": _COLOR,
    "weight": _word("regular", "bold"),
    "style": _word("normal", "italic"),
    "decoration": _word("none", "underline", "line-through"),
}
_BOX: dict[str, Test] = {
    **_PLACED,
    "layout": _word("horizontal", "vertical", "baseline"),
    "spacing": _GAP,
    "backgroundColor": _COLOR,
    "borderColor": _COLOR,
    "borderWidth": _shape(rf"none|light|normal|medium|semi-bold|bold|{_LENGTH}"),
    "cornerRadius": _GAP,
    **dict.fromkeys(("width", "maxWidth", "height", "maxHeight"), _EXTENT),
    **dict.fromkeys(("paddingAll", "paddingTop", "paddingBottom", "paddingStart", "paddingEnd"), _PADDING),
    "justifyContent": _word("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"),
    "alignItems": _word("center", "flex-start", "flex-end"),
    "background": lambda value: isinstance(value, dict) and value.get("type") == "linearGradient",
}
_PROPERTIES: dict[str, dict[str, Test]] = {
    "box": _BOX,
    "text": {
        **_PLACED, **_ALIGNED, **_LETTERS, "wrap": _truth, "maxLines": _count, "lineSpacing": _shape(_LENGTH),
        "adjustMode": _word("shrink-to-fit"), "scaling": _truth,
    },
    "span": _LETTERS,
    "button": {
        **_PLACED, "gravity": _ALIGNED["gravity"], "color": _COLOR, "style": _word("primary", "secondary", "link"),
        "height": _word("sm", "md"), "adjustMode": _word("shrink-to-fit"), "scaling": _truth,
    },
    "image": {
        **_PLACED, **_ALIGNED, "url": _address, "size": _IMAGE_SIZE, "aspectRatio": _RATIO,
        "aspectMode": _word("fit", "cover"), "backgroundColor": _COLOR, "animated": _truth,
    },
    "icon": {
        **_PLACED, "url": _address, "size": _TEXT_SIZE, "aspectRatio": _RATIO, "scaling": _truth,
    },
    "video": {"url": _address, "previewUrl": _address, "aspectRatio": _RATIO},
    "separator": {"margin": _GAP, "color": _COLOR},
    "filler": {"flex": _count},
}  # fmt: skip
_NEEDED = {"box": ("layout",), "image": ("url",), "icon": ("url",), "video": ("url", "previewUrl")}
_HOLDS = {
    "box": frozenset({"box", "text", "button", "image", "icon", "separator", "filler"}),
    "text": frozenset({"span"}),
}
_BASELINE_HOLDS = frozenset({"text", "icon", "filler"})
_TOUCHABLE = frozenset({"box", "text", "image", "video"})
_BUBBLE_SIZES = _word("nano", "micro", "deca", "hecto", "kilo", "mega", "giga")
_BLOCKS = {
    "header": frozenset({"box"}), "hero": frozenset({"box", "image", "video"}), "body": frozenset({"box"}),
    "footer": frozenset({"box"}),
}  # fmt: skip
_BUBBLE_REST = frozenset({"type", "size", "direction", "styles", "action", *_BLOCKS})


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
    if "size" in bubble and not _BUBBLE_SIZES(bubble["size"]):
        found.say(f"{where}/size", "invalid property")
    if "action" in bubble:
        check_action(bubble["action"], f"{where}/action", found, FLEX_TOUCH)
    for name, value in bubble.items():
        if name in _BLOCKS:
            _component(value, f"{where}/{name}", found, _BLOCKS[name])
        elif name not in _BUBBLE_REST:
            found.say(f"{where}/{name}", "unknown field")


def _component(part: Any, where: str, found: Complaints, allowed: frozenset[str]) -> None:
    kind = part.get("type") if isinstance(part, dict) else None
    if not isinstance(kind, str) or kind not in allowed:
        found.say(f"{where}/type", "invalid property")
        return
    tests = _PROPERTIES[kind]
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
    if kind == "box" and not isinstance(inner, list):
        found.say(f"{where}/contents", "must be specified")
    if kind in _HOLDS and isinstance(inner, list):
        allowed = _BASELINE_HOLDS if part.get("layout") == "baseline" else _HOLDS[kind]
        for at, child in enumerate(inner):
            _component(child, f"{where}/contents/{at}", found, allowed)
