"""What a person sees of their talk on the centre's own page: what was said there, and all that a coordinator wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select

from storage import quotes
from storage.crypt import Vault
from storage.tables import contact, message, person, staff
from storage.talk import Author, Said, Way

_BODY = "message.body"
_LAST = (
    select(
        message.c.id,
        message.c.at,
        message.c.direction,
        message.c.author,
        staff.c.name,
        message.c.body,
        message.c.withdrawn,
        message.c.answers_id,
        person.c.wrapped_key,
    )
    .select_from(
        message.join(person, person.c.id == message.c.person_id)
        .outerjoin(staff, staff.c.id == message.c.staff_id)
        .outerjoin(contact, contact.c.id == message.c.contact_id)
    )
    .where(
        message.c.person_id == bindparam("of"),
        message.c.id > bindparam("after"),
        or_(contact.c.channel == bindparam("channel"), message.c.author == Author.STAFF.value),
    )
    .order_by(message.c.id.desc())
    .limit(bindparam("at_most"))
)
_LANGUAGE = select(person.c.language).where(person.c.id == bindparam("of"))


@dataclass(frozen=True)
class Line:
    """One thing on the page. `body` is a `Heard` or a `Message` as JSON, None when it was taken back; `quoted` what a
    coordinator answered with it.
    """

    id: int
    at: datetime
    way: Way
    author: Author
    name: str | None
    body: dict[str, Any] | None
    quoted: Said | None = None


@dataclass(frozen=True)
class Window:
    """Which part of whose talk: lines after the number `after`, at most so many, the newest ones."""

    person_id: int
    after: int = 0
    at_most: int = 400
    channel: str = "web"


def look(conn: Connection, vault: Vault, window: Window) -> list[Line]:
    """The lines in the window, oldest first; `name` is the coordinator's."""
    asked = {
        "of": window.person_id,
        "after": window.after,
        "channel": window.channel,
        "at_most": window.at_most,
    }
    rows = conn.execute(_LAST, asked).all()
    if not rows:
        return []
    key = vault.unwrap(rows[0].wrapped_key)
    quoted = quotes.answered(conn, vault, [row.id for row in rows if row.answers_id is not None])
    return [
        Line(
            id=row.id,
            at=row.at,
            way=Way(row.direction),
            author=Author(row.author),
            name=row.name,
            body=None if row.body is None or row.withdrawn else vault.unseal_json(key, _BODY, row.body),
            quoted=quoted.get(row.id),
        )
        for row in reversed(rows)
    ]


def language_of(conn: Connection, person_id: int) -> str | None:
    """The language a person wants to be spoken to in, None for nobody."""
    language: str | None = conn.execute(_LANGUAGE, {"of": person_id}).scalar()
    return language
