"""The limits of LINE's actions: what happens when a button is touched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.channels.doubles.line.complaints import Complaints


@dataclass(frozen=True)
class Place:
    """Where an action stands, which decides how long its label may be and which kinds may be there."""

    label_max: int
    label_needed: bool = True
    quick: bool = False


QUICK = Place(20, quick=True)
TEMPLATE = Place(20)
IMAGE_COLUMN = Place(12, label_needed=False)
FLEX_BUTTON = Place(40)
FLEX_TOUCH = Place(40, label_needed=False)
DEFAULT_ACTION = Place(40, label_needed=False)

_ONLY_QUICK = frozenset({"camera", "cameraRoll", "location"})
_INPUT_OPTIONS = frozenset({"closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"})
_SCHEMES = ("https://", "http://", "line://", "tel:", "mailto:")
_MOMENTS = {
    "date": re.compile(r"(19\d\d|20\d\d|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"),
    "time": re.compile(r"([01]\d|2[0-3]):[0-5]\d"),
    "datetime": re.compile(r"(19\d\d|20\d\d|2100)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d"),
}


def check_action(action: Any, where: str, found: Complaints, place: Place) -> None:
    """Whether LINE would take this action in this place."""
    if not isinstance(action, dict):
        found.say(where, "must be specified")
        return
    kind = action.get("type")
    check = _CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None or (kind in _ONLY_QUICK and not place.quick):
        found.say(f"{where}.type", "invalid action type")
        return
    if place.label_needed or "label" in action:
        found.text(action.get("label"), f"{where}.label", place.label_max, clusters=True)
    check(action, where, found)


def _postback(action: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(action.get("data"), f"{where}.data", 300)
    for shown in ("displayText", "text", "fillInText"):
        found.optional(action.get(shown), f"{where}.{shown}", 300, clusters=True)
    if "displayText" in action and "text" in action:
        found.say(where, "displayText and text cannot be used together")
    if "inputOption" in action:
        found.one_of(action["inputOption"], f"{where}.inputOption", _INPUT_OPTIONS)
    if "fillInText" in action and action.get("inputOption") != "openKeyboard":
        found.say(f"{where}.fillInText", "inputOption must be openKeyboard")


def _message(action: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(action.get("text"), f"{where}.text", 300, clusters=True)


def _uri(action: dict[str, Any], where: str, found: Complaints) -> None:
    uri = action.get("uri")
    found.text(uri, f"{where}.uri", 1000)
    if isinstance(uri, str) and uri and not uri.lower().startswith(_SCHEMES):
        found.say(f"{where}.uri", "invalid uri scheme")


def _datetimepicker(action: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(action.get("data"), f"{where}.data", 300)
    mode = action.get("mode")
    pattern = _MOMENTS.get(mode) if isinstance(mode, str) else None
    if pattern is None:
        found.say(f"{where}.mode", "invalid property")
        return
    for bound in ("initial", "min", "max"):
        value = action.get(bound)
        if value is not None and not (isinstance(value, str) and pattern.fullmatch(value)):
            found.say(f"{where}.{bound}", "invalid property")
    least, most = action.get("min"), action.get("max")
    if isinstance(least, str) and isinstance(most, str) and least.lower() >= most.lower():
        found.say(f"{where}.max", "max must be greater than min")


def _switch(action: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(action.get("data"), f"{where}.data", 300)
    found.text(action.get("richMenuAliasId"), f"{where}.richMenuAliasId", 32)


def _clipboard(action: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(action.get("clipboardText"), f"{where}.clipboardText", 1000)


def _nothing(_action: dict[str, Any], _where: str, _found: Complaints) -> None:
    """The kinds that carry a label alone."""


_CHECKS = {
    "postback": _postback,
    "message": _message,
    "uri": _uri,
    "datetimepicker": _datetimepicker,
    "richmenuswitch": _switch,
    "clipboard": _clipboard,
    "camera": _nothing,
    "cameraRoll": _nothing,
    "location": _nothing,
}
