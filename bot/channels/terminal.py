"""Chats in a terminal: messages as plain text with numbered buttons, a number typed back is the tap."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from bot.channels.letters import shown
from bot.ports import Outcome, Parcel, Sent
from dialogs.heard import Heard, Tapped, Typed
from dialogs.saying import Button, Message, Weight


class TerminalChannel:
    """Fits `bot.ports.Channel`; remembers which number means which button."""

    name = "terminal"

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False)
        self._buttons: tuple[Button, ...] = ()

    async def send(self, parcel: Parcel) -> Outcome:
        """Print one parcel."""
        self.show(parcel.messages)
        return Sent(self.name)

    async def close(self) -> None:
        """Nothing is held open."""

    def show(self, messages: Sequence[Message]) -> None:
        """Print messages; their buttons are numbered from 1 through all of them."""
        buttons: list[Button] = []
        for message in messages:
            self._console.print(_said(message, len(buttons)), soft_wrap=True)
            buttons += message.buttons
        self._buttons = tuple(buttons)

    def heard(self, line: str) -> Heard:
        """What a typed line means: the number of a button on the screen is a tap, everything else is words."""
        number = int(line) if line.strip().isdecimal() and len(line) < 4 else 0
        return Tapped(self._buttons[number - 1].tap) if 0 < number <= len(self._buttons) else Typed(line)


def _said(message: Message, before: int) -> Text:
    """One message. `Text` reads no markup, and `shown` leaves no control sequence: residents' words stay words."""
    out = Text()
    if message.sender:
        out.append(f"{shown(message.sender)}:\n", style="bold")
    out.append(shown(message.text) + "\n")
    for number, button in enumerate(message.buttons, before + 1):
        style = {Weight.OPTION: "cyan", Weight.MAIN: "bold cyan", Weight.WAY: "dim"}[button.weight]
        out.append(f"  {number:>2}  {shown(button.label)}\n", style=style)
    if message.picker:
        out.append(f"  {shown(message.picker.label)}\n", style="italic")
    for link in message.links:
        out.append(f"  {shown(link.label)}: {shown(link.url)}\n", style="underline")
    if message.page:
        out.append(f"  {shown(message.page.label)}: {shown(message.page.url or '')}\n", style="underline")
    return out
