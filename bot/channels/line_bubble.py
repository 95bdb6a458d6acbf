"""Draws what can be tapped on LINE: wide rows in a flex bubble, and quick replies."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from bot.channels.letters import cut, units, worded
from dialogs.saying import Button, Link, Message, Page, Picker, PickerKind, Weight

# Limits of the Messaging API reference: lengths in UTF-16 units, labels in grapheme clusters, a bubble in bytes.
MOST_ALT, MOST_BUBBLE, MOST_QUICK = 1500, 30_000, 13
MOST_LABEL, MOST_QUICK_LABEL = 40, 20
MOST_DATA, MOST_DISPLAY, MOST_URI = 300, 300, 1000
_LONGEST_ROW = 300  # our own: what still reads as a button
_FRAME, _ROW_FRAME = 400, 500  # bytes of JSON around the words of a bubble and of a row, rounded up

_INK, _PAPER = "#0017C1", "#FFFFFF"  # 12:1 against each other

LineObject = dict[str, Any]


def rows(message: Message) -> list[LineObject]:
    """What can be tapped inside the bubble, from top to bottom: picker, main steps, options, page."""
    picker = message.picker
    out = [_row(picker.label, _picking(picker, MOST_LABEL), True)] if picker and picker.tap else []
    for weight in (Weight.MAIN, Weight.OPTION):  # the way on stays in sight however many options there are
        chosen = [button for button in message.buttons if button.weight is weight and button.tap]
        out += [_row(button.label, _tapping(button, MOST_LABEL), weight is Weight.MAIN) for button in chosen]
    if message.page and linkable(message.page):
        out.append(_row(message.page.label, _opening(message.page, MOST_LABEL), True))
    return out + [_row(one.label, _opening(one, MOST_LABEL), False) for one in message.links if linkable(one)]


def bubbles(text: str, taps: list[LineObject]) -> list[LineObject]:
    """A flex message with the text and its rows; more of them when one bubble cannot hold all rows."""
    alt = cut(text, MOST_ALT, units)
    heading: list[LineObject] = [{"type": "text", "text": text, "wrap": True, "size": "md", "scaling": True}]
    out: list[LineObject] = []
    while taps:
        fitting = len(taps)
        while fitting > 1 and not _fits(heading + taps[:fitting]):
            fitting = max(1, fitting * 3 // 4)
        out.append({"type": "flex", "altText": alt, "contents": _bubble(heading + taps[:fitting])})
        heading, taps = [], taps[fitting:]
    return out


def quick_replies(messages: Sequence[Message]) -> list[LineObject]:
    """The ways of all messages; when there are too many, those of the last message stay."""
    ways: dict[str, Button] = {}
    for message in reversed(messages):
        for button in message.buttons:
            if button.weight is Weight.WAY and button.tap:
                ways.setdefault(button.tap, button)
    return [_quick(_tapping(way, MOST_QUICK_LABEL)) for way in list(ways.values())[:MOST_QUICK]]


def all_quick(message: Message) -> list[LineObject]:
    """Everything one message offers, as quick replies alone: for when LINE does not take the bubble."""
    buttons, picker = [button for button in message.buttons if button.tap], message.picker
    ways = [_quick(_tapping(way, MOST_QUICK_LABEL)) for way in buttons if way.weight is Weight.WAY]
    out = [_quick(_picking(picker, MOST_QUICK_LABEL))] if picker and picker.tap else []
    for weight in (Weight.MAIN, Weight.OPTION):
        out += [_quick(_tapping(step, MOST_QUICK_LABEL)) for step in buttons if step.weight is weight]
    if message.page and linkable(message.page):
        out.append(_quick(_opening(message.page, MOST_QUICK_LABEL)))
    out += [_quick(_opening(one, MOST_QUICK_LABEL)) for one in message.links if linkable(one)]
    return out[: max(0, MOST_QUICK - len(ways))] + ways[:MOST_QUICK]


def linkable(page: Page | Link) -> bool:
    """Whether LINE takes the address of a page; it is empty until the message is filed."""
    url = page.url or ""
    web = url.startswith(("https://", "http://"))
    return web and url.isascii() and url.isprintable() and " " not in url and len(url) <= MOST_URI


def _bubble(contents: list[LineObject]) -> LineObject:
    return {"type": "bubble", "body": {"type": "box", "layout": "vertical", "spacing": "md", "contents": contents}}


def _fits(contents: list[LineObject]) -> bool:
    """Whether a bubble stays under its limit; written out only when a quick upper bound does not settle it."""
    bound = _FRAME
    for drawn in contents:
        words, action = drawn.get("text") or drawn["contents"][0]["text"], drawn.get("action", {})
        told = action.get("displayText", ""), action.get("label", ""), action.get("data", ""), action.get("uri", "")
        bound += _ROW_FRAME + 12 * (len(words) + sum(map(len, told)))  # \uXXXX\uXXXX at worst for one sign
    return bound <= MOST_BUBBLE or len(json.dumps(_bubble(contents))) <= MOST_BUBBLE


def _row(label: str, action: LineObject, main: bool) -> LineObject:
    """A wide row to tap. A flex button would cut a long label off; a box with an action wraps it."""
    text = {"type": "text", "text": cut(worded(label), _LONGEST_ROW, units), "wrap": True, "size": "lg"}
    return {
        "type": "box",
        "layout": "vertical",
        "action": action,
        "paddingAll": "lg",
        "cornerRadius": "md",
        "borderWidth": "normal",
        "borderColor": _INK,
        "backgroundColor": _INK if main else _PAPER,
        "contents": [{**text, "scaling": True, "align": "center", "color": _PAPER if main else _INK}],
    }


def _quick(action: LineObject) -> LineObject:
    return {"type": "action", "action": action}


def _tapping(button: Button, longest: int) -> LineObject:
    label = worded(button.label)
    return {
        "type": "postback",
        "label": cut(label, longest),
        "data": _data(button.tap),
        "displayText": cut(label, MOST_DISPLAY, units),
    }


def _data(tap: str) -> str:
    """A tap as it is: by contract it is ASCII of at most 64 bytes, and what is not would not be understood anyway."""
    return tap if tap.isascii() and tap.isprintable() and len(tap) <= MOST_DATA else cut(worded(tap), MOST_DATA, units)


def _opening(page: Page | Link, longest: int) -> LineObject:
    # What LINE is told to leave to the telephone's browser.
    away = "?openExternalBrowser=1" if isinstance(page, Page) and page.is_file else ""
    return {"type": "uri", "label": cut(worded(page.label), longest), "uri": f"{page.url}{away}"}


def _picking(picker: Picker, longest: int) -> LineObject:
    low, high = _bound(picker.kind, picker.earliest), _bound(picker.kind, picker.latest)
    if low and high and low >= high:
        low = high = None
    action: LineObject = {
        "type": "datetimepicker",
        "label": cut(worded(picker.label), longest),
        "data": _data(picker.tap),
        "mode": picker.kind.value,
    }
    return action | {key: value for key, value in (("min", low), ("max", high)) if value}


def _bound(kind: PickerKind, value: str | None) -> str | None:
    """A bound in the one form LINE takes for this kind (no zone, 1900 to 2100), or None for what is none."""
    try:
        if kind is PickerKind.TIME:
            return time.fromisoformat(value).strftime("%H:%M") if value else None
        form = "%Y-%m-%d" if kind is PickerKind.DATE else "%Y-%m-%dT%H:%M"
        day = date.fromisoformat(value[:10]) if value else date.min
        moment = day if kind is PickerKind.DATE else datetime.fromisoformat(value or "")
    except ValueError:
        return None
    return moment.strftime(form) if 1900 <= day.year <= 2100 else None
