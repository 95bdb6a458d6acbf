"""Appointments as calendar files (RFC 5545): one identity for ever, a number that grows with every change."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storage.appointments import Appointment

TYPE = "text/calendar; charset=utf-8"


def drawn(of: Appointment, title: str, public_url: str, zone: ZoneInfo) -> bytes:
    """The file. A calendar that has the appointment already moves it, or takes it out when it was called off.

    It names centre, time and place, and nothing of what it is about: calendars are shared with families and phones.
    """
    from icalendar import Calendar, Event, vCalAddress

    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//Nakodo//appointments//JA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH" if of.stands else "CANCEL")
    event.add("organizer", vCalAddress(public_url))
    event.add("uid", f"{of.uid}@nakodo")
    event.add("sequence", of.sequence)
    event.add("dtstamp", of.changed_at)
    event.add("last-modified", of.changed_at)
    event.add("created", of.made_at)
    event.add("dtstart", _at(of.when.starts_at, zone))
    event.add("dtend", _at(of.when.starts_at + timedelta(minutes=of.when.minutes), zone))
    event.add("summary", title)
    if of.when.place:
        event.add("location", of.when.place)
    event.add("status", "CONFIRMED" if of.stands else "CANCELLED")
    event.add("class", "PRIVATE")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _at(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone)
