"""A talk as a plain text file, for whoever wants to keep it: the same lines that their page shows, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from bot.web import bubbles
from dialogs.words import Words, bare, bracketed
from storage.window import Line

MOST_LINES = 5000


def as_text(lines: Sequence[Line], words: Words, zone: tzinfo) -> str:
    """Each thing said as one paragraph under its time and who said it; taps by the words of their button."""
    labels: dict[str, str] = {}
    paragraphs = []
    for line in lines:
        drawn = bubbles.drawn(line)
        if drawn is None:
            continue
        for button in (*drawn.get("buttons", ()), *([drawn["picker"]] if "picker" in drawn else ())):
            labels[button["tap"]] = _plain(button["label"])
        told = "\n".join(_told(drawn, words, labels))
        if told:
            paragraphs.append(f"{_when(line.at, zone)} {_who(drawn, words)}\n{told}\n")
    return "\n".join(paragraphs)


def _told(drawn: dict[str, Any], words: Words, labels: dict[str, str]) -> Iterator[str]:
    if drawn.get("withdrawn"):
        yield bracketed(words.say("chat.withdrawn"))
    if drawn.get("thing"):
        yield bracketed(words.say("chat.thing"))
    if "text" in drawn:
        yield _plain(drawn["text"])
    if "value" in drawn:
        yield drawn["value"].replace("T", " ")
    elif drawn.get("tap") in labels:
        yield labels[drawn["tap"]]
    # The address of a private page opens it: in a file that may be handed on it has no place.


def _who(drawn: dict[str, Any], words: Words) -> str:
    named = f" {drawn['name']}" if drawn.get("name") else ""
    return bare(words.say(f"chat.{drawn['who']}")) + named


def _when(at: datetime, zone: tzinfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _plain(pieces: Sequence[Sequence[str | None]]) -> str:
    return "".join(f"{base}({reading})" if reading else str(base) for base, reading in pieces)
