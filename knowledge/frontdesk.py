"""Knows the questions that every front desk hears: the telephone, the way, the mail, the hours, the days off."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from pathlib import Path

import tomli

from knowledge.plain import plain

QUESTIONS = Path(__file__).parent / "frontdesk.toml"
_LONGEST = 40  # signs; whoever writes more asks about something of their own


class Fact(StrEnum):
    """What is asked about the centre itself."""

    PHONE = "phone"
    ADDRESS = "address"
    MAIL = "mail"
    HOURS = "hours"
    CLOSED = "closed"


def asked(text: str) -> Fact | None:
    """The fact that a text asks for and nothing besides, or None: 「電話番号は必要ですか」 is another question."""
    said = plain(text) if len(text) <= _LONGEST * 2 else ""
    if not said or len(said) > _LONGEST:
        return None
    return next((fact for fact, pattern in _patterns() if pattern.fullmatch(said)), None)


@cache
def _patterns() -> tuple[tuple[Fact, re.Pattern[str]], ...]:
    table = tomli.loads(QUESTIONS.read_text(encoding="utf-8"))
    early, late = _any(table["english_before"]), _any(table["english_after"])
    around = {
        "ja": (_any(table["before"]), _any(table["after"])),
        "zh": (_any(table["chinese_before"]), _any(table["chinese_after"])),
        "ko": (_any(table["korean_before"]), _any(table["korean_after"])),
    }
    return tuple(
        (
            fact,
            re.compile(
                f"(?:(?:{early}) )*(?:{_any(table[fact]['en'])})(?: (?:{late}))*|"
                + "|".join(
                    f"(?:{before})*(?:{_any(table[fact][language])})(?:{after})*"
                    for language, (before, after) in around.items()
                )
            ),
        )
        for fact in Fact
    )


def _any(words: list[str]) -> str:
    return "|".join(re.escape(plain(word)) for word in words)
