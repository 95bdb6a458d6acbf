"""Lines of a talk as the chat page draws them: plain JSON data, text cut into pieces with and without a reading."""

from __future__ import annotations

from typing import Any, assert_never

from dialogs import heard as heards
from dialogs.heard import Came, Corrected, Filled, Left, Moved, Picked, Showed, Tapped, Typed, Withdrew
from dialogs.saying import Button, Message, Page, Picker
from dialogs.words import pieces, shown
from storage.talk import Author, Said, Way
from storage.window import Line

Json = dict[str, Any]


def drawn(line: Line) -> Json | None:
    """One line for the page, or None when there is nothing to see in it.

    Keys: id, at (ISO 8601), who ("me", "bot" or "staff"), and what the line has of: text, name, buttons, picker, page,
    tap (what was tapped: the page knows its label), value, thing, withdrawn, quoted (a line of theirs: text, thing or
    withdrawn).
    """
    common: Json = {"id": line.id, "at": line.at.isoformat(), "who": "me" if line.way is Way.IN else line.author.value}
    if line.body is None:
        return common | {"withdrawn": True}
    if line.way is Way.IN:
        own = _own(line.body)
        return None if own is None else common | own
    quoted = {"quoted": _quoted(line.quoted)} if line.quoted else {}
    return common | _said(Message.from_json(line.body), line) | quoted


def _quoted(said: Said) -> Json:
    """What a coordinator answered, as it is now."""
    own = None if said.body is None or said.withdrawn else _own(said.body)
    return {"withdrawn": True} if own is None else own


def _own(body: Json) -> Json | None:
    match heards.from_json(body):
        case Typed(text) | Corrected(text):
            return {"text": [[shown(text), None]]}
        case Tapped(tap):
            return {"tap": tap}
        case Picked(tap, value):
            return {"tap": tap, "value": value}
        case Showed():
            return {"thing": True}
        case Filled(value=value):
            return {"text": [[shown(value), None]]}
        case Came() | Left() | Withdrew() | Moved():
            return None
        case nothing_else:
            assert_never(nothing_else)


def _said(message: Message, line: Line) -> Json:
    # A coordinator's words are typed by a person: no marks of ours are expected in them.
    by_hand = line.author is Author.STAFF
    out: Json = {"text": [[shown(message.text), None]] if by_hand else list(pieces(message.text))}
    name = message.sender or line.name
    if by_hand and name:
        out["name"] = shown(name)
    if message.buttons:
        out["buttons"] = [_button(button) for button in message.buttons]
    if message.picker:
        out["picker"] = _picker(message.picker)
    if message.page and message.page.url:
        out["page"] = _page(message.page)
    if message.links:
        out["links"] = [{"label": list(pieces(one.label)), "url": one.url} for one in message.links]
    return out


def _button(button: Button) -> Json:
    return {"label": list(pieces(button.label)), "tap": button.tap, "weight": button.weight.value}


def _picker(picker: Picker) -> Json:
    label = list(pieces(picker.label))
    bounds = {"earliest": picker.earliest, "latest": picker.latest}
    return {"kind": picker.kind.value, "label": label, "tap": picker.tap, **bounds}


def _page(page: Page) -> Json:
    return {"label": list(pieces(page.label)), "url": page.url}
