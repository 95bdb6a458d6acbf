"""Two conversations of one person become one, and two again; the form under way goes back to whoever began it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dialogs.session import Session

_FORM = ("flow", "revision", "answers", "reopened", "picked", "half", "aside")
_FRESH = vars(Session())
_NO_FORM = {name: _FRESH[name] for name in _FORM}


@dataclass(frozen=True)
class Runs:
    """The numbers of the forms under way when two became one: of either side, 0 for none, and of the one that goes on.

    `taken` tells that it is the other's.
    """

    keeper: int
    other: int
    joint: int
    taken: bool


def _form(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in _FORM}


def united(keeper: Session, other: Session) -> tuple[Session, Runs]:
    """The one conversation, and which form goes on in it.

    A form under way at the keeper's goes on; only without one does the other's. The run gets a number that neither
    had: an old button of either side then belongs to no form, and can change none.
    """
    runs = Runs(
        keeper=keeper.run if keeper.flow else 0,
        other=other.run if other.flow else 0,
        joint=max(keeper.run, other.run) + 1,
        taken=keeper.flow is None and other.flow is not None,
    )
    form = _form(other) if runs.taken else {}
    return keeper.kept(**form, run=runs.joint, finished=(), wants=None), runs


def divided(joint: Session, own: Session, taken: int) -> tuple[Session, Session]:
    """What the keeper goes on with, and what whoever leaves does: their own as it was, or the form that was theirs.

    A refusal while they were one holds for both: nothing of either is kept.
    """
    back = taken != 0
    goes = back and joint.flow is not None and joint.run == taken
    form = _form(joint) if goes else _NO_FORM if back else {}
    consent = {"consented": joint.consented, "refused": joint.refused, "met": True}
    leaving = own.kept(**form, **consent, run=joint.run + 1, finished=(), wants=None, seen_at=joint.seen_at)
    return joint.kept(**(_NO_FORM if goes else {}), wants=None), leaving
