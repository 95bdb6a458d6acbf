"""Draws messages for Telegram: escaped HTML within its lengths, with a keyboard under the last part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape

from bot.channels.letters import cut, pieces, shown, units, worded
from dialogs.saying import Button, Message, Weight

# Limits of the Bot API: text in UTF-16 units after entities are read, callback data in bytes.
MOST_TEXT, MOST_DATA, MOST_BUTTONS = 4096, 64, 100
_LONGEST_LABEL, _LONGEST_NAME, _LONGEST_URL = 60, 60, 1000  # our own: what a phone shows on one row


@dataclass(frozen=True)
class Key:
    """One inline button: `data` comes back when tapped, or `url` is opened; exactly one of them is set.

    `inside`: Telegram opens the address in a window of its own and tells the page who did (a web app). It takes that in
    private chats alone, and https alone.
    """

    label: str
    data: str = ""
    url: str = ""
    inside: bool = False


@dataclass(frozen=True)
class Part:
    """One message to send.

    `text` is HTML; `plain` is for when Telegram refuses that or an address: the same words, with the address in them.
    `answers` is the number of the message that it answers.
    """

    text: str
    plain: str
    rows: tuple[tuple[Key, ...], ...] = ()
    answers: int | None = None

    @property
    def plain_rows(self) -> tuple[tuple[Key, ...], ...]:
        """The keyboard without the buttons that open an address."""
        return tuple(row for row in self.rows if not row[0].url)


def draw(messages: Sequence[Message]) -> list[Part]:
    """The messages to send, in order; a long text becomes several, with its buttons under the last.

    Telegram has no date picker: the question's own words say how to write a date.
    """
    return [part for message in messages for part in _parts(message)]


def _parts(message: Message) -> list[Part]:
    name, links = cut(shown(message.sender or "").strip(), _LONGEST_NAME, units), _links(message)
    address = "".join(f"\n{link.label}\n{link.url}" for link in links)
    texts = pieces(worded(message.text).strip(), MOST_TEXT - units(name) - units(address) - 1)
    html, plain = (f"<b>{escape(name)}</b>\n", f"{name}\n") if name else ("", "")
    parts = [Part(html + escape(text, quote=False), plain + text) for text in texts]
    parts[-1] = Part(parts[-1].text, parts[-1].plain + address, _rows(message, links))
    if message.quote and message.quote.isdecimal():
        parts[0] = replace(parts[0], answers=int(message.quote))
    return parts


def _rows(message: Message, links: Sequence[Key]) -> tuple[tuple[Key, ...], ...]:
    """Main steps and options one to a row, as on every channel, then the page, then the ways two to a row."""
    steps = [_key(button) for weight in (Weight.MAIN, Weight.OPTION) for button in _fitting(message, weight)]
    ways = [_key(button) for button in _fitting(message, Weight.WAY)][: MOST_BUTTONS - 1]
    if links:
        steps = [*steps[: MOST_BUTTONS - len(ways) - len(links)], *links]
    rows = [(step,) for step in steps[: MOST_BUTTONS - len(ways)]]
    return (*rows, *(tuple(ways[at : at + 2]) for at in range(0, len(ways), 2)))


def _links(message: Message) -> list[Key]:
    """Our own page, which opens inside, then what anybody may open."""
    page, found = message.page, []
    if page is not None:
        url = page.url or ""
        inside = url.startswith("https://") and not page.is_file and page.purpose != "link"
        found.append(Key(_label(page.label), url=url, inside=inside))
    found += [Key(_label(one.label), url=one.url) for one in message.links]
    return [key for key in found if _opens(key.url)]


def _opens(url: str) -> bool:
    web = url.startswith(("https://", "http://")) and url.isascii() and url.isprintable() and " " not in url
    return web and len(url) <= _LONGEST_URL


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
    return cut(worded(label).strip(), _LONGEST_LABEL, units)
