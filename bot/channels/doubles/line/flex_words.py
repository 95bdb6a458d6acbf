"""The names and words that LINE's flex layout knows: for each property of each component, a test of its value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

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
PROPERTIES: dict[str, dict[str, Test]] = {
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
BLOCKS = {
    "header": frozenset({"box"}),
    "hero": frozenset({"box", "image", "video"}),
    "body": frozenset({"box"}),
    "footer": frozenset({"box"}),
}
_BLOCK_STYLE: dict[str, Test] = {"backgroundColor": _COLOR, "separatorColor": _COLOR, "separator": _truth}


def _styled(styles: Any) -> bool:
    """Whether these are styles of blocks that a bubble has."""
    return isinstance(styles, dict) and all(
        block in BLOCKS
        and isinstance(style, dict)
        and all(name in _BLOCK_STYLE and _BLOCK_STYLE[name](value) for name, value in style.items())
        for block, style in styles.items()
    )


BUBBLE: dict[str, Test] = {
    "size": _word("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
    "direction": _word("ltr", "rtl"),
    "styles": _styled,
}
