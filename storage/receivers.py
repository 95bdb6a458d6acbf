"""What each person wants to receive, as kept: one narrow row, written at once, and stopped until they say else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from dialogs.wishes import DAYS, HOURS, TIMES, Often, Quiet, Receiving, Wishes
from knowledge.interests import chosen, mask
from storage.receive_tables import receiver
from storage.tables import contact
from storage.twins import insert_new

_r = receiver.c
_READ = select(receiver).where(_r.person_id == bindparam("of"))
_QUIET = select(_r.quiet_from, _r.quiet_to).where(_r.person_id == bindparam("of"))
_WAYS = (
    select(contact.c.id, contact.c.channel)
    .where(contact.c.person_id == bindparam("of"), contact.c.reachable)
    .order_by(contact.c.id)
)
_CONTACT = select(contact.c.channel, contact.c.reachable).where(
    contact.c.id == bindparam("at"), contact.c.person_id == bindparam("of")
)
_NEW = insert_new(receiver)
_KEEP = update(receiver).where(_r.person_id == bindparam("of"))
_STOP = _KEEP.values(stopped_at=func.coalesce(_r.stopped_at, bindparam("now", type_=_r.stopped_at.type)))
_ASKED = _KEEP.values(asked_at=bindparam("now"))
_SPEAKS = _KEEP.values(language=bindparam("speaks"))
_EMPTY = {"topics": 0, "areas": 0, "roles": 0, "often": Often.OFF.value}
_REACHED = (
    update(receiver)
    .where(
        _r.person_id == select(contact.c.person_id).where(contact.c.id == bindparam("at")).scalar_subquery(),
        _r.contact_id == bindparam("at"),
    )
    .values(reachable=bindparam("yes"))
)

_either = _r.person_id.in_([bindparam("of"), bindparam("to")])
_EITHER_STOPPED = select(_r.person_id).where(_either, _r.stopped_at.is_not(None))
_COMES = _KEEP.values(person_id=bindparam("to"), home_id=func.coalesce(_r.home_id, _r.person_id))
_GOES = (
    update(receiver)
    .where(_r.person_id == bindparam("of"), _r.home_id == bindparam("to"))
    .values(person_id=bindparam("to"), home_id=None)
)
_RESTS = _KEEP.values(reachable=False)


@dataclass(frozen=True)
class Said:
    """What a person said they want; where `wishes` names no contact, it is to arrive at `at`."""

    person_id: int
    at: int
    language: str
    wishes: Wishes


def read(conn: Connection, person_id: int) -> Receiving:
    """A person's wishes as they stand, and the channels that reach them."""
    row = conn.execute(_READ, {"of": person_id}).mappings().first()
    ways = tuple((of, channel) for of, channel in conn.execute(_WAYS, {"of": person_id}))
    if row is None:
        return Receiving(ways=ways)
    wishes = Wishes(
        topics=_sorted("topic", row["topics"]),
        areas=_sorted("area", row["areas"]),
        roles=_sorted("role", row["roles"]),
        often=Often(row["often"]),
        quiet=next((one for one, hours in HOURS.items() if hours == (row["quiet_from"], row["quiet_to"])), Quiet.NIGHT),
        day=DAYS[row["digest_day"]],
        time=next((name for name, hour in TIMES.items() if hour == row["digest_hour"]), "h12"),
        contact=row["contact_id"] or 0,
        stopped=row["stopped_at"] is not None,
    )
    return Receiving(wishes, ways, row["asked_at"], known=row["changed_at"] is not None)


def quiet(conn: Connection, person_id: int) -> tuple[int, int]:
    """Between which hours of the centre's clock they want to be left alone; the same twice where they never said."""
    row = conn.execute(_QUIET, {"of": person_id}).first()
    return (0, 0) if row is None else (row.quiet_from, row.quiet_to)


def _sorted(kind: str, bits: int) -> tuple[str, ...]:
    return tuple(sorted(chosen(kind, bits)))


