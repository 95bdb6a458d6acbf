"""What tests of appointments share: an office with a case that somebody holds, and what leaves for its resident."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.conversation import hear
from bot.due import Due
from dialogs.heard import Heard, Tapped, to_json
from storage import appointments, cases, inbox, outbox
from storage.appointments import Appointment
from storage.cases import Mode
from storage.inbox import Incoming
from tests.knowledge.test_hours import at
from tests.web.console.office import Office, at_once, key

TOKYO = ZoneInfo("Asia/Tokyo")


def made(either: Office) -> Office:
    """An office on a Monday morning, with a case that 青木 holds."""
    either.clock.now = at("2026-11-23 10:00")
    aoki = either.member("aoki", "青木")
    for tap in ("m:menu", "m:consent"):
        says(either, Tapped(tap))
    case_id = either.case(mode=Mode.OPEN)
    either.write(lambda conn: cases.claim(conn, case_id, aoki, either.clock()))
    return either


def form(**other: str) -> dict[str, str]:
    told = {"day": "2026-11-26", "hour": "14:00", "minutes": "60", "way": "desk", "place": "3階", "whom": "1"}
    return told | {"key": key()} | other


def found(office: Office) -> list[Appointment]:
    return list(office.store.read(lambda conn: appointments.of_case(conn, office.store.vault, 1)))


def told(office: Office) -> list[dict[str, Any]]:
    """What left for the resident, whole, and the lane of each."""

    def job(conn: Connection) -> list[dict[str, Any]]:
        parcels = outbox.claim(conn, office.store.vault, "p", office.clock(), at_most=100)
        done = [outbox.Finished(one.id, "p", outbox.Delivery.SENT, office.clock()) for one in parcels]
        outbox.finish(conn, done)
        return [message | {"lane": one.lane} for one in parcels for message in one.messages]

    out: list[dict[str, Any]] = []
    while more := office.write(job):
        out += more
    return out


def did(office: Office, heard: Heard, who: str) -> Incoming:
    return Incoming("line", key(), who, office.clock(), {"heard": to_json(heard), "said": ""})


def says(office: Office, heard: Heard) -> list[dict[str, Any]]:
    """The resident does something; what they are answered."""
    event = did(office, heard, "u1")
    office.write(lambda conn: inbox.receive(conn, office.store.vault, [event], office.clock()))
    office.write(lambda conn: hear(conn, office.store.vault, office.mind, office.clock()))
    return told(office)


async def remind(office: Office) -> list[dict[str, Any]]:
    """Two processes look at once."""
    due = [Due(office.store, office.room.desk, office.clock) for _ in range(2)]
    await at_once(*(one.look() for one in due))
    return told(office)
