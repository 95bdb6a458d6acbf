"""LINE's rich menus: made, filled with a picture, taken away, and linked to people."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from bot.channels.doubles.buckets import Bucket
from bot.channels.doubles.door import Answer, Ask
from bot.channels.doubles.line.actions import TEMPLATE, check_action
from bot.channels.doubles.line.answers import answer, invalid, read_json, refusal
from bot.channels.doubles.line.complaints import Complaints
from bot.channels.doubles.line.state import State

MOST_MENUS, MOST_BYTES, MOST_AREAS = 1000, 1_000_000, 20
AN_HOUR = 100  # that may be made in an hour, and taken away


@dataclass
class Made:
    """One rich menu as the channel has it."""

    spec: dict[str, Any]
    picture: bytes = b""


@dataclass
class Menus:
    """The endpoints under /v2/bot/richmenu, and those that link."""

    state: State
    made: dict[str, Made] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._making = Bucket(self.state.clock, AN_HOUR / 3600, AN_HOUR)
        self._dropping = Bucket(self.state.clock, AN_HOUR / 3600, AN_HOUR)

    def make(self, ask: Ask) -> Answer:
        """POST /v2/bot/richmenu."""
        if not self._making.take():
            return refusal(self.state, 429)
        data = read_json(self.state, ask)
        if isinstance(data, Answer):
            return data
        found = _complaints(data)
        if found:
            return invalid(self.state, found)
        if len(self.made) >= MOST_MENUS:
            return refusal(self.state, 400, "The number of rich menus exceeds the limit")
        menu_id = self.state.token("richmenu-")
        self.made[menu_id] = Made(data)
        return answer(self.state, 200, {"richMenuId": menu_id})

    def all(self, _ask: Ask) -> Answer:
        """GET /v2/bot/richmenu/list."""
        menus = [{"richMenuId": id_, **one.spec} for id_, one in self.made.items()]
        return answer(self.state, 200, {"richmenus": menus})

    def drop(self, _ask: Ask, menu: str) -> Answer:
        """DELETE /v2/bot/richmenu/{richMenuId}."""
        if not self._dropping.take():
            return refusal(self.state, 429)
        return answer(self.state, 200, {}) if self.made.pop(menu, None) else refusal(self.state, 404)

    def fill(self, ask: Ask, menu: str) -> Answer:
        """POST /v2/bot/richmenu/{richMenuId}/content: a JPEG or PNG of the menu's shape, once."""
        one = self.made.get(menu)
        if one is None:
            return refusal(self.state, 404)
        if one.picture:
            return refusal(self.state, 400, "An image has already been uploaded to the richmenu")
        if ask.headers.get("content-type") not in {"image/png", "image/jpeg"}:
            return refusal(self.state, 415, "Unsupported media type")
        if len(ask.body) > MOST_BYTES:
            return refusal(self.state, 413, "Request Entity Too Large")
        try:
            with Image.open(io.BytesIO(ask.body), formats=["PNG", "JPEG"]) as picture:
                wide, high = picture.size
        except OSError:
            return refusal(self.state, 400, "The image could not be read")
        if not 800 <= wide <= 2500 or high < 250 or wide / high < 1.45:
            return refusal(self.state, 400, "The image size is invalid")
        one.picture = ask.body
        return answer(self.state, 200, {})

    def picture(self, _ask: Ask, menu: str) -> Answer:
        """GET /v2/bot/richmenu/{richMenuId}/content."""
        one = self.made.get(menu)
        return answer(self.state, 200, one.picture) if one and one.picture else refusal(self.state, 404)

    def usual(self, _ask: Ask, menu: str) -> Answer:
        """POST /v2/bot/user/all/richmenu/{richMenuId}."""
        if wrong := self._unfit(menu):
            return wrong
        self.state.usual_menu = menu
        return answer(self.state, 200, {})

    def link(self, _ask: Ask, user: str, menu: str) -> Answer:
        """POST /v2/bot/user/{userId}/richmenu/{richMenuId}: silent for who is no friend."""
        if wrong := self._unfit(menu):
            return wrong
        person = self.state.people.get(user)
        if person and person.friend and not person.blocked:
            self.state.menus[user] = menu
        return answer(self.state, 200, {})

    def unlink(self, _ask: Ask, user: str) -> Answer:
        """DELETE /v2/bot/user/{userId}/richmenu."""
        self.state.menus.pop(user, None)
        return answer(self.state, 200, {})

    def of(self, _ask: Ask, user: str) -> Answer:
        """GET /v2/bot/user/{userId}/richmenu."""
        menu = self.state.menus.get(user)
        return answer(self.state, 200, {"richMenuId": menu}) if menu else refusal(self.state, 404)

    def shown(self, user: str) -> tuple[str, Made] | None:
        """The menu under this person's talk: their own, else everybody's; none that was taken away."""
        for menu in (self.state.menus.get(user), self.state.usual_menu):
            if menu in self.made:
                return menu, self.made[menu]
        return None

    def _unfit(self, menu: str) -> Answer | None:
        one = self.made.get(menu)
        if one is None:
            return refusal(self.state, 404, "Not found")
        return (
            None if one.picture else refusal(self.state, 400, "must upload richmenu image before applying it to user")
        )


def _complaints(data: dict[str, Any]) -> Complaints:
    found = Complaints()
    size, areas = data.get("size"), data.get("areas")
    wide, high = (size.get("width"), size.get("height")) if isinstance(size, dict) else (None, None)
    if not isinstance(wide, int) or not isinstance(high, int) or not 800 <= wide <= 2500 or wide / max(high, 1) < 1.45:
        found.say("size", "invalid size")
    for name, most in (("name", 300), ("chatBarText", 14)):
        if not isinstance(data.get(name), str) or not 0 < len(data[name]) <= most:
            found.say(name, f"Length must be between 1 and {most}")
    if not isinstance(data.get("selected"), bool):
        found.say("selected", "May not be empty")
    if not isinstance(areas, list) or len(areas) > MOST_AREAS:
        found.say("areas", f"Size must be between 0 and {MOST_AREAS}")
        return found
    for at, area in enumerate(areas):
        check_action(area.get("action"), f"areas[{at}].action", found, TEMPLATE)
        bounds = area.get("bounds") or {}
        if any(not isinstance(bounds.get(side), int) for side in ("x", "y", "width", "height")):
            found.say(f"areas[{at}].bounds", "May not be empty")
    return found
