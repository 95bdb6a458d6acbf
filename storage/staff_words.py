"""Our own words to coordinators on Telegram on their way out: answers to what they pressed or wrote in the group."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage.columns import AnyRow
from storage.forum_tables import staff_word

_c = staff_word.c
TAPS_LIVE = timedelta(minutes=10)  # a tap that waited longer shows no answer any more
_PUT = insert(staff_word)
_WAITING = (
    select(_c.id, _c.chat, _c.thread, _c.answers, _c.tap, _c.loud, _c.text, _c.state, _c.created_at)
    .where(text("state <> 'done'"))
    .order_by(_c.id)
    .limit(50)
)
_SENDING = update(staff_word).where(_c.id == bindparam("of")).values(state="sending")
_BACK = update(staff_word).where(_c.id == bindparam("of")).values(state="queued")
_DONE = staff_word.delete().where(_c.id == bindparam("of"))


@dataclass(frozen=True)
class Said:
    """Words for a chat, perhaps in a topic and under a message there; or for a tap, shown over the button.

    Loud ones stay there until somebody closes them.
    """

    chat: int
    text: str
    thread: int | None = None
    answers: int | None = None
    tap: str | None = None
    loud: bool = False


@dataclass(frozen=True)
class Waiting:
    """Words that are still to go. `sending`: whoever carried them died on the way."""

    id: int
    said: Said
    sending: bool
    created_at: datetime


def put(conn: Connection, said: Said, now: datetime) -> None:
    """Queue words."""
    conn.execute(_PUT, asdict(said) | {"state": "queued", "created_at": now})


def waiting(conn: Connection) -> list[Waiting]:
    """What is still to go, oldest first."""
    return [Waiting(row.id, _said(row), row.state == "sending", row.created_at) for row in conn.execute(_WAITING)]


def _said(row: AnyRow) -> Said:
    return Said(row.chat, row.text, row.thread, row.answers, row.tap, row.loud)


def sending(conn: Connection, word_id: int) -> None:
    """Written before the call: found later, it means that nobody knows how the call ended."""
    conn.execute(_SENDING, {"of": word_id})


def back(conn: Connection, word_id: int) -> None:
    """It certainly did not go."""
    conn.execute(_BACK, {"of": word_id})


def done(conn: Connection, word_id: int) -> None:
    """It has gone, or never will."""
    conn.execute(_DONE, {"of": word_id})
