"""A coordinator's own chat: linked and unlinked by words typed there, and the way from its menu to the console."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.forum.words import word
from bot.gathered import OWN, Moment, Out
from bot.menus import CONSOLE
from bot.visit import Visit
from dialogs.heard import Heard, Tapped, Typed
from dialogs.saying import Message, Page
from storage import audit, ways
from storage.audit import Entry, What
from storage.crypt import Vault
from storage.inbox import Waiting
from storage.people import Contact

_CODE = re.compile(r"\s*(?:/staff|／staff|担当)[\s\u3000]+([A-Za-z0-9]{5}[-‐－ー]?[A-Za-z0-9]{5})\s*", re.IGNORECASE)
_OFF = re.compile(r"\s*(?:/staff|／staff|担当)[\s\u3000]+(?:off|解除)\s*", re.IGNORECASE)


def enlisted(visit: Visit, waiting: Waiting, heard: Heard, moment: Moment) -> bool:
    """Whether this was for us as coordinators: then it is done and answered, and is no part of any talk."""
    if moment.enlist is None or waiting.channel in OWN or waiting.payload.get("circle"):
        return False
    match heard:
        case Typed(text) if code := _CODE.fullmatch(text):
            said: Message | None = moment.enlist(waiting, code[1])
        case Typed(text) if _OFF.fullmatch(text):
            said = moment.enlist(waiting, "")
        case Tapped(raw) if raw == CONSOLE:
            said = moment.enlist(waiting, None)
        case _:
            return False
    if said is None:
        return False
    if isinstance(heard, Tapped):
        said = replace(said, page=Page(word("way.open"), "link", f"{visit.mind.public_url}/console"))
    visit.outs.append(Out.answering((said,), waiting, moment.now))
    visit.reachable[waiting.contact_id] = True
    return True


def enlist(conn: Connection, vault: Vault, now: datetime, waiting: Waiting, code: str | None) -> Message | None:
    """Link this chat by a code, or unlink it (""); None for the code asks for the way to the console.

    Nothing is answered to whoever unlinks or asks without being linked: to them these are words like any.
    """
    if code:
        chat = Contact(waiting.contact_id, waiting.person_id, waiting.channel, waiting.address)
        member = ways.link(conn, chat, code, now)
        if member is not None:
            audit.add(conn, vault, [Entry(member.id, What.JOINED)], now)
        return Message(word("way.linked", name=member.name) if member else word("told.wrong_code"))
    if ways.whose(conn, waiting.contact_id) is None:
        return None
    if code is None:
        return Message(word("way.here"))
    ways.unlink(conn, waiting.contact_id)
    return Message(word("way.off"))
