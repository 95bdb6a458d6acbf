"""Binds texts into the arrays that the index looks things up in, with BM25F weights; done once, and kept on disk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.postings import Floats, Postings, Whole, gather
from knowledge.reading import NOTHING, Read, read

# How much a word, a character or pair, three of sound, and a word of the same meaning weigh.
SHARES = {"w": 1.0, "c": 0.3, "s": 0.2, "m": 0.9}
ASKED = 3.0  # a term of a wording counts as much as three of the body
SATURATION = 1.2  # BM25's k1
EVEN_ASKED = 0.75  # BM25's b: how far long texts are held against a subject
EVEN_BODY = 0.75

_Numbers = NDArray[np.signedinteger[Any]]
_Columns = tuple[Whole, Whole, Whole]


@dataclass(frozen=True)
class Bound:
    """Subjects in order of name, terms by number with their rarity, and who holds which.

    `explains` says how much a term explains in each subject, `likens` what it adds to the likeness of each wording,
    both with the term's share. `first_wording` says where each subject's wordings begin; there are `wordings` in all,
    at least one each. `odds` are for some kinds of subjects how much each term speaks for them (see knowledge.tone).
    """

    subjects: tuple[str, ...]
    vocabulary: dict[str, int]
    rarity: Floats
    explains: Postings
    likens: Postings
    first_wording: Whole
    wordings: int
    odds: dict[str, Floats] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that the arrays and the vocabulary take, about."""
        arrays = (self.rarity, self.first_wording, *vars(self.explains).values(), *vars(self.likens).values())
        return int(sum(one.nbytes for one in arrays)) + 120 * len(self.vocabulary)


Triples = Sequence[tuple[str, str, bool]]


def bind(entries: Iterable[tuple[str, str, bool]], before: Read = NOTHING) -> Bound:
    """Bound (subject, text, whether it is a way of asking) triples; what was read `before` is not read again."""
    ordered = in_order(entries)
    return bound_of(ordered, read([text for _, text, _ in ordered], before))


def in_order(entries: Iterable[tuple[str, str, bool]]) -> Triples:
    """The entries by subject, the ways of asking first."""
    return sorted(entries, key=lambda entry: (entry[0], not entry[2]))


def bound_of(ordered: Triples, texts: Read) -> Bound:
    """Bound entries that stand in order, with their texts as they were read."""
    subjects = tuple(dict.fromkeys(subject for subject, _, _ in ordered))
    number = {subject: at for at, subject in enumerate(subjects)}
    vocabulary = texts.vocabulary
    subject_of: list[int] = []
    holder: list[int] = []  # the wording that a way of asking is, the subject that a body belongs to
    for subject, _, is_asked in ordered:
        if is_asked or not subject_of or subject_of[-1] != number[subject]:
            subject_of.append(number[subject])  # a subject without a wording gets an empty one
        holder.append(len(subject_of) - 1 if is_asked else number[subject])
    whose = np.array(subject_of, dtype=np.int32)
    (wording, wording_term, wording_often), body = _parted(ordered, holder, texts)
    whole = _joined(whose[wording], wording_term, wording_often, len(vocabulary))
    bodies = _joined(*body, len(vocabulary))
    del body, wording_often  # of thousands of entries each of these is tens of megabytes
    ways = np.array([list(SHARES).index(term[0]) for term in vocabulary], dtype=np.int32)
    share = np.array([SHARES[term[0]] for term in vocabulary], dtype=np.float32)
    held_by, term, often = _explained(whole, bodies, ways, len(subjects))
    del whole, bodies
    spread = np.bincount(term, minlength=len(vocabulary))
    rarity: Floats = np.log1p((len(subjects) - spread + 0.5) / (spread + 0.5)).astype(np.float32)
    explained = rarity[term] * share[term] * often / (often + SATURATION)
    likened = _likened(wording, wording_term, np.where(ways == 3, 0, rarity * share), len(subject_of))
    return Bound(
        subjects,
        vocabulary,
        rarity,
        gather(term, held_by, explained, len(vocabulary)),
        gather(wording_term, wording, likened, len(vocabulary)),
        np.searchsorted(whose, np.arange(len(subjects), dtype=np.int32)).astype(np.int32),
        len(subject_of),
    )


def _parted(ordered: Triples, holder: Sequence[int], texts: Read) -> tuple[_Columns, _Columns]:
    """Holder, term and how often, of the ways of asking and of the bodies."""
    entry, term, often = texts.columns()
    is_asked = np.array([one[2] for one in ordered], dtype=np.bool_)[entry]
    held_by = np.array(holder, dtype=np.int32)[entry]
    asked, body = ((held_by[some], term[some], often[some]) for some in (is_asked, ~is_asked))
    return asked, body


def _joined(subject: Whole, term: Whole, often: Whole, terms_known: int) -> tuple[_Numbers, Floats]:
    """One key for each pair of subject and term, in order, and how often the term occurs there in all."""
    few = (int(subject.max(initial=0)) + 1) * max(1, terms_known) < np.iinfo(np.int32).max  # then half the memory does
    wide: _Numbers = subject if few else subject.astype(np.int64)
    return _summed(wide * terms_known + term, often.astype(np.float32))


def _summed(keys: _Numbers, often: Floats) -> tuple[_Numbers, Floats]:
    """Each key once, in order, with its sum; in half of the memory that numpy's own way takes."""
    if not len(keys):
        return keys, often
    order = np.argsort(keys, kind="stable")
    keys, often = keys[order], often[order]
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[begins], np.add.reduceat(often, begins)


def _explained(
    whole: tuple[_Numbers, Floats], body: tuple[_Numbers, Floats], ways: Whole, subjects: int
) -> tuple[_Numbers, _Numbers, Floats]:
    """Subject, term and how often it counts there (BM25F), for every pair of them."""
    counted = [
        (keys, weight * _evened(keys, often, ways, subjects, even))
        for (keys, often), weight, even in ((whole, ASKED, EVEN_ASKED), (body, 1.0, EVEN_BODY))
    ]
    keys, often = _summed(
        np.concatenate([keys for keys, _ in counted]), np.concatenate([often for _, often in counted])
    )
    return *divmod(keys, max(1, len(ways))), often


def _evened(keys: _Numbers, often: Floats, ways: Whole, subjects: int, even: float) -> Floats:
    """How often, held against the length of the subject's text, each way of looking by itself."""
    subject, term = divmod(keys, max(1, len(ways)))
    cell = subject * len(SHARES) + ways[term]
    lengths = np.bincount(cell, weights=often, minlength=subjects * len(SHARES))
    usual = np.maximum(lengths.reshape(-1, len(SHARES)).sum(axis=0) / max(1, subjects), 1e-9)
    evened: Floats = (often / (1 - even + even * lengths[cell] / usual[ways[term]])).astype(np.float32)
    return evened


def _likened(wording: Whole, term: Whole, weight: Floats, wordings: int) -> Floats:
    """What each term of each wording adds to the likeness with a question that has it: its weight twice, evened."""
    own = weight[term]
    length = np.sqrt(np.bincount(wording, weights=own * own, minlength=wordings))
    likened: Floats = (own * own / np.maximum(length[wording], 1e-9)).astype(np.float32)
    return likened
