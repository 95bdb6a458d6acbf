"""Cases that belong together, as deeds: one goes into another and back out, two name each other, one is split off."""

from __future__ import annotations

from collections.abc import Sequence

from bot.acts import Act, Done, Refused, Step, not_mine, press_of, settled, whom
from bot.handover import Desk
from storage import cases, clocking, sight, talk, ties
from storage.cases import By, CaseHead, Opening, Who
from storage.ties import Kind, New

MOST = 50  # messages that are split off at once


def merging(ref: str) -> Step:
    """The step by which the holder lets the other case of this reference go into theirs.

    Nothing that was said or agreed on is moved: the page of this case shows that of both. The person hears nothing, for
    nothing changes for them. What somebody else holds stays theirs.
    """

    def step(act: Act) -> Done | Refused:
        other = _other(act, ref)
        if isinstance(other, Refused):
            return other
        if act.head.holder != act.staff.id:
            return not_mine(act)
        if other.person_id != act.person_id:
            return Refused("other_person")
        if other.holder not in {None, act.staff.id}:
            return Refused("not_holder", other.holder_name or "")
        if ties.between(act.conn, act.head.id, other.id, Kind.MERGED):
            return Done()
        if any(one.kind is Kind.MERGED and one.case_id == other.id for one in ties.of_case(act.conn, other.id)):
            return Refused("closed")
        was_open = other.closed_at is None
        new = New(Kind.MERGED, other.id, act.head.id, act.staff.id, was_open, other.holder)
        ties.add(act.conn, new, act.now)
        if was_open:
            cases.close(act.conn, other.id, _by(act), act.now, "merged")
        _both(act, "merged", other)
        return Done()

    return step


def unmerging(desk: Desk, other_id: int) -> Step:
    """The step by which the holder takes a case out again: open as it was, with whoever had it."""

    def step(act: Act) -> Done | Refused:
        if act.head.holder != act.staff.id:
            return not_mine(act)
        tied = ties.between(act.conn, act.head.id, other_id, Kind.MERGED)
        other = cases.head_of(act.conn, other_id)
        if tied is None or other is None or tied.case_id != other_id:
            return Refused("no_case")
        ties.take_out(act.conn, tied, _by(act), act.now)
        clocking.settle(act.conn, desk.mind.clocks, [other_id], act.now)
        return Done()

    return step


def relating(ref: str) -> Step:
    """The step by which the holder lets their case and another, of whomever, name each other."""

    def step(act: Act) -> Done | Refused:
        other = _other(act, ref)
        if isinstance(other, Refused):
            return other
        if act.head.holder != act.staff.id:
            return not_mine(act)
        if ties.between(act.conn, act.head.id, other.id, Kind.RELATED) is None:
            ties.add(act.conn, New(Kind.RELATED, act.head.id, other.id, act.staff.id), act.now)
            _both(act, "related", other)
        return Done()

    return step


def unrelating(other_id: int) -> Step:
    """The step by which the holder takes that back."""

    def step(act: Act) -> Done | Refused:
        if act.head.holder != act.staff.id:
            return not_mine(act)
        tied = ties.between(act.conn, act.head.id, other_id, Kind.RELATED)
        other = cases.head_of(act.conn, other_id)
        if tied is not None and other is not None:
            ties.drop(act.conn, tied)
            _both(act, "unrelated", other)
        return Done()

    return step


def splitting(desk: Desk, lines: Sequence[int], topic: str, key: str) -> Step:
    """The step by which the holder makes a new case of some of what was said, with clocks and a number of its own.

    The messages stay where they were said; the new case points to them. The person is told the number.
    """

    def step(act: Act) -> Done | Refused:
        press = press_of(act, key, "split", ",".join(map(str, lines)))
        if (before := settled(act, press)) is not None:
            return before
        if act.head.holder != act.staff.id:
            return not_mine(act)
        said = talk.some(act.conn, act.vault, list(lines)) if 0 < len(lines) <= MOST else {}
        if not said or len(said) != len(set(lines)) or any(one.case_id != act.head.id for one in said.values()):
            return Refused("no_lines")
        if not press.first(act.conn, act.vault, act.now):
            return Refused("other_words")
        new = cases.open_case(act.conn, act.vault, _opening(act, topic), act.now)
        ties.add(act.conn, New(Kind.SPLIT, act.head.id, new.id, act.staff.id), act.now)
        ties.point(act.conn, new.id, sorted(said))
        clocking.settle(act.conn, desk.mind.clocks, [new.id], act.now)
        _both(act, "split", new)
        desk.tell(act, "person.split", ref=new.ref)
        return Done()

    return step


def _opening(act: Act, topic: str) -> Opening:
    person, head = whom(act)[0], act.head
    return Opening(
        person_id=act.person_id,
        key=person.key,
        contact_id=head.contact_id,
        flow="",
        revision=0,
        topic=topic,
        topics=(topic,),
        urgency=head.urgency,
        mode=head.mode,
        why="split",
        language=head.language,
    )


def _other(act: Act, ref: str) -> CaseHead | Refused:
    """The other case; one that is not there for this member is one that is not there."""
    found = cases.by_ref(act.conn, ref)
    if found is None or not sight.of(act.conn, act.staff).sees(found):
        return Refused("no_case")
    return Refused("same_case") if found.id == act.head.id else found


def _both(act: Act, kind: str, other: CaseHead) -> None:
    ties.both(act.conn, kind, (act.head, other), _by(act), act.now)


def _by(act: Act) -> By:
    return By(Who.STAFF, act.staff.id)
