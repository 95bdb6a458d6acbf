"""What the tests of events share: an event that is published, and people who sign up by pressing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from dialogs.heard import Tapped
from dialogs.saying import Message
from knowledge.event import Content, Way
from storage import events, staff
from storage.events import Change, Event, Span, State
from storage.staff import Role
from tests.bot.centre import Centre
from tests.bot.desk import write


def content(**other: Any) -> Content:
    """An event that one signs up for in the chat."""
    given: dict[str, Any] = {"title": "落ち葉そうじ", "organiser": "中央町会", "place": "浅草公会堂", "way": Way.BOT}
    return Content.model_validate(given | other)


def at(centre: Centre, days: int, hour: int = 10) -> Span:
    """Two hours on a day to come, on the centre's clock."""
    day = centre.mind.local(centre.now) + timedelta(days=days)
    start = day.replace(hour=hour, minute=0, second=0, microsecond=0)
    return Span(start, start + timedelta(hours=2))


def publish(centre: Centre, what: Content, *spans: Span) -> Event:
    """An event that everybody may see."""

    def job(conn: Connection) -> Event:
        member = staff.by_login(conn, "fair")
        if member is None:
            staff.add(conn, "fair", "Fair", Role.COORDINATOR, centre.now)
            member = staff.by_login(conn, "fair")
        assert member is not None
        made = events.find(conn, events.add(conn, Change(what, spans, member.id), centre.now))
        assert made is not None
        assert events.move(conn, made, State.PUBLISHED, member.id, centre.now)
        found = events.find(conn, made.id)
        assert found is not None
        return found

    return write(centre, job)


def find(centre: Centre, of: Event) -> Event:
    """It as it is now."""
    found = centre.store.read(lambda conn: events.find(conn, of.id))
    assert found is not None
    return found


def sign_up(centre: Centre, who: str, of: Event, people: int = 1) -> list[Message]:
    """Through the form; what is said at the end."""
    centre.say(who, Tapped(f"h:join:{of.dates[0].id}"))
    asked = centre.say(who, f"{people}人")
    send = next(button.tap for button in asked[-1].buttons if button.tap.startswith("s:"))
    return centre.say(who, Tapped(send))


def text_of(parcels: list[Any]) -> list[str]:
    """The words of parcels."""
    return [message["text"] for parcel in parcels for message in parcel.messages]


def go_to(centre: Centre, moment: datetime) -> None:
    """Move the clock."""
    centre.now = moment
