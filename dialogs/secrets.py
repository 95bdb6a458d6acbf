"""Find numbers that nobody may write into a chat: an individual number (マイナンバー) or a payment card's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dialogs.fold import fold
from dialogs.problem import Problem

# Twelve digits or more of any script with at most three signs of spacing between two. Only these runs are folded:
# a whole text of 100,000 signs would take a second. A run is looked at up to its 4,000th sign.
_RUN = re.compile(r"\d(?:(?:[^\w+]|ー){0,3}\d){11,}")
_LONGEST = 4000
_GAP = "[ -]{0,2}"
_EDGE = r"(?<![0-9+])"  # +81 90 … is a telephone
_MY_NUMBER = re.compile(rf"{_EDGE}(?=([0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}})(?![0-9]))")
_CARD = re.compile(
    rf"{_EDGE}(?=([2-6](?:[0-9]{{3}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"
    rf"|[0-9]{{3}}{_GAP}[0-9]{{6}}{_GAP}[0-9]{{4,5}}))(?![0-9]))"
)


def _runs(text: str) -> list[str]:
    """The long runs of digits, folded; a + before one is kept."""
    found = []
    for run in _RUN.finditer(text):
        edge = "+" if text[max(run.start() - 1, 0) : run.start()] in ("+", "\uff0b") else ""
        found.append(edge + fold(run.group()[:_LONGEST]))
    return found


def _held(pattern: re.Pattern[str], runs: list[str]) -> Iterator[list[int]]:
    for run in runs:
        for match in pattern.finditer(run):
            yield [int(sign) for sign in match[1] if sign.isdigit()]


def _my_number_checks(digits: list[int]) -> bool:
    """The last digit checks the rest: weights 2–7, 2–6 from the right, modulo 11 (MIC Ordinance 85 of 2014, art. 5)."""
    left = sum(digit * (at % 6 + 2) for at, digit in enumerate(reversed(digits[:11]))) % 11
    return digits[11] == (0 if left <= 1 else 11 - left)


def _card_checks(digits: list[int]) -> bool:
    """Luhn's sum (ISO/IEC 7812-1, annex B)."""
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _has_my_number(runs: list[str]) -> bool:
    return any(_my_number_checks(digits) for digits in _held(_MY_NUMBER, runs))


def _has_card(runs: list[str]) -> bool:
    return any(_card_checks(digits) for digits in _held(_CARD, runs))


def my_number_like(text: str) -> bool:
    """Whether the text holds twelve digits, in one run or in fours, whose check digit is that of a マイナンバー."""
    return _has_my_number(_runs(text))


def card_like(text: str) -> bool:
    """Whether the text holds 14–16 digits, in one run or in a card's groups, that pass a card's check."""
    return _has_card(_runs(text))


def secret_number(text: str) -> Problem | None:
    """Problem("secret_number") when the text holds either; it says nothing of the number itself."""
    runs = _runs(text)
    return Problem("secret_number") if _has_my_number(runs) or _has_card(runs) else None
