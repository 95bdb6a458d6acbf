"""The cases of which this member is warned now: the holder first, then the whole desk, then those who lead it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.web.console.due import Due, Scene, due
from bot.web.console.rows import holder, title
from storage import clocking
from storage.cases import CaseHead
from storage.sight import Sight
from storage.staff import Member, Role

SHOWN = 3


@dataclass(frozen=True)
class Breach:
    """A case of which one is warned."""

    id: int
    ref: str
    title: str
    holder: str
    due: Due


def breaches(conn: Connection, member: Member, scene: Scene, sees: Sight) -> tuple[list[Breach], int]:
    """The first few, danger before what breaks first, and how many there are besides (up to a hundred)."""
    concerned = [head for head in clocking.warned(conn) if sees.sees(head) and _concerns(head, member)]
    concerned.sort(key=lambda one: one.why != "urgent")
    near = [(head, said) for head in concerned[:SHOWN] if (said := due(head, scene))]
    found = [Breach(one.id, one.ref, title(one, scene.book), holder(one, member.id), said) for one, said in near]
    return found, len(concerned) - len(found)


def _concerns(head: CaseHead, member: Member) -> bool:
    """Whoever holds a case is warned first; one that nobody holds is everybody's at once."""
    if head.holder == member.id:
        return True
    if member.role is Role.MANAGER:
        return head.warned > 2
    return head.warned > 1 or head.holder is None
