"""LINE messages that are right, to be sent as they are or spoilt one place at a time."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]


def postback(label: str = "はい", **more: Any) -> Json:
    return {"type": "postback", "label": label, "data": "consultation.1.way=desk", **more}


def quick(*actions: Json) -> Json:
    return {"items": [{"type": "action", "action": action} for action in actions]}


def text(words: str = "こんにちは", **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def flex(contents: Json, alt: str = "質問") -> Json:
    return {"type": "flex", "altText": alt, "contents": contents}


def box(*parts: Json, layout: str = "vertical", **more: Any) -> Json:
    return {"type": "box", "layout": layout, "contents": list(parts), **more}


def button(action: Json) -> Json:
    return {"type": "button", "action": action, "style": "primary", "height": "sm"}


def words(value: str = "いつがいいですか。", **more: Any) -> Json:
    return {"type": "text", "text": value, "wrap": True, **more}


def bubble(*parts: Json, footer: Json | None = None) -> Json:
    whole: Json = {"type": "bubble", "body": box(*parts or (words(),), spacing="md")}
    return {**whole, "footer": footer} if footer else whole


PICTURE = "https://example.org/a.jpg"
PICKER = {
    "type": "datetimepicker", "label": "日を選ぶ", "data": "pick", "mode": "date", "initial": "2026-12-01",
    "min": "2026-11-20", "max": "2027-03-31",
}  # fmt: skip
LINK = {"type": "uri", "label": "ひらく", "uri": "https://example.org/p/abc"}
MENU = {"type": "message", "label": "メニュー", "text": "メニュー"}

RIGHT: dict[str, Json] = {
    "text": text(),
    "text with ways": text(quickReply=quick(postback("もどる", displayText="もどる"), MENU), sender={"name": "田中"}),
    "quick picker and place": text(quickReply=quick(PICKER, {"type": "location", "label": "場所"}, LINK)),
    "text v2": {"type": "textV2", "text": "{{x}} {who}", "substitution": {"who": {
        "type": "mention", "mentionee": {"type": "user", "userId": "U" + "0" * 32}}}},
    "text with emoji": text("$ はい", quoteToken="q", emojis=[{"index": 0, "productId": "5ac1bfd5", "emojiId": "001"}]),
    "imagemap": {"type": "imagemap", "baseUrl": PICTURE, "altText": "地図", "baseSize": {"width": 1040, "height": 585},
        "actions": [{"type": "uri", "linkUri": "https://example.org/", "label": "地図",
                     "area": {"x": 0, "y": 0, "width": 520, "height": 585}}]},
    "sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "image": {"type": "image", "originalContentUrl": PICTURE, "previewImageUrl": PICTURE},
    "audio": {"type": "audio", "originalContentUrl": "https://example.org/a.m4a", "duration": 60000},
    "location": {"type": "location", "title": "センター", "address": "台東区", "latitude": 35.7, "longitude": 139.7},
    "confirm": {"type": "template", "altText": "よろしいですか", "template": {
        "type": "confirm", "text": "よろしいですか", "actions": [postback(), postback("いいえ")]}},
    "buttons": {"type": "template", "altText": "どれ", "template": {
        "type": "buttons", "title": "相談", "text": "どれですか", "actions": [postback(), MENU, LINK, PICKER]}},
    "carousel": {"type": "template", "altText": "催し", "template": {"type": "carousel", "columns": [
        {"title": "朝市", "text": "土曜", "actions": [LINK]}, {"title": "夜市", "text": "日曜", "actions": [LINK]}]}},
    "image carousel": {"type": "template", "altText": "催し", "template": {"type": "image_carousel", "columns": [
        {"imageUrl": "https://example.org/a.jpg", "action": postback()}]}},
    "question": flex(bubble(
        words("予約", weight="bold", size="xl", color="#112233", margin="none"),
        {"type": "separator", "margin": "lg", "color": "#eeeeee"},
        box({"type": "icon", "url": PICTURE, "size": "sm"}, words("火曜", flex=2), layout="baseline"),
        {"type": "text", "contents": [{"type": "span", "text": "大", "size": "sm"}, {"type": "span", "text": "事"}]},
        footer=box(button(postback()), button(PICKER), button(LINK), spacing="sm", paddingAll="12px"))),
    "carousel of bubbles": flex({"type": "carousel", "contents": [bubble(), bubble(footer=box(button(LINK)))]}),
    "bubble with picture": flex({"type": "bubble", "size": "mega", "direction": "ltr", "styles": {
        "body": {"backgroundColor": "#ffffff", "separator": True}}, "body": box(words()), "hero": {
        "type": "image", "url": PICTURE, "size": "full", "aspectRatio": "20:13", "aspectMode": "cover"}}),
}  # fmt: skip

WRONG_VALUES: tuple[Any, ...] = ("", "nope", 5, -1, [], {}, True, "x" * 5001, "\U0001f34e" * 200)


def spoilt(message: Json) -> Iterator[tuple[str, Json]]:
    """Every way to spoil one place of a message: taken away, or replaced by something else.

    A null is not among them: the platform is said to take it for missing, its description calls it wrong.
    """
    for path in _paths(message, ()):
        name = ".".join(map(str, path))
        yield f"{name} missing", _changed(message, path, None, drop=True)
        for value in WRONG_VALUES:
            yield f"{name}={str(value)[:8]}", _changed(message, path, value)


def _paths(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from _paths(value, (*path, key))


def _changed(message: Json, path: tuple[str | int, ...], value: Any, *, drop: bool = False) -> Json:
    whole = copy.deepcopy(message)
    node: Any = whole
    for key in path[:-1]:
        node = node[key]
    if drop:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return whole
