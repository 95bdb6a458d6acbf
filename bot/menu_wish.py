"""Which rich menu the people of a visit, or of a deed at the desk, should see from now on."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.menus import stage_of
from bot.visit import Visit
from dialogs.session import Session
from storage import cases, people
from storage.crypt import Vault
from storage.line_menus import Wanted
from storage.people import Contact

CHANNEL = "line"


def menus_wanted(visit: Visit) -> list[Wanted]:
    """For the contacts on LINE of somebody who was heard."""
    held = None
    if visit.case:
        held = visit.case.holder is not None and not visit.released
    elif visit.openings:
        held = False
    stage = stage_of(visit.session.consented is not None, held and not visit.session.refused)
    known = [one for one in visit.person.contacts if visit.reachable.get(one.id)]
    return _each(known, stage, visit.session.language, visit.large, visit.came)


def menus_of(conn: Connection, vault: Vault, person_id: int) -> list[Wanted]:
    """For the contacts on LINE of a person, as they and their case stand now."""
    person = people.load(conn, vault, [person_id])[person_id]
    case = cases.of_person_open(conn, [person_id]).get(person_id)
    stage = stage_of(Session.from_json(person.session).consented is not None, case.holder is not None if case else None)
    return _each(person.contacts, stage, person.language, None, False)


def _each(contacts: Sequence[Contact], stage: str, language: str, large: bool | None, anew: bool) -> list[Wanted]:
    return [Wanted(one.id, one.person_id, stage, language, large, anew) for one in contacts if one.channel == CHANNEL]
