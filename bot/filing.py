"""What a turn leaves behind besides words: cases, consents, shown answers, verdicts, links to our own pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from bot.visit import Moment, Visit
from dialogs.dates import say_day
from dialogs.deeds import Alarm, Judged, Missed, PersonWanted, Shown, TellMine
from dialogs.saying import Button, Message, Weight
from storage import answers, cases, pages, talk
from storage.crypt import Vault


def open_case(conn: Connection, vault: Vault, visit: Visit, now: datetime) -> int | None:
    """The case that what was said belongs to: a new one, the open one, or none."""
    if visit.released and visit.case and visit.case.holder is not None:
        cases.release(conn, visit.case.id, visit.case.holder, now)
    if visit.opening:
        return cases.open_case(conn, vault, visit.opening, now).id
    return visit.case.id if visit.case else None


def file_deeds(conn: Connection, vault: Vault, visits: Sequence[Visit], now: datetime) -> None:
    """Everything else that the turns left to be done."""
    for visit in visits:
        for deed, _ in visit.deeds:
            match deed:
                case Shown(article, version, language):
                    answers.shown(conn, visit.person.id, article, version, language, now)
                case Judged(article, version, helped):
                    answers.judge(conn, visit.person.id, article, version, helped)
                case Missed(words) if visit.session.consented:
                    answers.missed(conn, vault, visit.person.id, visit.person.key, words, visit.session.language, now)
                case Alarm() | PersonWanted() if visit.case and visit.opening is None:
                    urgent = isinstance(deed, Alarm)
                    cases.called(conn, visit.case.id, urgent=urgent, now=now)
                case _:
                    pass  # said, kept in the session, or opened as a case above


def links_of(
    conn: Connection, person_id: int, messages: Sequence[Message], public_url: str, now: datetime
) -> tuple[Message, ...]:
    """The messages with a one-time address behind every button to our own pages."""
    return tuple(_linked(conn, person_id, one, public_url, now) if one.page else one for one in messages)


def _linked(conn: Connection, person_id: int, message: Message, public_url: str, now: datetime) -> Message:
    assert message.page is not None
    token = pages.make_link(conn, person_id, message.page.purpose, now)
    return replace(message, page=replace(message.page, url=f"{public_url}/p/{token}"))


def tell_mine(conn: Connection, vault: Vault, visit: Visit, moment: Moment) -> None:
    """「何を持っていますか」: counts and dates of what is kept, said where it was asked."""
    words = visit.mind.house.library[visit.session.language]
    asked = next(waiting for deed, waiting in visit.deeds if isinstance(deed, TellMine))
    kept = talk.count_of_person(conn, visit.person.id)
    files = cases.of_person(conn, vault, visit.person.id)
    lines = [words.say("mine.head"), words.say("mine.since", day=say_day(visit.person.created_at.date(), words))]
    lines.append(words.say("mine.talk", count=kept))
    for case in files:
        day = say_day(visit.mind.local(case.head.opened_at).date(), words)
        lines.append(words.say("mine.case", ref=case.head.ref, day=day, count=len(case.rows or ())))
    nothing = not kept and not files
    text = words.say("mine.nothing") if nothing else "\n".join([*lines, words.say("mine.how")])
    menu = Button(words.say("command.menu"), "m:menu", Weight.WAY)
    visit.say((Message(text, (menu,)),), asked, moment)
