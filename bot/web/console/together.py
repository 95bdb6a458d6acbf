"""The talk of a case with that of the cases that went into it, and with what it points to elsewhere, in one column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.web.console.bubbles import Beside, Bubble, Elsewhere, bubbles
from storage import cases, notes, quotes, sight, talk, things, ties, worklist
from storage.cases import CaseHead
from storage.crypt import Vault
from storage.notes import Note
from storage.sight import Sight
from storage.staff import Member
from storage.talk import Said

_LINES = 2000


@dataclass(frozen=True)
class Whole:
    """Everything said, in order, and everything that colleagues wrote down."""

    talk: list[Bubble]
    notes: list[Note]


def together(conn: Connection, vault: Vault, head: CaseHead, member: Member) -> Whole:
    """As this member sees it: what belongs to a case that is not there for them is left out."""
    seen = sight.of(conn, member)
    parts = [one for one in ties.parts(conn, head) if seen.sees(one)]
    own = _marked(conn, _drawn(conn, vault, head, talk.of_case(conn, vault, head.id, at_most=_LINES)), head, seen)
    others = [
        _away(_drawn(conn, vault, one, talk.of_case(conn, vault, one.id, at_most=_LINES)), Elsewhere(one.id, one.ref))
        for one in parts
    ]
    said = [*own, *(line for part in others for line in part), *_pointed(conn, vault, head, seen)]
    jotted = [note for one in (head, *parts) for note in notes.of_case(conn, vault, one.id)]
    return Whole(sorted(said, key=lambda one: (one.at, one.id)), sorted(jotted, key=lambda one: (one.at, one.id)))


def _drawn(conn: Connection, vault: Vault, head: CaseHead, said: Sequence[Said]) -> list[Bubble]:
    beside = Beside(
        worklist.ways(conn, head.id), things.of_case(conn, head.id), quotes.of_case(conn, vault, head.id), head
    )
    return bubbles(said, beside)


def _away(said: Iterable[Bubble], where: Elsewhere) -> list[Bubble]:
    """Lines of another case: read here, and answered from nowhere."""
    return [replace(one, of=where, answerable=False) for one in said]


def _marked(conn: Connection, said: list[Bubble], head: CaseHead, seen: Sight) -> list[Bubble]:
    """Lines that another case was made of say which."""
    to = ties.points_to(conn, head.id)
    there = seen.among(conn, {case_id for case_id, _ in to.values()})
    known = {line: Elsewhere(*found) for line, found in to.items() if found[0] in there}
    return [replace(one, split=known[one.id]) if one.id in known else one for one in said]


def _pointed(conn: Connection, vault: Vault, head: CaseHead, seen: Sight) -> list[Bubble]:
    """What this case was made of, as it stands where it was said."""
    lines = talk.some(conn, vault, list(ties.pointed(conn, head.id)))
    found: list[Bubble] = []
    for case_id in sorted({one.case_id for one in lines.values() if one.case_id is not None}):
        other = cases.head_of(conn, case_id)
        if other is None or other.person_id != head.person_id:
            continue
        said = [one for one in lines.values() if one.case_id == case_id]
        where = Elsewhere(other.id, other.ref) if seen.sees(other) else Elsewhere(0, "")
        drawn = _drawn(conn, vault, other, said)
        # A file of a case that is not there for this member cannot be opened by them.
        shown = drawn if where.case_id else [replace(one, thing=None) for one in drawn]
        found += _away(shown, where)
    return found
