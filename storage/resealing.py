"""Brings rows from one person to another: what is sealed is opened with the one key and sealed with the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, bindparam, select, text, update

from storage.crypt import Key, Vault
from storage.tables import case_file, message, outbox, person
from storage.thing_tables import FOLLOWING, thing, thing_part

# What of each table is sealed with the key of its person.
_SEALED: dict[Table, tuple[str, ...]] = {
    message: ("body", "handle"),
    case_file: ("rows", "record"),
    outbox: ("body", "reply_token"),
    thing: ("source",),
}
A_BATCH = 500
_PARTS = select(thing_part.c.place).where(thing_part.c.thing_id == bindparam("of")).order_by(thing_part.c.place)
_this_part = (thing_part.c.thing_id == bindparam("of"), thing_part.c.place == bindparam("at"))
_PART = select(thing_part.c.data).where(*_this_part)
_NEXT = (
    select(thing.c.id, thing.c.person_id, thing.c.follows_id)
    .where(text("thing." + FOLLOWING), thing.c.state != "fetching")
    .order_by(thing.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=thing)
)
_KEYS = select(person.c.id, person.c.wrapped_key).where(person.c.id.in_(bindparam("ids", expanding=True)))
_ARRIVED = update(thing).where(thing.c.id == bindparam("of")).values(follows_id=None)
_SET_PART = update(thing_part).where(*_this_part).values(data=bindparam("new"))


@dataclass(frozen=True)
class Side:
    """A person and their key."""

    id: int
    key: Key


@dataclass(frozen=True)
class Move:
    """From whom to whom."""

    vault: Vault
    come_from: Side
    go_to: Side

    def sealed(self, where: str, data: bytes | None) -> bytes | None:
        """The same content under the other key."""
        if data is None:
            return None
        clear = self.vault.unseal(self.come_from.key, where, data)
        return self.vault.seal(self.go_to.key, where, clear)


def move(conn: Connection, how: Move, table: Table, *which: ColumnElement[bool]) -> list[int]:
    """Give these rows of the first person to the second; their numbers. A batch at a time is held in memory."""
    names, moved = _SEALED[table], [0]
    columns: list[Column[bytes]] = [table.c[name] for name in names]
    theirs = select(table.c.id, *columns).where(table.c.person_id == how.come_from.id, *which).order_by(table.c.id)
    new: dict[str, Any] = {name: bindparam("new_" + name) for name in names}
    put = update(table).where(table.c.id == bindparam("of")).values(person_id=how.go_to.id, **new)
    while rows := conn.execute(theirs.where(table.c.id > moved[-1]).limit(A_BATCH)).all():
        # The first value is the number of the row, the others stand in the order of the names.
        conn.execute(
            put,
            [
                {"of": row[0]}
                | {
                    "new_" + name: how.sealed(f"{table.name}.{name}", data)
                    for name, data in zip(names, row[1:], strict=True)
                }
                for row in rows
            ],
        )
        moved += [row[0] for row in rows]
    return moved[1:]


def follow_one(conn: Connection, vault: Vault) -> bool:
    """Bring the next picture or file to whom it follows; False when none is left to be brought.

    One at a time: 300 MB would keep all who write waiting for many seconds. One that is just being fetched waits, for
    whoever fetches it has the old key in hand.
    """
    found = conn.execute(_NEXT).first()
    if found is None:
        return False
    keys = {row.id: vault.unwrap(row.wrapped_key) for row in conn.execute(_KEYS, {"ids": list(found[1:])})}
    come_from, go_to = (Side(number, keys[number]) for number in found[1:])
    how = Move(vault, come_from, go_to)
    move(conn, how, thing, thing.c.id == found.id)
    for place in conn.execute(_PARTS, {"of": found.id}).scalars().all():
        at = {"of": found.id, "at": place}
        data = conn.execute(_PART, at).scalar_one()
        conn.execute(_SET_PART, at | {"new": how.sealed(f"thing_part.data/{found.id}/{place}", data)})
    conn.execute(_ARRIVED, {"of": found.id})
    return True
