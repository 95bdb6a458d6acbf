"""Finds cases by words in sealed columns: the index names candidates, and what is shown was opened and holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge

from sqlalchemy import Connection, bindparam, select

from dialogs.fold import fold, run_on
from storage import cases, findable
from storage.casefile import CaseHead
from storage.crypt import Vault
from storage.findable import Kind, Looking, Words
from storage.indexing import column, key_of
from storage.postings import in_all
from storage.queue_tables import search_block
from storage.sight import Sight

LONGEST = 80  # signs of what is searched for
_MOST_TERMS, _MOST_PAIRS = 6, 40
_FIRST, _STEP = 2, 32  # stretches looked at in one statement
_A_HANDFUL = 60  # candidates opened in one statement
_REF = re.compile(r"[0-9a-z]{3}-?[0-9a-z]{4}")
_c = search_block.c
_NEWEST = (
    select(_c.segment)
    .where(_c.segment >= bindparam("low"), _c.segment < bindparam("high"))
    .order_by(_c.segment.desc())
    .limit(1)
)
_BLOCKS = select(_c.segment, _c.pair, _c.lines).where(
    _c.segment.in_(bindparam("among", expanding=True)), _c.pair.in_(bindparam("pairs", expanding=True))
)


@dataclass(frozen=True)
class Hit:
    """The newest words of a case that hold all that was searched for; where each term stands, as (start, end)."""

    words: Words
    places: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Answer:
    """What was found, newest first, one hit a case; `cut`: there may be more, further back. `by_ref` was named."""

    hits: tuple[Hit, ...] = ()
    cut: bool = False
    by_ref: CaseHead | None = None


@dataclass(frozen=True)
class Limits:
    """How much one search does: cases shown, lines opened, and lines looked through that wait for the index."""

    cases: int = 50
    opened: int = 1500
    waiting: int = 1500


USUAL = Limits()


@dataclass
class _Work:
    """One search, and how much it may still open."""

    conn: Connection
    vault: Vault
    looking: Looking
    terms: Sequence[str]
    limits: Limits
    left: int
    cut: bool = False


def terms_of(asked: str) -> list[str]:
    """What is searched for, part by part as spaces part it, folded; nothing while no part has two signs."""
    parts = [run_on(part)[0] for part in asked[:LONGEST].split()]
    terms = list(dict.fromkeys(part for part in parts if part))[:_MOST_TERMS]
    return terms if any(len(one) > 1 for one in terms) else []


def search(conn: Connection, vault: Vault, sight: Sight, asked: str, limits: Limits = USUAL) -> Answer:
    """The cases in sight of which some words hold every term; no terms (terms_of), no hits.

    Whoever sees few cases has only these opened; for others what is out of sight is neither opened nor counted.
    """
    terms = terms_of(asked)
    by_ref = _named(conn, sight, asked)
    if not terms:
        return Answer(by_ref=by_ref)
    work = _Work(conn, vault, Looking(sight), terms, limits, limits.opened)
    streams = [_of_own(work, kind) if sight.own else _of_all(work, kind) for kind in Kind]
    hits: list[Hit] = []
    for hit in merge(*streams, key=lambda one: one.words.at, reverse=True):
        if hit.words.case_id in work.looking.found:
            continue
        if len(hits) == limits.cases:
            work.cut = True
            break
        work.looking.found.add(hit.words.case_id)
        hits.append(hit)
    return Answer(tuple(sorted(hits, key=lambda one: one.words.at, reverse=True)), work.cut, by_ref)


def _named(conn: Connection, sight: Sight, asked: str) -> CaseHead | None:
    """The case whose reference this is, where it is in sight."""
    told = fold(asked).replace(" ", "")
    head = cases.by_ref(conn, told) if _REF.fullmatch(told) else None
    return head if head and sight.sees(head) else None


def _of_own(work: _Work, kind: Kind) -> Iterator[Hit]:
    yield from _holding(work, findable.of_cases(work.conn, work.vault, kind, work.looking, work.left + 1))


def _of_all(work: _Work, kind: Kind) -> Iterator[Hit]:
    """What waits for the index is newer than what is in it, but for words that were changed."""
    many, waiting = findable.tail(work.conn, work.vault, kind, work.looking, work.limits.waiting + 1)
    work.cut = work.cut or many > work.limits.waiting
    indexed = (hit for some in _handfuls(work, kind) for hit in _holding(work, some))
    yield from merge(_holding(work, waiting), indexed, key=lambda one: one.words.at, reverse=True)


def _holding(work: _Work, found: Iterable[Words]) -> Iterator[Hit]:
    for words in found:
        if work.left <= 0:
            work.cut = True
            return
        work.left -= 1
        if places := places_of(words.text, work.terms):
            yield Hit(words, places)


def places_of(said: str, terms: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Where each term first stands in a text, as (start, end); nothing unless all of them do."""
    even, places = run_on(said)
    starts = [even.find(term) for term in terms]
    if min(starts) < 0:
        return ()
    ends = [*places, len(said)]
    spans = [(places[at], ends[at + len(term)]) for at, term in zip(starts, terms, strict=True)]
    return tuple(sorted(spans))


def _handfuls(work: _Work, kind: Kind) -> Iterator[Iterator[Words]]:
    """The candidates that the index names, opened some at a time while somebody asks for more."""
    names: list[int] = []
    for name in _candidates(work, kind):
        names.append(name)
        if len(names) == _A_HANDFUL:
            yield findable.seen(work.conn, work.vault, kind, names, work.looking)
            names = []
    yield findable.seen(work.conn, work.vault, kind, names, work.looking)


def _candidates(work: _Work, kind: Kind) -> Iterator[int]:
    low, high = findable.stretches(kind)
    newest = work.conn.execute(_NEWEST, {"low": low, "high": high}).scalar()
    pairs = {key_of(work.vault, pair) for term in work.terms for pair in findable.pairs(term)}
    wanted = sorted(pairs)[:_MOST_PAIRS]
    upper, step = (newest if newest is not None else low - 1), _FIRST
    while upper >= low and work.left > 0:
        among = range(upper, max(low, upper - step + 1) - 1, -1)
        blocks: dict[int, list[bytes]] = {}
        for segment, pair, lines in work.conn.execute(_BLOCKS, {"among": list(among), "pairs": wanted}):
            blocks.setdefault(segment, []).append(work.vault.unseal(work.vault.house, column(segment, pair), lines))
        for segment in among:
            if len(blocks.get(segment, ())) == len(wanted):
                yield from (findable.first_id(segment) + place for place in in_all(blocks[segment]))
        upper, step = among[-1] - 1, min(2 * step, _STEP)
