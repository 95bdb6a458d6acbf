"""What could not be pushed goes along with the next free reply, as far as one reply holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.gathered import TOKEN_LIFE, Moment, Out
from bot.visit import Visit
from dialogs.saying import Button, Message, Weight
from storage.later import Later
from storage.outbox import Outgoing
from storage.rights import Right

MOST = 5  # messages in one reply of LINE


def may_reply(visit: Visit) -> bool:
    """Whether a free reply is at hand."""
    return visit.unused is not None or any(out.reply_token for out in visit.outs)


def nothing_waited(visit: Visit, later: Mapping[int, Sequence[Later]], moment: Moment) -> None:
    """Somebody asked for an answer that has gone out already: said so, for a tap without any answer looks broken."""
    tapped, held = visit.harvested, visit.case is not None and visit.case.holder is not None
    if tapped is None or tapped is not visit.unused or later.get(tapped.contact_id) or held:
        return
    words = visit.mind.house.library[visit.session.language]
    way = Button(words.say("command.person"), "m:person", Weight.WAY)
    visit.say((Message(words.say("late.nothing"), (way,)),), tapped, moment)


def with_what_waited(
    visit: Visit, later: Mapping[int, Sequence[Later]], now: datetime
) -> list[tuple[Out, list[Later]]]:
    """The visit's parcels, each with those that leave inside it; one of their own when nothing is said."""
    left = {contact: list(parcels) for contact, parcels in later.items()}
    outs = list(visit.outs)
    unused = visit.unused
    if unused and left.get(unused.contact_id) and not any(out.reply_token for out in outs):
        outs.append(Out.answering((), unused, now))
    return [_loaded(out, left.get(out.to.id, [])) for out in outs]


def _loaded(out: Out, left: list[Later]) -> tuple[Out, list[Later]]:
    taken: list[Later] = []
    room = MOST - len(out.messages) if out.reply_token and not out.urgent else 0  # nothing stands before those words
    while left and len(left[0].messages) <= room:
        room -= len(left[0].messages)
        taken.append(left.pop(0))
    earlier = tuple(Message.from_json(message) for one in taken for message in one.messages)
    return replace(out, messages=earlier + out.messages), taken


def unused_right(visit: Visit, outgoing: Sequence[Outgoing]) -> Right | None:
    """A right to a free reply that none of these parcels uses, for a coordinator who answers soon."""
    unused = visit.unused
    if unused is None or visit.case is None or any(out.reply_token == unused.reply_token for out in outgoing):
        return None
    until = unused.arrived_at + TOKEN_LIFE
    return Right(unused.contact_id, visit.person.id, unused.reply_token, until)
