"""Draws messages for Telegram: escaped HTML within its lengths, with a keyboard under the last part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from bot.channels.letters import cut, pieces, shown
from dialogs.saying import Button, Message, Weight

# Limits of the Bot API: text in UTF-16 units after entities are read, callback data in bytes.
MOST_TEXT, MOST_DATA, MOST_BUTTONS = 4096, 64, 100
_LONGEST_LABEL = 60  # our own: what a phone shows on one row


@dataclass(frozen=True)
class Key:
    """One inline button: `data` comes back when tapped, or `url` is opened; exactly one of them is set."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True)
class Part:
    """One message to send: `text` is HTML, `plain` the same words for when Telegram refuses the HTML."""

    text: str
    plain: str
    rows: tuple[tuple[Key, ...], ...] = ()


def draw(messages: Sequence[Message]) -> list[Part]:
    """The messages to send, in order; a long text becomes several, with its buttons under the last.

    Telegram has no date picker: the question's own words say how to write a date.
    """
    return [part for message in messages for part in _parts(message)]


def _parts(message: Message) -> list[Part]:
    said, name = shown(message.text).strip() or "…", cut(shown(message.sender or "").strip(), 64)
    texts = pieces(said, MOST_TEXT - 80 if name else MOST_TEXT)
    parts = [Part(_headed(name, text, True), _headed(name, text, False)) for text in texts]
    parts[-1] = Part(parts[-1].text, parts[-1].plain, _rows(message))
    return parts


def _headed(name: str, text: str, html: bool) -> str:
    if not html:
        return f"{name}\n{text}" if name else text
    return f"<b>{escape(name)}</b>\n{escape(text)}" if name else escape(text)


def _rows(message: Message) -> tuple[tuple[Key, ...], ...]:
    """Options and main steps one to a row, then the page, then the ways two to a row."""
    steps = [_key(button) for weight in (Weight.OPTION, Weight.MAIN) for button in _fitting(message, weight)]
    ways = [_key(button) for button in _fitting(message, Weight.WAY)]
    rows = [(step,) for step in steps]
    page = message.page
    if page and page.url and page.url.startswith(("https://", "http://")):
        rows.append((Key(_label(page.label), url=page.url),))
    ways = ways[:MOST_BUTTONS]
    kept: list[tuple[Key, ...]] = [*rows[: MOST_BUTTONS - len(ways)]]
    return tuple(kept + [tuple(ways[at : at + 2]) for at in range(0, len(ways), 2)])


def _fitting(message: Message, weight: Weight) -> list[Button]:
    """The buttons of a weight that Telegram can carry: their tap is 1 to 64 bytes of ASCII."""
    return [
        button
        for button in message.buttons
        if button.weight is weight and button.tap.isascii() and 1 <= len(button.tap) <= MOST_DATA
    ]


def _key(button: Button) -> Key:
    return Key(_label(button.label), data=button.tap)


def _label(label: str) -> str:
    return cut(shown(label).strip() or "…", _LONGEST_LABEL)
