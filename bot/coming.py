"""Somebody comes by the card of a place or an event: counted once for it, and nothing about them is kept."""

from __future__ import annotations

import re

from bot.gathered import Moment
from bot.visit import Visit
from dialogs.heard import Came, Heard, Typed

# On Telegram the link itself carries the code; LINE puts words into the person's own line, which they send.
_SENT = re.compile(r"[^\[\]]{0,60}\[(at-[a-z0-9-]{3,60})\]\s*")
_OF_EVENT = re.compile(r"at-(event-\d{1,9})-[a-z2-7]{8}")


def by_card(visit: Visit, heard: Heard, moment: Moment) -> Heard:
    """What was heard, without the code of a card; somebody we have met already is not counted again.

    The code on an event's poster leads to the event, and its name alone is heard: it is told to everybody.
    """
    match heard:
        case Came(word) if word.startswith("at-"):
            code = word
        case Typed(text) if sent := _SENT.fullmatch(text):
            code = sent[1]
        case _:
            return heard
    if moment.came is not None and not visit.session.met:
        moment.came(code)
    event = _OF_EVENT.fullmatch(code)
    return Came(event[1] if event else "")
