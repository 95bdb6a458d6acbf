"""What the matrix of addresses acts on: for each role an object of its own, of somebody else, hidden, and absent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from storage import (
    broadcasts,
    cases,
    deletions,
    export_parts,
    exports,
    outbox,
    passkeys,
    sessions,
    standings,
    talk,
)
from storage.deletions import CASE, Order
from storage.export_parts import Lease
from storage.exports import Counted, Wanted
from storage.exports import New as New_
from storage.staff import Role
from storage.standings import Kind, New
from tests.storage.test_things import claim as fetch
from tests.storage.test_things import keep
from tests.web.console.event_scene import of_events
from tests.web.console.office import Office, key

NAMES = (
    "case_id", "thing_id", "member_id", "mark", "export_id", "deletion_id", "token", "part", "passkey_id", "name",
    "event_id", "picture_id", "broadcast_id", "grant_id",
)  # fmt: skip


_FIXED = {"part": "after", "name": "printing"}


@dataclass(frozen=True)
class Scene:
    """What stands about for one member: the objects by whose they are, and colleagues to be named in forms."""

    member: int
    objects: dict[str, dict[str, str]]
    colleague: int
    specialist: int


def file_of(office: Office, address: str, holder: int, data: bytes = b"%PDF-") -> tuple[int, str]:
    """A case that somebody holds, with a file in it; their numbers."""
    case_id = office.case(address)
    office.write(lambda conn: cases.claim(conn, case_id, holder, office.clock()))

    def sends(conn: Connection) -> None:
        contact, person = office.who(conn, "line", address)
        line = talk.Line(
            person_id=person.id, key=person.key, at=office.clock(), way=talk.Way.IN, author=talk.Author.PERSON,
            body={"kind": "showed", "thing": "file", "name": "a.pdf"}, case_id=case_id, contact_id=contact.id,
            channel="line", said_id=address, fetch=talk.Fetch(address, office.clock()),
        )  # fmt: skip
        talk.write(conn, office.store.vault, [line])

    office.write(sends)
    [thing] = fetch(office.store, office.clock())
    assert keep(office.store, office.clock(), thing, data=data)
    return case_id, str(thing.id)


def a_file(office: Office, staff_id: int) -> dict[str, str]:
    """A file of cases that waits to be fetched; its number, and the word that fetches it."""
    office.case(f"file-{staff_id}")
    counted, now, vault = Counted(1, 1, 1), office.clock(), office.store.vault
    new = New_(staff_id, Wanted(), "表を作ります", second=False)
    number = office.write(lambda conn: exports.ask(conn, vault, new, counted, now))
    lease = Lease("t", now, now)
    one = office.write(lambda conn: export_parts.claim(conn, vault, lease))
    assert office.write(lambda conn: export_parts.ready(conn, one, lease))
    token = office.write(lambda conn: exports.make_token(conn, number))
    return {"export_id": str(number), "token": str(token)}


def an_order(office: Office, staff_id: int) -> dict[str, str]:
    """Something that is ordered to be deleted in an hour; its number."""
    case_id, now = office.case(f"order-{staff_id}"), office.clock()
    new, at = (staff_id, Order(CASE, case_id), 1), now + timedelta(hours=1)
    return {"deletion_id": str(office.write(lambda conn: deletions.add(conn, office.store.vault, new, at, now)))}


def a_broadcast(office: Office, staff_id: int) -> dict[str, str]:
    """A draft of somebody's; its number."""
    draft = broadcasts.Draft("清掃", {"ja": "11月29日に清掃活動があります。"}, None, outbox.BULK)
    return {"broadcast_id": str(office.write(lambda conn: broadcasts.add(conn, staff_id, draft, office.clock())))}


_MADE = {"export_id": a_file, "deletion_id": an_order, "broadcast_id": a_broadcast}


def _mark(office: Office, staff_id: int) -> str:
    return sessions.mark_of(office.session(staff_id))


def _key(office: Office, staff_id: int) -> str:
    new = passkeys.New(staff_id, staff_id.to_bytes(8, "big"), b"key", 0, "x")
    assert office.write(lambda conn: passkeys.add(conn, new, office.clock()))
    return str(office.store.read(lambda conn: passkeys.of_member(conn, staff_id))[0].id)


def scene_of(office: Office, role: Role, address: str) -> Scene:
    """A member of a role, and the objects that an address names: only these are made."""
    member, colleague = office.member(f"me-{role}", role=role), office.member(f"baba-{role}")
    specialist = office.member(f"kato-{role}", role=Role.SPECIALIST)
    absent = dict.fromkeys(NAMES, "999999") | {"part": "nothing", "mark": "0" * 16, "token": "0" * 43}
    absent |= {"name": "nothing"}
    objects = {"absent": absent} if "{" in address else {"own": absent}
    if named := {name: what for name, what in _FIXED.items() if "{" + name + "}" in address}:
        objects["own"] = named
    if "{case_id}" in address:
        for whose, holder in (("own", member), ("other", colleague), ("apart", colleague)):
            case_id, thing_id = file_of(office, f"{whose}-{role}", holder)
            objects[whose] = {"case_id": str(case_id), "thing_id": thing_id}
        hidden = New(Kind.APART, member, None)
        head = office.head(int(objects["apart"]["case_id"]))
        office.write(lambda conn: standings.put(conn, hidden, head, office.clock()))
    elif "{passkey_id}" in address:
        objects |= {"own": {"passkey_id": _key(office, member)}, "other": {"passkey_id": _key(office, colleague)}}
    elif "{member_id}" in address:
        objects |= {"own": {"member_id": str(member)}, "other": {"member_id": str(colleague)}}
    elif make := next((made for name, made in _MADE.items() if "{" + name + "}" in address), None):
        objects |= {"own": make(office, member), "other": make(office, colleague)}
    elif "{event_id}" in address or "{grant_id}" in address or address.endswith("/certificate"):
        objects = of_events(office, colleague, address)
    elif "{mark}" in address:
        objects |= {"own": {"mark": _mark(office, member)}, "other": {"mark": _mark(office, colleague)}}
    return Scene(member, objects, colleague, specialist)


def form_of(scene: Scene, path: str) -> dict[str, str]:
    """What is posted there, with everything that any page asks for."""
    whom = scene.specialist if path.endswith("/ask") else scene.colleague
    do = (
        "approve"
        if path.startswith("/console/exports/")
        else "ask"
        if path.startswith("/console/broadcasts/")
        else "sessions"
    )
    mine = {"kind": "talk", "days": "100", "seconds": "5", "why": "x"}
    mine |= {"title": "x", "organiser": "x", "dates": "2027-01-01 10:00-11:00", "after": "1"}
    mine |= {"told": "{}", "first": "2027-01-01", "last": "2027-01-02"}
    return {"text": "x", "key": key(), "seen": "0", "who": str(whom), "do": do, "login": key(), "name": "x"} | mine
