"""Rights to a free reply that the bot did not use: a coordinator who answers at once need not push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from storage.crypt import Vault
from storage.push_tables import reply_right

_TOKEN = "reply_right.token"  # noqa: S105 - the name of a column
_ROW = reply_right.c.contact_id == bindparam("of")
_DROP = reply_right.delete().where(_ROW)
_TAKE = _DROP.returning(reply_right.c.token, reply_right.c.until)
_LOOK = select(reply_right.c.until).where(_ROW)


@dataclass(frozen=True)
class Right:
    """LINE's leave to answer this contact once, for free, until a moment."""

    contact_id: int
    person_id: int
    token: str
    until: datetime


def keep(conn: Connection, vault: Vault, rights: Sequence[Right]) -> None:
    """Keep these for whoever answers next; an older one of the same contact goes."""
    if not rights:
        return
    conn.execute(_DROP, [{"of": right.contact_id} for right in rights])
    rows = [
        {
            "contact_id": right.contact_id,
            "person_id": right.person_id,
            "token": vault.seal(vault.house, _TOKEN, right.token),
            "until": right.until,
        }
        for right in rights
    ]
    conn.execute(insert(reply_right), rows)


def take(conn: Connection, vault: Vault, contact_id: int, now: datetime) -> tuple[str, datetime] | None:
    """The token and how long it is trusted, for one parcel and never again; None when there is none that lives."""
    row = conn.execute(_TAKE, {"of": contact_id}).first()
    if row is None or row.until <= now:
        return None
    return vault.unseal_text(vault.house, _TOKEN, row.token), row.until


def alive(conn: Connection, contact_id: int, now: datetime) -> bool:
    """Whether an answer now would be free."""
    until = conn.execute(_LOOK, {"of": contact_id}).scalar()
    return until is not None and until > now
