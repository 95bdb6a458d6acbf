"""Ranks subjects by how well their wordings and words explain a question: character grams and words, BM25 weights."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.plain import folded

# BM25's saturation; there is no length normalisation, because a subject with more wordings is not a worse answer.
_SATURATION = 0.6
_BODY_SHARE = 0.4  # a gram of the details counts this much of a gram of a wording
_WORDING_SHARE = 0.25  # of the score that the single nearest wording gives; the rest is the subject as a whole
_CHARACTER = 0.5  # a character alone, of a pair of telling ones
_HALF_QUIET_PAIR = 0.6  # a pair of a telling character and a hiragana
_QUIET_THREE = 0.35  # inflections and particles say little, but kana-only typing has nothing else
_UNKNOWN = 0.6  # a gram that nobody has used counts this much of the rarest known one, as something not explained
_COMMON = 0.3  # a gram that this share of the subjects know tells nothing
_WORD = re.compile(r"[a-z0-9]+")
_WIDE_RUN = re.compile(r"[^\x00-\x7f]+")
_QUIET = frozenset(chr(code) for code in range(0x3041, 0x3097)) | {"ー"}  # hiragana: particles and inflections
_WORD_SHARE = 1.5
_EVIDENCE_OF_WORD = 1.5
_STOPWORDS = frozenset(
    re.findall(
        "[a-z]+",
        "a an the i we you he she it they my our your me us is are was be been am do does did to of in on at for and or"
        " with by as this that these those there what how can could would should will shall may have has had please if"
        " so about from want like need any some get",
    )
)


@dataclass(frozen=True)
class Entry:
    """A text to be found: its subject, and whether it is a way of asking (else it is body text)."""

    subject: str
    text: str
    asked: bool = True


@dataclass(frozen=True)
class Ranked:
    """How well a subject fits, each 0 to 1: `nearest` by its best wording, `cover` by the explained share.

    `evidence` counts the pairs of characters (1 each) and the words (1.5 each) that it shares with the question.
    """

    subject: str
    score: float
    nearest: float
    cover: float
    evidence: float


class Index:
    """Built once from its entries; `rank` is a pure look-up."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        entries = tuple(entries)
        self._subjects = tuple(sorted({entry.subject for entry in entries}))
        number = {subject: at for at, subject in enumerate(self._subjects)}
        asked: list[tuple[int, dict[str, float]]] = []
        known: list[dict[str, float]] = [{} for _ in self._subjects]
        for entry in entries:
            found, subject = grams(entry.text), number[entry.subject]
            share = 1.0 if entry.asked else _BODY_SHARE
            for gram, weight in found.items():
                known[subject][gram] = known[subject].get(gram, 0.0) + weight * share
            if entry.asked:
                asked.append((subject, found))
        self._rarity, self._common = _weigh(known)
        self._unknown = max(self._rarity.values(), default=1.0) * _UNKNOWN
        self._known_by = self._subject_postings(known)
        self._said_by = self._wording_postings(asked)

    def _subject_postings(self, known: list[dict[str, float]]) -> dict[str, list[tuple[int, float]]]:
        postings: dict[str, list[tuple[int, float]]] = {}
        for subject, counted in enumerate(known):
            for gram, often in counted.items():
                if gram in self._rarity:
                    postings.setdefault(gram, []).append((subject, often / (often + _SATURATION)))
        return postings

    def _wording_postings(self, asked: list[tuple[int, dict[str, float]]]) -> list[dict[str, list[tuple[int, float]]]]:
        postings: list[dict[str, list[tuple[int, float]]]] = [{} for _ in self._subjects]
        for wording, (subject, found) in enumerate(asked):
            # Single characters say which subject, hardly which of its wordings, and would cost the most: not here.
            weights = {
                gram: weight * self._rarity[gram]
                for gram, weight in found.items()
                if gram in self._rarity and len(gram) > 1
            }
            length = math.sqrt(sum(weight * weight for weight in weights.values()))
            for gram, weight in weights.items():
                postings[subject].setdefault(gram, []).append((wording, weight / length))
        return postings

    def rank(self, question: str, at_most: int = 5) -> list[Ranked]:
        """The best subjects for a question, best first; nothing where no gram is known."""
        weights = {
            gram: weight * self._rarity.get(gram, self._unknown)
            for gram, weight in grams(question).items()
            if gram not in self._common
        }
        total = sum(weights.values())
        covers: dict[int, float] = {}
        for gram, weight in weights.items():
            for subject, strength in self._known_by.get(gram, ()):
                covers[subject] = covers.get(subject, 0.0) + weight * strength
        hopeful = sorted(covers, key=lambda subject: (-covers[subject], subject))[:at_most]
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        ranked = [self._ranked(subject, covers[subject] / total, weights, length) for subject in hopeful]
        return sorted(ranked, key=lambda one: (-one.score, one.subject))

    def _ranked(self, subject: int, cover: float, weights: dict[str, float], length: float) -> Ranked:
        said = self._said_by[subject]
        alike: dict[int, float] = {}
        evidence = 0.0
        for gram in weights.keys() & said.keys():
            weight = weights[gram]
            evidence += _EVIDENCE_OF_WORD if gram.isascii() else float(len(gram) == 2)
            for wording, strength in said[gram]:
                alike[wording] = alike.get(wording, 0.0) + weight * strength
        nearest = max(alike.values(), default=0.0) / length
        score = _WORDING_SHARE * nearest + (1 - _WORDING_SHARE) * cover
        return Ranked(self._subjects[subject], score, nearest, cover, evidence)


def _weigh(known: list[dict[str, float]]) -> tuple[dict[str, float], frozenset[str]]:
    spread = Counter(gram for counted in known for gram in counted)
    total = len(known)
    rarity = {gram: math.log(1 + (total - n + 0.5) / (n + 0.5)) for gram, n in spread.items()}
    common = frozenset(gram for gram, n in spread.items() if n > max(3, total * _COMMON))
    return {gram: weight for gram, weight in rarity.items() if gram not in common}, common


def grams(text: str) -> dict[str, float]:
    """What a text is compared by: its wide characters, their pairs, threes of hiragana, and stemmed English words."""
    found: dict[str, float] = {}
    even = folded(text)
    for run in _WIDE_RUN.findall(even):
        last, loud_before, quiet_run = "", False, 0
        for at, character in enumerate(run):
            loud = character not in _QUIET
            quiet_run = 0 if loud else quiet_run + 1
            if loud:
                found[character] = _CHARACTER
            if last and (loud or loud_before):
                found[last + character] = 1.0 if loud and loud_before else _HALF_QUIET_PAIR
            elif quiet_run >= 3:
                found[run[at - 2 : at + 1]] = _QUIET_THREE
            last, loud_before = character, loud
    for word in _WORD.findall(even):
        if word not in _STOPWORDS:
            found[_stem(word)] = _WORD_SHARE
    return found


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
