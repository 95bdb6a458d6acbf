"""Danger reaches coordinators in their own chats as well: that there is an urgent case, and where; never of what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.forum.words import word
from bot.visit import Visit
from dialogs.deeds import Alarm
from dialogs.saying import Message, Page
from storage import cases, outbox, ways
from storage.crypt import Vault
from storage.outbox import Outgoing


def alert(
    conn: Connection, vault: Vault, visits: Sequence[Visit], case_ids: Mapping[int, int | None], now: datetime
) -> None:
    """Queue one message to each linked coordinator who may take the case, before all other words of theirs."""
    for visit in visits:
        case_id = case_ids[visit.person.id]
        if case_id is None or not any(isinstance(deed, Alarm) for deed, _ in visit.deeds):
            continue
        if (head := cases.head_of(conn, case_id)) is None:
            continue
        page = Page(word("way.open"), "link", f"{visit.mind.public_url}/console/cases/{case_id}")
        message = Message(word("way.alert"), page=page).to_json()
        outbox.put(conn, vault, [_to(chat, message) for chat in ways.to_alert(conn, vault, head, now)], now)


def _to(chat: ways.Chat, message: dict[str, object]) -> Outgoing:
    return Outgoing(chat.person_id, chat.contact_id, chat.channel, chat.key, [message], lane=outbox.URGENT)
