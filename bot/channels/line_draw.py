"""Draws messages for LINE as the JSON objects of its Messaging API, within every limit it has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from unicodedata import normalize

from bot.channels.letters import cut, pieces, shown, units
from dialogs.saying import Button, Message, Page, Picker, PickerKind, Weight

# Limits of the Messaging API reference; lengths in UTF-16 units, labels in grapheme clusters.
MOST_OBJECTS, MOST_TEXT, MOST_ALT, MOST_BUBBLE = 5, 5000, 1500, 30_000
MOST_QUICK, MOST_QUICK_LABEL, MOST_LABEL = 13, 20, 40
MOST_DATA, MOST_DISPLAY, MOST_URI, MOST_SENDER = 300, 300, 1000, 20
# Our own: what still reads well inside a bubble, and on one of its rows.
_LONGEST_IN_BUBBLE, _LONGEST_ROW = 1000, 300

_INK, _ON_INK, _PAPER = "#0017C1", "#FFFFFF", "#FFFFFF"  # 12:1 against each other
_LEAD = {"ja": "えらんでください。", "en": "Please choose."}
_Object = dict[str, Any]


def draw(messages: Sequence[Message], language: str = "ja") -> list[_Object]:
    """One to five message objects, ready for a reply or push request; an empty list for no messages.

    Options, main steps, pickers and pages become rows of a flex bubble, ways quick replies under the last object.
    Of more than five objects neighbouring texts are joined; what then is still too much goes, texts before buttons.
    """
    objects = [drawn for message in messages for drawn in _objects(message, language)]
    if len(objects) > MOST_OBJECTS:
        objects = _fewer(objects)
    quick = _quick_replies(messages)
    if objects and quick:
        objects[-1]["quickReply"] = {"items": quick}
    return objects


def _objects(message: Message, language: str) -> list[_Object]:
    text = _worded(message.text)
    rows = _rows(message)
    sender = _sender(message.sender)
    if not rows:
        return [{"type": "text", "text": piece, **sender} for piece in pieces(text, MOST_TEXT)]
    before: list[str] = []
    if units(text) > _LONGEST_IN_BUBBLE:
        before = pieces(text, MOST_TEXT)
        text = _LEAD.get(language, _LEAD["ja"])
    plain = [{"type": "text", "text": piece, **sender} for piece in before]
    return plain + [{**bubble, **sender} for bubble in _bubbles(text, rows)]


def _rows(message: Message) -> list[_Object]:
    """What can be tapped inside the bubble, in the order it is given: picker, options, main step, page."""
    rows = [_picker_row(message.picker)] if message.picker else []
    rows += [
        _row(button.label, _postback(button, MOST_LABEL))
        for button in message.buttons
        if button.weight is Weight.OPTION
    ]
    rows += [
        _row(button.label, _postback(button, MOST_LABEL), True)
        for button in message.buttons
        if button.weight is Weight.MAIN
    ]
    if message.page and _linkable(message.page):
        uri = {"type": "uri", "label": _label(message.page.label, MOST_LABEL), "uri": message.page.url}
        rows.append(_row(message.page.label, uri, True))
    return rows


def _bubbles(text: str, rows: list[_Object]) -> list[_Object]:
    """As many bubbles as the rows need; nearly always one."""
    alt = cut(text, MOST_ALT, units)
    heading: list[_Object] = [{"type": "text", "text": text, "wrap": True, "size": "md", "scaling": True}]
    out: list[_Object] = []
    while rows:
        bubble = _bubble(heading + rows)
        fitting = len(rows)
        while fitting > 1 and len(json.dumps(bubble)) > MOST_BUBBLE:
            fitting = max(1, fitting * 3 // 4)
            bubble = _bubble(heading + rows[:fitting])
        out.append({"type": "flex", "altText": alt, "contents": bubble})
        heading, rows = [], rows[fitting:]
    return out


def _bubble(contents: list[_Object]) -> _Object:
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": contents}}


def _row(label: str, action: _Object, main: bool = False) -> _Object:
    """A wide row to tap. A flex button would cut a long label off; a box with an action wraps it."""
    words = cut(_worded(label), _LONGEST_ROW, units)
    return {
        "type": "box",
        "layout": "vertical",
        "action": action,
        "paddingAll": "lg",
        "cornerRadius": "md",
        "borderWidth": "normal",
        "borderColor": _INK,
        "backgroundColor": _INK if main else _PAPER,
        "contents": [
            {
                "type": "text",
                "text": words,
                "wrap": True,
                "size": "lg",
                "scaling": True,
                "align": "center",
                "color": _ON_INK if main else _INK,
            }
        ],
    }


def _picker_row(picker: Picker) -> _Object:
    action: _Object = {
        "type": "datetimepicker",
        "label": _label(picker.label, MOST_LABEL),
        "data": cut(shown(picker.tap), MOST_DATA, units),
        "mode": picker.kind.value,
    }
    low, high = _bound(picker.kind, picker.earliest), _bound(picker.kind, picker.latest)
    if low and high and low >= high:
        low = high = None
    action |= {key: value for key, value in (("min", low), ("max", high)) if value}
    return _row(picker.label, action, True)


def _bound(kind: PickerKind, value: str | None) -> str | None:
    """A bound in the one form LINE takes for this kind, or None for what is none."""
    if not value:
        return None
    try:
        match kind:
            case PickerKind.DATE:
                day = date.fromisoformat(value[:10])
                return day.isoformat() if 1900 <= day.year <= 2100 else None
            case PickerKind.TIME:
                return time.fromisoformat(value).strftime("%H:%M")
            case PickerKind.MOMENT:
                moment = datetime.fromisoformat(value)
                return moment.strftime("%Y-%m-%dT%H:%M") if 1900 <= moment.year <= 2100 else None
    except ValueError:
        return None


def _postback(button: Button, longest: int) -> _Object:
    return {
        "type": "postback",
        "label": _label(button.label, longest),
        "data": cut(shown(button.tap), MOST_DATA, units),
        "displayText": cut(_worded(button.label), MOST_DISPLAY, units),
    }


def _quick_replies(messages: Sequence[Message]) -> list[_Object]:
    """The ways of all messages; when there are too many, those of the last message stay."""
    ways: dict[str, Button] = {}
    for message in reversed(messages):
        for button in message.buttons:
            if button.weight is Weight.WAY:
                ways.setdefault(button.tap, button)
    return [{"type": "action", "action": _postback(way, MOST_QUICK_LABEL)} for way in list(ways.values())[:MOST_QUICK]]


def _linkable(page: Page) -> bool:
    """Whether LINE takes the address of a page; it is empty until the message is filed."""
    url = page.url or ""
    return (
        url.startswith(("https://", "http://"))
        and url.isascii()
        and url.isprintable()
        and len(url) <= MOST_URI
        and " " not in url
    )


def _sender(name: str | None) -> _Object:
    """The sender's name over the bubble. LINE refuses names that hold its own, in any width or case."""
    plain = normalize("NFKC", shown(name or "")).strip()
    while (at := plain.casefold().find("line")) >= 0:
        plain = (plain[:at] + plain[at + 4 :]).strip()
    return {"sender": {"name": cut(plain, MOST_SENDER, units)}} if plain else {}


def _worded(text: str) -> str:
    """What is shown, never empty: LINE refuses an object without words."""
    words = shown(text)
    return words if words.strip() else "…"


def _label(label: str, longest: int) -> str:
    return cut(_worded(label), longest)


def _fewer(objects: list[_Object]) -> list[_Object]:
    joined: list[_Object] = []
    for drawn in objects:
        last = joined[-1] if joined else {}
        both = f"{last.get('text', '')}\n\n{drawn.get('text', '')}"
        alike = last.get("type") == drawn["type"] == "text" and last.get("sender") == drawn.get("sender")
        if alike and units(both) <= MOST_TEXT:
            joined[-1] = {**last, "text": both}
        else:
            joined.append(drawn)
    while len(joined) > MOST_OBJECTS:
        texts = [at for at, drawn in enumerate(joined[:-1]) if drawn["type"] == "text"]
        del joined[texts[-1] if texts else 0]
    return joined
