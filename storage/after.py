"""What is asked after a case, and what people said: the row is the case's, the figures outlive it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, insert, select, text, update

from storage import tally
from storage.after_tables import follow_up
from storage.tables import case_file

_PREFIX = "after:"

_f = follow_up.c
_PLAN = insert(follow_up)
_DROP = follow_up.delete().where(_f.case_id == bindparam("of"))
_DROP_UNASKED = follow_up.delete().where(_f.case_id == bindparam("of"), _f.asked_at.is_(None))
_DUE = (
    select(_f.id, _f.case_id, _f.stage)
    .where(text("follow_up.asked_at IS NULL"), _f.due_at <= bindparam("now"))
    .order_by(_f.due_at, _f.id)
    .limit(bindparam("at_most"))
)
_ASKED = update(follow_up).where(_f.id == bindparam("of"), _f.asked_at.is_(None)).values(asked_at=bindparam("now"))
_LATER = update(follow_up).where(_f.id == bindparam("of")).values(due_at=bindparam("until"))
_SAID = select(_f.id, _f.answer, _f.holder, _f.asked_at).where(
    _f.case_id == bindparam("of"), _f.stage == bindparam("at_stage")
)
_STANDS = (
    select(_f.id)
    .select_from(follow_up.join(case_file, case_file.c.id == _f.case_id))
    .where(
        case_file.c.ref == bindparam("of"),
        case_file.c.person_id == bindparam("whose"),
        _f.stage == bindparam("at_stage"),
        _f.asked_at.is_not(None),
    )
)
_ANSWERS = (
    select(func.count())
    .select_from(follow_up.join(case_file, case_file.c.id == _f.case_id))
    .where(case_file.c.person_id == bindparam("whose"), _f.answer.is_not(None))
)
_ANSWER = update(follow_up).where(_f.id == bindparam("of")).values(answer=bindparam("said"))


@dataclass(frozen=True)
class Planned:
    """To be asked at `due_at`; `asked` when it is asked in this very moment."""

    stage: str
    due_at: datetime
    asked: bool = False


@dataclass(frozen=True)
class Due:
    """A question whose time has come."""

    id: int
    case_id: int
    stage: str


def plan(conn: Connection, case_id: int, holder: int, planned: Sequence[Planned]) -> None:
    """What will be asked about a case that was closed by `holder`, in place of anything planned before."""
    conn.execute(_DROP, {"of": case_id})
    rows = [
        {
            "case_id": case_id,
            "stage": one.stage,
            "due_at": one.due_at,
            "asked_at": one.due_at if one.asked else None,
            "holder": holder,
        }
        for one in planned
    ]
    if rows:
        conn.execute(_PLAN, rows)


def drop(conn: Connection, case_id: int) -> None:
    """The case goes on: nothing more is asked about its end."""
    conn.execute(_DROP_UNASKED, {"of": case_id})


def due(conn: Connection, now: datetime, at_most: int) -> list[Due]:
    """The questions whose time has come, the oldest first."""
    return [Due(*row) for row in conn.execute(_DUE, {"now": now, "at_most": at_most})]


def asked(conn: Connection, follow_up_id: int, now: datetime) -> bool:
    """It was asked, or never will be: once for ever. False when it was already, or is planned no more."""
    return conn.execute(_ASKED, {"of": follow_up_id, "now": now}).rowcount == 1


def postpone(conn: Connection, follow_up_id: int, until: datetime) -> None:
    """Not now."""
    conn.execute(_LATER, {"of": follow_up_id, "until": until})


def stands(conn: Connection, person_id: int, ref: str, stage: str) -> bool:
    """Whether this was asked about a case of this person, and the case was not closed anew since."""
    return conn.execute(_STANDS, {"of": ref, "whose": person_id, "at_stage": stage}).first() is not None


@dataclass(frozen=True)
class Answered:
    """What somebody said to a question: whether they had not said so before, and who had the case."""

    new: bool
    holder: int | None


def answer(conn: Connection, case_id: int, stage: str, said: str) -> Answered | None:
    """What the person says to a question that was asked, None for one that was not. The last counts."""
    row = conn.execute(_SAID, {"of": case_id, "at_stage": stage}).first()
    if row is None or row.asked_at is None:
        return None
    if row.answer == said:
        return Answered(False, row.holder)
    conn.execute(_ANSWER, {"of": row.id, "said": said})
    figures = {_figure(stage, said): 1}
    if row.answer is not None:
        figures[_figure(stage, row.answer)] = -1
    tally.add(conn, figures)
    return Answered(True, row.holder)


def count_of_person(conn: Connection, person_id: int) -> int:
    """How many answers of this person are kept, for their own question only."""
    return conn.execute(_ANSWERS, {"whose": person_id}).scalar_one()


def figures(conn: Connection) -> dict[tuple[str, str], int]:
    """How often each answer was given, by stage and answer; also of people who are forgotten since."""
    found = tally.under(conn, _PREFIX)
    return {(stage, said): n for key, n in found.items() for stage, _, said in [key.partition(":")]}


def _figure(stage: str, said: str) -> str:
    return f"{_PREFIX}{stage}:{said}"
