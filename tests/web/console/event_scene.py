"""What the table of addresses and roles needs: an event, somebody who came to it, and a call for grants."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection

from knowledge.event import Content, What
from storage import event_pictures, events, sign_ups
from storage.event_pictures import New
from storage.events import Change, Span
from tests.faults.showing import photo
from tests.grants import content as grant
from tests.grants import put
from tests.web.console.office import Office


def _event(office: Office, editor: int) -> int:
    span = Span(office.clock() + timedelta(days=1), office.clock() + timedelta(days=1, hours=1))
    content = Content(title="x", organiser="x", what=What.COURSE)
    made = office.write(lambda conn: events.add(conn, Change(content, [span], editor), office.clock()))

    def publish(conn: Connection) -> None:
        of = events.find(conn, made)
        assert of is not None
        events.publish(conn, of, None, office.clock())

    office.write(publish)
    return int(made)


def _picture(office: Office, event_id: int, staff_id: int) -> int:
    new = New(event_id, staff_id, "x", (60, 40), photo())
    return int(office.write(lambda conn: event_pictures.put(conn, office.store.vault, new, office.clock())))


def _came(office: Office, editor: int, who: str) -> str:
    made = _event(office, editor)

    def job(conn: Connection) -> str:
        of = events.find(conn, made)
        assert of is not None
        contact, person = office.who(conn, "line", who)
        one = sign_ups.ask(conn, of.dates[0].id, (person.id, contact.id), 1, office.clock())
        assert sign_ups.arrive(conn, one, office.clock())
        return one.code

    return str(office.write(job))


def of_events(office: Office, colleague: int, address: str) -> dict[str, dict[str, str]]:
    """An event that a colleague wrote, a call for grants, or the code of somebody who came to a course."""
    if "{grant_id}" in address:
        day = (office.clock() + timedelta(days=9)).date()
        call = office.write(lambda conn: put(conn, grant(day), office.clock()))
        return {"own": {"grant_id": str(call.id)}, "absent": {"grant_id": "999999"}}
    if "{event_id}" in address:
        made = _event(office, colleague)
        own = {"event_id": str(made), "picture_id": str(_picture(office, made, colleague))}
        return {"own": own, "absent": {"event_id": "999999", "picture_id": "999999"}}
    return {"own": {"code": _came(office, colleague, f"c{colleague}")}, "absent": {"code": "NONE"}}
