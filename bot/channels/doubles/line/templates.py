"""What LINE takes as a template message: buttons, confirm, carousel, image carousel."""

from __future__ import annotations

from typing import Any

from bot.channels.doubles.line.actions import DEFAULT_ACTION, IMAGE_COLUMN, TEMPLATE, check_action
from bot.channels.doubles.line.complaints import Complaints


def check_template(template: Any, where: str, found: Complaints) -> None:
    """Whether LINE would take this template."""
    kind = template.get("type") if isinstance(template, dict) else None
    check = _CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        found.say(f"{where}.type", "invalid template type")
    else:
        check(template, where, found)


def _panel(panel: dict[str, Any], where: str, found: Complaints, limits: tuple[int, int, int]) -> None:
    """A picture, title, text and actions. `limits`: text alone, text with picture or title, number of actions."""
    alone, beside, actions_max = limits
    adorned = "thumbnailImageUrl" in panel or "title" in panel
    found.text(panel.get("text"), f"{where}.text", beside if adorned else alone, clusters=True)
    found.optional(panel.get("title"), f"{where}.title", 40, clusters=True)
    if "thumbnailImageUrl" in panel:
        found.https(panel["thumbnailImageUrl"], f"{where}.thumbnailImageUrl")
    if "defaultAction" in panel:
        check_action(panel["defaultAction"], f"{where}.defaultAction", found, DEFAULT_ACTION)
    _actions(panel.get("actions"), where, found, (1, actions_max))


def _actions(actions: Any, where: str, found: Complaints, size: tuple[int, int]) -> None:
    if found.size(actions, f"{where}.actions", *size):
        for at, action in enumerate(actions):
            check_action(action, f"{where}.actions[{at}]", found, TEMPLATE)


def _buttons(template: dict[str, Any], where: str, found: Complaints) -> None:
    _panel(template, where, found, (160, 60, 4))


def _confirm(template: dict[str, Any], where: str, found: Complaints) -> None:
    found.text(template.get("text"), f"{where}.text", 240, clusters=True)
    _actions(template.get("actions"), where, found, (2, 2))


def _carousel(template: dict[str, Any], where: str, found: Complaints) -> None:
    columns = template.get("columns")
    if not found.size(columns, f"{where}.columns", 1, 10):
        return
    panels = [column if isinstance(column, dict) else {} for column in columns]
    for at, column in enumerate(panels):
        _panel(column, f"{where}.columns[{at}]", found, (120, 60, 3))
    for name in ("thumbnailImageUrl", "title"):
        if len({name in column for column in panels}) > 1:
            found.say(f"{where}.columns", f"{name} must be in all columns or in none")
    actions = [column.get("actions") for column in panels]
    if len({len(each) for each in actions if isinstance(each, list)}) > 1:
        found.say(f"{where}.columns", "The number of actions must be the same in all columns")


def _image_carousel(template: dict[str, Any], where: str, found: Complaints) -> None:
    columns = template.get("columns")
    if not found.size(columns, f"{where}.columns", 1, 10):
        return
    for at, column in enumerate(columns):
        inner = column if isinstance(column, dict) else {}
        found.https(inner.get("imageUrl"), f"{where}.columns[{at}].imageUrl")
        check_action(inner.get("action"), f"{where}.columns[{at}].action", found, IMAGE_COLUMN)


_CHECKS = {"buttons": _buttons, "confirm": _confirm, "carousel": _carousel, "image_carousel": _image_carousel}
