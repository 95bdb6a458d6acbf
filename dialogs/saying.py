"""What the bot says: a message with its buttons, independent of the channel that will draw it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Weight(StrEnum):
    """How a button is meant, so that every channel can give it the right place and size."""

    OPTION = "option"  # one of the answers to the question in the text
    MAIN = "main"  # the step forward: send, start, continue
    WAY = "way"  # a way out or aside: back, skip, cancel, talk to a person


_WEIGHTS = {weight.value: weight for weight in Weight}


@dataclass(frozen=True)
class Button:
    """Something to tap. `tap` comes back as it is: ASCII, at most 64 bytes (Telegram's limit)."""

    label: str
    tap: str
    weight: Weight = Weight.OPTION


class PickerKind(StrEnum):
    """What a native picker asks for."""

    DATE = "date"
    TIME = "time"
    MOMENT = "datetime"


@dataclass(frozen=True)
class Picker:
    """A native date or time picker, where the channel has one. Bounds are ISO 8601 without a zone."""

    kind: PickerKind
    label: str
    tap: str
    earliest: str | None = None
    latest: str | None = None


@dataclass(frozen=True)
class Page:
    """A link to the centre's own private page; its one-time address is made when the message is filed.

    `purpose` is "answer" (one question of a running flow is answered there) or "talk" (the talk with a coordinator);
    "file:3" is no page but the calendar file of that appointment. One with the purpose "link" is an address like any,
    given from the start: a talk with us alone, or the console.
    """

    label: str
    purpose: str
    url: str | None = None

    @property
    def is_file(self) -> bool:
        """Whether the telephone's own browser must open it: a window inside a chat app cannot save a file."""
        return self.purpose.startswith("file:")


@dataclass(frozen=True)
class Link:
    """An address that anybody may open: a map, a calendar file, a page of ours for everybody."""

    label: str
    url: str


@dataclass(frozen=True)
class Message:
    """One bubble.

    `text` may hold readings as U+FFF9 base U+FFFA reading U+FFFB (Unicode's interlinear annotation): a channel draws
    them as ruby or in brackets, see `dialogs.words`. `sender` is the coordinator's name on words a person wrote.
    `quote` is what the channel wants to hear to show this as an answer to one particular message.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    picker: Picker | None = None
    page: Page | None = None
    sender: str | None = None
    quote: str | None = None
    links: tuple[Link, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The message as JSON data, without the parts that are empty. A weight is a text that JSON takes as it is."""
        out: dict[str, Any] = {"text": self.text}
        if self.buttons:
            out["buttons"] = [[b.label, b.tap, b.weight] for b in self.buttons]
        if self.picker:
            p = self.picker
            out["picker"] = [p.kind.value, p.label, p.tap, p.earliest, p.latest]
        if self.page:
            out["page"] = [self.page.label, self.page.purpose, self.page.url]
        if self.sender:
            out["sender"] = self.sender
        if self.quote:
            out["quote"] = self.quote
        if self.links:
            out["links"] = [[one.label, one.url] for one in self.links]
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Message:
        """The inverse of `to_json`."""
        picker, page = data.get("picker"), data.get("page")
        return cls(
            text=data["text"],
            buttons=tuple(Button(label, tap, _WEIGHTS[weight]) for label, tap, weight in data.get("buttons", ())),
            picker=Picker(PickerKind(picker[0]), *picker[1:]) if picker else None,
            page=Page(*page) if page else None,
            sender=data.get("sender"),
            quote=data.get("quote"),
            links=tuple(Link(*one) for one in data.get("links", ())),
        )
