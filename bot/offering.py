"""Events that somebody offers in a talk: kept as drafts for the console, and the word of what became of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from bot.gathered import Moment, home_of
from bot.notices import Made, Pen, To, awake, tell
from bot.visit import Visit
from dialogs.asking import way
from dialogs.deeds import Completed
from dialogs.flows.event_offer import Cost, EventOffer
from dialogs.saying import Link, Message
from knowledge.event import Content, Target, Way
from storage import event_offers, events
from storage.crypt import Vault
from storage.event_offers import Offer
from storage.events import Change, Event, Span, State
from storage.inbox import Waiting

MOST = 5  # of one person that nobody has read yet


def answer(conn: Connection, vault: Vault, visit: Visit, moment: Moment) -> None:
    """Everything of one visit, in its order."""
    pen = Pen(conn, vault, visit.mind, moment.now)
    for deed, waiting in visit.deeds:
        match deed:
            case Completed(EventOffer.name, record):
                visit.say((_keep(pen, visit, waiting, record),), waiting, moment)
            case _:
                continue


def _keep(pen: Pen, visit: Visit, waiting: Waiting, record: Mapping[str, Any]) -> Message:
    words = visit.mind.house.library[visit.session.language]
    ways = (way(words, "events"), way(words, "menu"), way(words, "person"))
    if event_offers.waiting(pen.conn, visit.person.id) >= MOST:
        return Message(words.say("events.bring_many", count=MOST), ways)
    content, span = told(record, pen)
    number = events.add(pen.conn, Change(content, [span], None), pen.now)
    event_offers.keep(pen.conn, Offer(number, visit.person.id, home_of(visit.person, waiting)), pen.now)
    return Message(words.say("events.bring_kept", title=content.title), ways)


def told(record: Mapping[str, Any], pen: Pen) -> tuple[Content, Span]:
    """What was answered, as an event; one that ends before it begins goes on past midnight."""
    start = datetime.fromisoformat(record["starts"])
    start = pen.mind.local(start) if start.tzinfo else start.replace(tzinfo=pen.mind.zone)
    end = datetime.combine(start.date(), time.fromisoformat(record["ends"]), start.tzinfo)
    free = record["cost"] == Cost.FREE
    content = Content(
        title=record["called"],
        organiser=record["organiser"],
        place=record["place"],
        free=free,
        cost="" if free else record.get("price") or "",
        targets=tuple(one for one in Target if one.value in record["targets"]),
        about=record.get("about") or "",
        way=Way.NONE,
    )
    return content, Span(start, end if end > start else end + timedelta(days=1))


def decided(pen: Pen, before: Event, after: Event) -> None:
    """Whoever offered it hears once that everybody can see it now, or that it will not be shown."""
    offer = event_offers.of_event(pen.conn, after.id)
    if offer is None or before.state is not State.DRAFT or after.state not in {State.PUBLISHED, State.AWAY}:
        return
    if event_offers.told(pen.conn, offer, pen.now):
        to = To(offer.person_id, offer.contact_id)
        tell(pen, to, _outcome(after, pen.mind.public_url), not_before=awake(pen, offer.person_id))


def _outcome(after: Event, public_url: str) -> Made:
    title, out = after.content.title, after.state is State.PUBLISHED
    url = f"{public_url}/events/{after.id}"
    key = "events.bring_out" if out else "events.bring_no"
    return lambda words: [
        Message(
            words.say(key, title=title),
            (way(words, "menu"), way(words, "person")),
            links=(Link(words.say("events.bring_page"), url),) if out else (),
        )
    ]
