"""What a resident sees of an announcement: its words, why they got it, and the way to change or stop it."""

from __future__ import annotations

from collections.abc import Mapping

from dialogs.saying import Message
from dialogs.wishing import under_announcement
from dialogs.words import ORIGINAL, Words


def in_language(texts: Mapping[str, str], language: str) -> str:
    """The text for a language; what was not translated is said in Japanese."""
    return texts.get(language) or texts[ORIGINAL]


def announcement(book: Words, text: str, version: int, *, corrects: bool = False, counted: bool = False) -> Message:
    """One announcement to the segment of this version, with what stands under every one.

    `counted`: its links go through our own door, which it says.
    """
    before = f"{book.say('announce.corrects')}\n\n" if corrects else ""
    under = f"\n{book.say('announce.counted')}" if counted else ""
    return Message(f"{before}{text}\n\n{book.say('announce.foot')}{under}", under_announcement(book, version))
