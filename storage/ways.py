"""Coordinators' own chats: linked by the one-time code of the console, undone there or in the chat, used for alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, text

from storage import linking, people, sight, staff, tries
from storage.casefile import CaseHead
from storage.crypt import Key, Vault
from storage.door_tables import staff_way
from storage.may import Deed, Reach, may
from storage.staff import Member
from storage.tables import contact
from storage.tables import staff as staff_table

_c = staff_way.c
_LINK = insert(staff_way)
_DROP = staff_way.delete().where(
    (_c.contact_id == bindparam("chat")) | ((_c.staff_id == bindparam("of")) & (_c.channel == bindparam("by")))
)
_OFF = staff_way.delete().where(_c.contact_id == bindparam("chat")).returning(_c.staff_id)
_ALL_OFF = staff_way.delete().where(_c.staff_id == bindparam("of")).returning(_c.person_id)
_OF = select(_c.channel).where(_c.staff_id == bindparam("of")).order_by(_c.channel)
_WHOSE = select(_c.staff_id).where(_c.contact_id == bindparam("chat"))
_AMONG = (
    select(_c.contact_id)
    .join(staff_table, staff_table.c.id == _c.staff_id)
    .where(_c.contact_id.in_(bindparam("ids", expanding=True)), text("staff.active"))
)
_ALL = (
    select(_c.contact_id, _c.person_id, _c.staff_id, _c.channel)
    .join(staff_table, staff_table.c.id == _c.staff_id)
    .join(contact, contact.c.id == _c.contact_id)
    .where(text("staff.active"), contact.c.reachable)
    .order_by(_c.contact_id)
)

_NAMED = _ALL.with_only_columns(_c.contact_id, staff_table.c.name, _c.channel)


@dataclass(frozen=True)
class Chat:
    """The chat of a coordinator, as words for it need it. `key` is that of the person it belongs to."""

    contact_id: int
    person_id: int
    channel: str
    key: Key


def link(conn: Connection, chat: people.Contact, code: str, now: datetime) -> Member | None:
    """Make this chat the coordinator's whose code it is; None when it is wrong, used, old, or tried too often."""
    member = linking.redeem(conn, f"way:{chat.id}", code, now)
    if member is not None:
        keep(conn, chat, member, now)
    return member


def keep(conn: Connection, chat: people.Contact, member: Member, now: datetime) -> None:
    """This chat is that coordinator's from now on, and no other of the same channel."""
    conn.execute(_DROP, {"chat": chat.id, "of": member.id, "by": chat.channel})
    row = {"contact_id": chat.id, "person_id": chat.person_id, "staff_id": member.id, "channel": chat.channel}
    conn.execute(_LINK, row | {"linked_at": now})


def whose(conn: Connection, contact_id: int) -> Member | None:
    """The coordinator behind a chat, while they may come in."""
    number = conn.execute(_WHOSE, {"chat": contact_id}).scalar()
    member = None if number is None else staff.get(conn, number)
    return member if member and member.active else None


def unlink(conn: Connection, contact_id: int) -> bool:
    """Take the link of one chat back; whether there was one."""
    return conn.execute(_OFF, {"chat": contact_id}).scalar() is not None


def unlink_all(conn: Connection, staff_id: int) -> list[int]:
    """Take back every link of a member; the people behind those chats."""
    return list(conn.execute(_ALL_OFF, {"of": staff_id}).scalars())


def of_member(conn: Connection, staff_id: int) -> list[str]:
    """The channels on which a member is linked."""
    return list(conn.execute(_OF, {"of": staff_id}).scalars())


def among(conn: Connection, contact_ids: Sequence[int]) -> frozenset[int]:
    """Those of these contacts that are coordinators'."""
    return frozenset(conn.execute(_AMONG, {"ids": contact_ids}).scalars())


def to_alert(conn: Connection, vault: Vault, head: CaseHead, now: datetime) -> list[Chat]:
    """The chats of all who may take this case, once in a quarter of an hour for each case; never its person's own."""
    name = f"alert:{head.id}"
    if tries.count(conn, [name], now, linking.STRETCH)[name] > 1:
        return []
    rows = [row for row in conn.execute(_ALL) if row.person_id != head.person_id and _takes(conn, row.staff_id, head)]
    keys = {one.id: one.key for one in people.load(conn, vault, [row.person_id for row in rows]).values()}
    return [Chat(row.contact_id, row.person_id, row.channel, keys[row.person_id]) for row in rows]


def testers(conn: Connection) -> list[tuple[int, str, str]]:
    """Coordinators with a chat of their own, to whom a broadcast may be tried: contact, name, channel."""
    return [(row.contact_id, row.name, row.channel) for row in conn.execute(_NAMED)]


def chats(conn: Connection, vault: Vault) -> list[Chat]:
    """The chats of all of them."""
    rows = conn.execute(_ALL).all()
    keys = {one.id: one.key for one in people.load(conn, vault, [row.person_id for row in rows]).values()}
    return [Chat(row.contact_id, row.person_id, row.channel, keys[row.person_id]) for row in rows]


def _takes(conn: Connection, staff_id: int, head: CaseHead) -> bool:
    member = staff.get(conn, staff_id)
    allowed = member is not None and may(member.role, Deed.WORK) is not Reach.NONE
    return allowed and member is not None and sight.of(conn, member).sees(head)
