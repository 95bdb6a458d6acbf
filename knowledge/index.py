"""Ranks subjects by how well their known wordings and their words explain a question: character grams and words, BM25 weights."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.plain import folded, to_hiragana

# BM25's saturation; there is no length normalisation, because a subject with more wordings is not a worse answer.
_SATURATION = 1.2
_BODY_SHARE = 0.25  # a gram of the details counts this much of a gram of a wording
_WORDING_SHARE = 0.6  # of the score that the single nearest wording gives; the rest is the subject as a whole
_HIRAGANA_ONLY = 0.35  # inflections and particles say little, but kana-only typing has nothing else
_COMMON = 0.45  # a gram that this share of the subjects know tells nothing
_WORD = re.compile(r"[a-z0-9]+")
_WIDE_RUN = re.compile(r"[^\x00-\x7f]+")
_HIRAGANA = re.compile(r"[ぁ-んー]+")
_KATAKANA = re.compile(r"[ァ-ヶー]+")
_STOPWORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "i",
        "we",
        "you",
        "he",
        "she",
        "it",
        "they",
        "my",
        "our",
        "your",
        "me",
        "us",
        "is",
        "are",
        "was",
        "be",
        "been",
        "am",
        "do",
        "does",
        "did",
        "to",
        "of",
        "in",
        "on",
        "at",
        "for",
        "and",
        "or",
        "with",
        "by",
        "as",
        "this",
        "that",
        "these",
        "those",
        "there",
        "what",
        "how",
        "can",
        "could",
        "would",
        "should",
        "will",
        "shall",
        "may",
        "have",
        "has",
        "had",
        "please",
        "if",
        "so",
        "about",
        "from",
        "want",
        "like",
        "need",
        "any",
        "some",
        "get",
    ]
)


@dataclass(frozen=True)
class Entry:
    """A text to be found: its subject, and whether it is a way of asking (else it is body text)."""

    subject: str
    text: str
    asked: bool = True


@dataclass(frozen=True)
class Ranked:
    """How well a subject fits: `score` of 0 to 1, `nearest` its best single wording, `cover` the explained share of the question."""

    subject: str
    score: float
    nearest: float
    cover: float


class Index:
    """Built once from its entries; `rank` is a pure look-up."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        entries = tuple(entries)
        self._subjects = tuple(sorted({entry.subject for entry in entries}))
        number = {subject: at for at, subject in enumerate(self._subjects)}
        grams_of = [(number[entry.subject], entry.asked, grams(entry.text)) for entry in entries]
        known: dict[int, dict[str, float]] = {at: {} for at in range(len(self._subjects))}
        for subject, asked, found in grams_of:
            for gram, weight in found.items():
                share = 1.0 if asked else _BODY_SHARE
                known[subject][gram] = known[subject].get(gram, 0.0) + weight * share
        self._rarity, self._common = _weigh(known)
        self._unknown = max(self._rarity.values(), default=1.0) * 0.5
        self._known_by = self._subject_postings(known)
        self._owner, self._said_in = self._wording_postings(grams_of)

    def _subject_postings(self, known: dict[int, dict[str, float]]) -> dict[str, list[tuple[int, float]]]:
        postings: dict[str, list[tuple[int, float]]] = {}
        for subject, counted in known.items():
            for gram, often in counted.items():
                if gram in self._rarity:
                    strength = often * (_SATURATION + 1) / (often + _SATURATION) / (_SATURATION + 1)
                    postings.setdefault(gram, []).append((subject, strength))
        return postings

    def _wording_postings(
        self, grams_of: list[tuple[int, bool, dict[str, float]]]
    ) -> tuple[list[int], dict[str, list[tuple[int, float]]]]:
        owner: list[int] = []
        postings: dict[str, list[tuple[int, float]]] = {}
        for subject, asked, found in grams_of:
            if not asked:
                continue
            weights = {gram: weight * self._rarity[gram] for gram, weight in found.items() if gram in self._rarity}
            length = math.sqrt(sum(weight * weight for weight in weights.values()))
            for gram, weight in weights.items():
                postings.setdefault(gram, []).append((len(owner), weight / length))
            owner.append(subject)
        return owner, postings

    def rank(self, question: str, at_most: int = 5) -> list[Ranked]:
        """The best subjects for a question, best first; nothing where no gram is known."""
        weights = {
            gram: weight * self._rarity.get(gram, self._unknown)
            for gram, weight in grams(question).items()
            if gram not in self._common
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        total = sum(weights.values())
        if not total:
            return []
        nearest = self._nearest(weights, length)
        covers: dict[int, float] = {}
        for gram, weight in weights.items():
            for subject, strength in self._known_by.get(gram, ()):
                covers[subject] = covers.get(subject, 0.0) + weight * strength
        ranked = [
            Ranked(
                self._subjects[subject],
                _WORDING_SHARE * nearest.get(subject, 0.0) + (1 - _WORDING_SHARE) * cover / total,
                nearest.get(subject, 0.0),
                cover / total,
            )
            for subject, cover in covers.items()
        ]
        ranked.sort(key=lambda one: (-one.score, one.subject))
        return ranked[:at_most]

    def _nearest(self, weights: dict[str, float], length: float) -> dict[int, float]:
        alike: dict[int, float] = {}
        for gram, weight in weights.items():
            for wording, strength in self._said_in.get(gram, ()):
                alike[wording] = alike.get(wording, 0.0) + weight * strength
        nearest: dict[int, float] = {}
        for wording, product in alike.items():
            subject = self._owner[wording]
            closeness = product / length
            if closeness > nearest.get(subject, 0.0):
                nearest[subject] = closeness
        return nearest


def _weigh(known: dict[int, dict[str, float]]) -> tuple[dict[str, float], frozenset[str]]:
    spread = Counter(gram for counted in known.values() for gram in counted)
    total = len(known)
    rarity = {gram: math.log(1 + (total - n + 0.5) / (n + 0.5)) for gram, n in spread.items()}
    common = frozenset(gram for gram, n in spread.items() if n > max(3, total * _COMMON))
    return {gram: weight for gram, weight in rarity.items() if gram not in common}, common


def grams(text: str) -> dict[str, float]:
    """What a text is compared by: grams of 2 and 3 wide characters, and stemmed English words, each with its weight."""
    found: dict[str, float] = {}
    even = folded(text)
    for run in _WIDE_RUN.findall(even):
        padded = run if len(run) > 1 else f" {run} "
        for size in (2, 3):
            for at in range(len(padded) - size + 1):
                _note(found, padded[at : at + size], size)
    for word in _WORD.findall(even):
        if word not in _STOPWORDS:
            found[_stem(word)] = 1.5
    return found


def _note(found: dict[str, float], gram: str, size: int) -> None:
    if _HIRAGANA.fullmatch(gram):
        if size == 3:
            found[gram] = _HIRAGANA_ONLY
        return
    found[gram] = 1.0
    if size == 3 and _KATAKANA.fullmatch(gram):
        found.setdefault(to_hiragana(gram), _HIRAGANA_ONLY)


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