def keep(conn: Connection, said: Said, now: datetime) -> None:
    """Keep what a person wants from now on; stopped counts from the first time on."""
    wishes = said.wishes
    at, channel, reachable = _arrives(conn, said)
    begins, ends = HOURS[wishes.quiet]
    values = {
        "topics": mask("topic", wishes.topics),
        "areas": mask("area", wishes.areas),
        "roles": mask("role", wishes.roles),
        "often": wishes.often.value,
        "quiet_from": begins,
        "quiet_to": ends,
        "digest_day": DAYS.index(wishes.day),
        "digest_hour": TIMES[wishes.time],
        "digest_at": None,  # worked out anew
        "contact_id": at,
        "channel": channel,
        "reachable": reachable,
        "language": said.language,
        "changed_at": now,
    }
    _begin(conn, said.person_id, values)
    of = {"of": said.person_id}
    if wishes.stopped:
        conn.execute(_KEEP.values(**values), of)
        conn.execute(_STOP, of | {"now": now})
    else:
        conn.execute(_KEEP.values(**values, stopped_at=None), of)


def _arrives(conn: Connection, said: Said) -> tuple[int | None, str, bool]:
    """Where it is to arrive: a contact that is theirs."""
    for at in (said.wishes.contact, said.at):
        found = conn.execute(_CONTACT, {"at": at, "of": said.person_id}).first()
        if found is not None:
            return at, found.channel, found.reachable
    return None, "", False


def _begin(conn: Connection, person_id: int, values: Mapping[str, object]) -> None:
    conn.execute(_NEW[conn.dialect.name], {"person_id": person_id, **values})


def asked(conn: Connection, person_id: int, language: str, now: datetime) -> None:
    """They were asked whether they want any."""
    begins, ends = HOURS[Quiet.NIGHT]
    _begin(conn, person_id, {**_EMPTY, "quiet_from": begins, "quiet_to": ends, "channel": "", "language": language})
    conn.execute(_ASKED, {"of": person_id, "now": now})


def speaks(conn: Connection, person_id: int, language: str) -> None:
    """They speak another language from now on."""
    conn.execute(_SPEAKS, {"of": person_id, "speaks": language})


def withdraw(conn: Connection, person_id: int, now: datetime) -> None:
    """They took their consent back: nothing comes, and what they chose is kept no longer."""
    conn.execute(_KEEP.values(**_EMPTY), {"of": person_id})
    conn.execute(_STOP, {"of": person_id, "now": now})


def reached(conn: Connection, contact_id: int, reachable: bool) -> None:
    """The contact where it is to arrive blocked us, or came back."""
    conn.execute(_REACHED, {"at": contact_id, "yes": reachable})


def come(conn: Connection, other_id: int, keeper_id: int, now: datetime) -> None:
    """Two become one: the keeper's wishes hold, or else the other's come along. Stopped by either is stopped.

    The other's row, where it stays, rests: whoever has no channel of their own is sent nothing.
    """
    both = {"of": other_id, "to": keeper_id}
    stopped = conn.execute(_EITHER_STOPPED, both).first() is not None
    if conn.execute(_READ, {"of": keeper_id}).first() is None:
        conn.execute(_COMES, both)
    conn.execute(_RESTS, {"of": other_id})
    if stopped:
        conn.execute(_STOP, {"of": keeper_id, "now": now})


def go(conn: Connection, keeper_id: int, other_id: int, now: datetime) -> None:
    """Apart again: each has what was theirs, on a channel of theirs. What was stopped together stays so for both."""
    both = {"of": keeper_id, "to": other_id}
    stopped = conn.execute(_EITHER_STOPPED, both).first() is not None
    conn.execute(_GOES, both)
    for of in (keeper_id, other_id):
        _settle(conn, of)
        if stopped:
            conn.execute(_STOP, {"of": of, "now": now})


def _settle(conn: Connection, person_id: int) -> None:
    """Let it arrive at a channel that is theirs, the one it was if they still have that."""
    row = conn.execute(_READ, {"of": person_id}).mappings().first()
    ways = conn.execute(_WAYS, {"of": person_id}).all()
    if row is not None:
        at = next((one for one in ways if one.id == row["contact_id"]), ways[0] if ways else None)
        values = {"contact_id": at.id if at else None, "channel": at.channel if at else "", "reachable": at is not None}
        conn.execute(_KEEP.values(**values), {"of": person_id})
