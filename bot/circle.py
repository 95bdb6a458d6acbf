"""A group of residents that speaks to us: what it is answered, and what is known of it when we come, move or leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from bot.gathered import Moment, Out
from bot.visit import Visit
from dialogs.around import Around
from dialogs.circle import turn_in_circle
from dialogs.heard import Heard, Left, Moved, Withdrew
from storage import people
from storage.crypt import Vault
from storage.inbox import Waiting


def hear_in_circle(visit: Visit, waiting: Waiting, heard: Heard, moment: Moment) -> None:
    """One thing said to us in a group. Nothing of it goes into the talk: nobody there agreed that words are kept.

    An answer that cannot leave as LINE's free reply is not made: a push costs as many as the group has members.
    """
    match heard:
        case Left():
            visit.forgotten, visit.outs = True, []
            return
        case Moved(to):
            visit.readdressed = (waiting, to)
            return
        case Withdrew(said_id):
            visit.withdrawn.append((waiting, said_id))
            return
    waiting = replace(waiting, reply_token=waiting.payload.get("reply", ""))
    made = turn_in_circle(visit.mind.house, visit.session, heard, _around(visit, waiting, heard, moment))
    visit.session = made.session
    visit.deeds += [(deed, waiting) for deed in made.deeds]
    if made.messages and (moment.fresh(waiting) or waiting.channel != "line"):
        quote = waiting.payload.get("handle") or None
        first = replace(made.messages[0], quote=quote)
        visit.outs.append(Out.answering((first, *made.messages[1:]), waiting, moment.now))


def _around(visit: Visit, waiting: Waiting, heard: Heard, moment: Moment) -> Around:
    mind, language = visit.mind, visit.session.language
    local = mind.local(moment.now)
    return Around(
        now=local,
        ref="",
        found=mind.danger(heard, language),
        later=partial(mind.look, heard, language, local.date(), visit.session.answered, moment.learnt),
        alone=mind.alone(waiting.channel),
        prefix=mind.prefix,
    )


def follow(conn: Connection, vault: Vault, visit: Visit, now: datetime) -> None:
    """A group that moved is known by its new address; where somebody spoke there first, the old one is forgotten."""
    if visit.readdressed is None:
        return
    waiting, to = visit.readdressed
    if people.known(conn, vault, [(waiting.channel, to)]):
        people.forget(conn, visit.person.id, now)
    else:
        people.readdress(conn, vault, waiting.contact_id, (waiting.channel, to))
