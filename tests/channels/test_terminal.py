"""How messages look in a terminal, and what a typed line means there."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from bot.channels.terminal import TerminalChannel
from bot.ports import Parcel, Sent
from dialogs.heard import Heard, Tapped, Typed
from dialogs.saying import Message, Page, Picker, PickerKind
from tests.channels.samples import QUESTION, WORDS


@pytest.fixture
def paper() -> StringIO:
    """What the terminal shows."""
    return StringIO()


@pytest.fixture
def terminal(paper: StringIO) -> TerminalChannel:
    """A terminal that writes on paper, in colours."""
    return TerminalChannel(Console(file=paper, width=60, highlight=False))


@pytest.mark.anyio
async def test_a_parcel_is_printed_with_numbered_buttons(terminal: TerminalChannel, paper: StringIO) -> None:
    said = Message("\ufff9協働\ufffaきょうどう\ufffb", sender="佐藤")
    written = [said.to_json(), QUESTION.to_json()]
    assert await terminal.send(Parcel(1, "terminal", "me", written, "key")) == Sent("terminal")
    await terminal.close()
    lines = paper.getvalue().splitlines()
    assert lines[:2] == ["佐藤:", "協働(きょうどう)"]
    assert [line.split() for line in lines if line[:4].strip().isdecimal()] == [
        ["1", "団体をつくりたい"],
        ["2", "お金のこと"],
        ["3", "送る"],
        ["4", "もどる"],
        ["5", "人と話す"],
    ]


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("1", Tapped("c1:topic:start")),
        (" 5 ", Tapped("person")),
        ("6", Typed("6")),
        ("0", Typed("0")),
        ("2026", Typed("2026")),
        ("はい", Typed("はい")),
        ("１", Tapped("c1:topic:start")),
        ("", Typed("")),
    ],
    ids=repr,
)
def test_a_number_is_a_tap_and_everything_else_is_words(terminal: TerminalChannel, line: str, heard: Heard) -> None:
    terminal.show((WORDS, QUESTION))
    assert terminal.heard(line) == heard


def test_numbers_of_an_older_screen_mean_nothing(terminal: TerminalChannel) -> None:
    terminal.show((QUESTION,))
    terminal.show((WORDS,))
    assert terminal.heard("1") == Typed("1")


def test_picker_and_page_are_shown_as_words(terminal: TerminalChannel, paper: StringIO) -> None:
    picker = Picker(PickerKind.DATE, "日をえらぶ", "d")
    terminal.show((Message("いつ。", picker=picker, page=Page("書く", "answer", "http://127.0.0.1/p/1")),))
    assert "日をえらぶ" in paper.getvalue()
    assert "書く: http://127.0.0.1/p/1" in paper.getvalue()


def test_residents_words_are_neither_markup_nor_commands(terminal: TerminalChannel, paper: StringIO) -> None:
    terminal.show((Message("[red]x[/red] \x1b[2J\x07 [link=http://evil.example]y[/link]"),))
    assert "[red]x[/red] [2J [link=http://evil.example]y[/link]" in paper.getvalue()
    assert "\x1b" not in paper.getvalue()
