"""Carries out what people say about grants: how they stand to a call, and what their group is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from bot import laddering
from bot.gathered import Moment, home_of
from bot.notices import Pen
from bot.visit import Visit
from dialogs.asking import way
from dialogs.deeds import Completed, GrantWish
from dialogs.flows.grants import GrantGroup
from dialogs.saying import Message
from dialogs.tap import GrantAct
from knowledge.grants import Card
from storage import grant_people, grants
from storage.crypt import Vault
from storage.grant_people import State, Use

_STATES = {GrantAct.USE: State.USING, GrantAct.APPLIED: State.APPLIED, GrantAct.NOT_US: State.NOT_US}


def answer(conn: Connection, vault: Vault, visit: Visit, moment: Moment) -> None:
    """Everything of one visit, in its order."""
    pen = Pen(conn, vault, visit.mind, moment.now)
    for deed, waiting in visit.deeds:
        match deed:
            case Completed(GrantGroup.name, record):
                visit.say(_keep(pen, visit, record), waiting, moment)
            case GrantWish(GrantAct.DROP):
                grant_people.drop_card(conn, visit.person.id)
            case GrantWish(act, key) if act in _STATES and (of := grants.find(conn, int(key))):
                one = Use(of.id, visit.person.id, home_of(visit.person, waiting), _STATES[act])
                laddering.stand(pen, of, one)
            case _:
                continue


def _keep(pen: Pen, visit: Visit, record: Mapping[str, Any]) -> tuple[Message, ...]:
    """What a group is; the list with what fits is one tap away."""
    told = Card.model_validate(
        {
            "form": record["form"],
            "area": record["area"],
            "fields": tuple(record["fields"]),
            "founded": record.get("founded"),
            "budget": record.get("budget"),
        }
    )
    whose = (visit.person.id, visit.person.key)
    grant_people.keep_card(pen.conn, pen.vault, whose, (told, record["consent"]), pen.now)
    words = visit.mind.house.library[visit.session.language]
    return (Message(words.say("grants.kept"), (way(words, "grants"), way(words, "menu"), way(words, "person"))),)
