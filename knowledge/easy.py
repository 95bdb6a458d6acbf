"""Reads やさしい日本語 as a careful teacher would and names what is hard in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

from knowledge.plain import bare

RULES = Path(__file__).parent / "easy.toml"
_MARKED = re.compile(r"\{[^{}|]+\|[^{}|]+\}")
_KANJI = re.compile(r"[一-龠々]")
_LOANWORD = re.compile(r"[ァ-ヴ][ァ-ヴー]{2,}")
_SENTENCE = re.compile(r"[^。!?!?\n]+[。!?!?]?")
_SAID_APART = re.compile(r"「[^」]*」|『[^』]*』")
_NEGATION = re.compile(r"ません|ない(?!よう)")


@dataclass(frozen=True)
class _Rules:
    longest: int
    loanwords: frozenset[str]
    instead: dict[str, str]


def hard(text: str) -> list[str]:
    """What is hard in a text whose readings are marked `{漢字|かんじ}`, a line each with what to do.

    Too long, kanji without a reading, negated twice, borrowed, or a hard turn of phrase; [] when it is easy.
    """
    return [line for sentence in _SENTENCE.findall(text) for line in _hard(sentence.strip())]


def _hard(sentence: str) -> list[str]:
    rules, shown = _rules(), bare(sentence)
    found: list[str] = []
    if len(shown) > rules.longest:
        found.append(f"{shown}: {len(shown)} signs; make two sentences of it (at most {rules.longest})")
    if kanji := "".join(_KANJI.findall(_MARKED.sub("", sentence))):
        found.append(f"{shown}: no reading for {kanji}; write {{漢字|かんじ}}")
    own = _SAID_APART.sub("", shown)
    found += [f"{shown}: {turn}; say {mend}" for turn, mend in rules.instead.items() if turn in own]
    if len(_NEGATION.findall(own)) > 1:
        found.append(f"{shown}: negated twice; say what is so")
    found += [
        f"{shown}: {word}; say it in Japanese, or add it to the accepted loanwords of {RULES.name}"
        for word in _LOANWORD.findall(own)
        if word not in rules.loanwords
    ]
    return found


@cache
def _rules() -> _Rules:
    table = tomli.loads(RULES.read_text(encoding="utf-8"))
    return _Rules(table["longest"], frozenset(table["loanwords"]), table["instead"])
