"""What a turn leaves behind besides words: cases, consents, shown answers, verdicts, links to our own pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.gathered import Moment
from bot.meetings import attended
from bot.outcomes import note_outcome
from bot.visit import Visit
from dialogs.dates import say_day
from dialogs.deeds import Alarm, Attending, Consented, Judged, Missed, Outcome, PersonWanted, Shown, TellMine
from dialogs.saying import Button, Message, Weight
from dialogs.wishes import Wishes, WishesAsked, summary
from knowledge.learnable import learnable
from knowledge.plain import even
from storage import (
    after,
    answers,
    appointments,
    calls,
    cases,
    event_offers,
    feed,
    grant_people,
    joined,
    learned,
    pages,
    partners,
    receivers,
    sign_ups,
    talk,
    things,
)
from storage.cases import By, Who
from storage.crypt import Vault

LINK_LASTS = timedelta(days=3)  # long enough to find the time to write, short enough to be of no use to a finder


def open_case(conn: Connection, vault: Vault, visit: Visit, moment: Moment) -> int | None:
    """The case that what was said belongs to: a new one, the open one, or none."""
    now = moment.now
    if visit.released and visit.case and visit.case.holder is not None:
        cases.release(conn, visit.case.id, visit.case.holder, now, By(Who.PERSON))
    case_id = visit.case.id if visit.case else None
    for opening in visit.openings:
        if case_id is None:
            told = None if opening.why == "urgent" else moment.promise.by  # danger is not told an hour
            case_id = cases.open_case(conn, vault, replace(opening, promised=told), now).id
        else:
            cases.file_into(conn, vault, case_id, opening, now)
    return case_id


def file_deeds(
    conn: Connection, vault: Vault, visits: Sequence[Visit], case_ids: Mapping[int, int | None], now: datetime
) -> None:
    """Everything else that the turns left to be done. `case_ids` are the open cases by person."""
    shown: list[answers.Shown] = []
    missed: list[answers.Question] = []
    for visit in visits:
        person, case_id = visit.person, case_ids[visit.person.id]
        for deed, _ in visit.deeds:
            match deed:
                case Shown(article, version, language):
                    shown.append(answers.Shown(now, person.id, article, version, language))
                case Missed(words) if visit.session.consented:
                    missed.append(answers.Question(now, person.id, person.key, visit.session.language, words))
                case Consented(None):
                    _withdrawn(conn, person.id, case_id, now)
                case Alarm() if case_id:
                    calls.alarmed(conn, vault, case_id, _danger(visit, deed), now)
                case Attending():
                    attended(conn, vault, person.id, deed, now)
                case PersonWanted() if case_id and deed is not visit.opened_by:
                    calls.called(conn, feed.Change(now, "called", case_id, person.id))
                case _:
                    pass  # said, kept in the session, or opened as a case above
    answers.shown(conn, shown)
    answers.unknown(conn, vault, missed)
    for visit in visits:  # after that, for what is judged may have been shown a moment ago
        _wishes(conn, visit, now)
        _judged(conn, vault, visit, now)


def _wishes(conn: Connection, visit: Visit, now: datetime) -> None:
    """What they want to receive, in the order in which it was said."""
    person, language = visit.person, visit.session.language
    for deed, waiting in visit.deeds:
        match deed:
            case Wishes():
                receivers.keep(conn, receivers.Said(person.id, waiting.contact_id, language, deed), now)
            case WishesAsked():
                receivers.asked(conn, person.id, language, now)
            case Consented(None):
                receivers.withdraw(conn, person.id, now)
            case _:
                pass
    if language != person.language:
        receivers.speaks(conn, person.id, language)


def _withdrawn(conn: Connection, person_id: int, case_id: int | None, now: datetime) -> None:
    """Consent was taken back: nobody outside reads any case of theirs, and whoever has the open one is told."""
    partners.shut(conn, person_id, now)
    if case_id:
        calls.called(conn, feed.Change(now, "consent_withdrawn", case_id, person_id))


def _danger(visit: Visit, alarm: Alarm) -> calls.Danger:
    """The kind of danger in the language of the coordinators."""
    words = visit.mind.house.library["ja"]
    reason = alarm.reason if words.has(f"danger.{alarm.reason}") else "accident"
    return calls.Danger(alarm.reason, words.say("danger.label"), words.say(f"danger.{reason}"), visit.person.key)


def _judged(conn: Connection, vault: Vault, visit: Visit, now: datetime) -> None:
    """What the person thinks of answers, and of cases that are over."""
    for deed, _ in visit.deeds:
        if isinstance(deed, Judged):
            _judge(conn, vault, visit, deed)
        elif isinstance(deed, Outcome) and note_outcome(conn, visit.person.id, deed, now):
            visit.case = cases.of_person_open(conn, [visit.person.id]).get(visit.person.id)


def _judge(conn: Connection, vault: Vault, visit: Visit, said: Judged) -> None:
    """A verdict belongs to the last time this person saw that article; a forged one belongs nowhere.

    One on a question in the person's own words is learnt from; of the words a blind index is kept.
    """
    person = visit.person
    seen = answers.latest(conn, person.id, said.article)
    if seen is None:
        return
    answers.feedback(conn, seen, person.id, "yes" if said.helped else "no")
    answers.count(conn, said.article, said.helped)
    if visit.mind.learns and visit.session.consented and learnable(said.words):
        verdict = learned.Verdict(person.id, even(said.words), said.article, said.helped)
        learned.keep(conn, vault, verdict)


def links_of(
    conn: Connection, to: tuple[int, int], messages: Sequence[Message], public_url: str, now: datetime
) -> tuple[Message, ...]:
    """The messages with a one-time address behind every button to our own pages; `to` is a person and their contact."""
    return tuple(_linked(conn, to, one, public_url, now) for one in messages)


def _linked(conn: Connection, to: tuple[int, int], message: Message, public_url: str, now: datetime) -> Message:
    if message.page is None or message.page.purpose == "link":  # an address like any, given from the start
        return message
    person_id, contact_id = to
    purpose, _, number = message.page.purpose.partition(":")
    which = int(number) if number else None
    new = pages.NewLink(person_id, pages.Purpose(purpose), LINK_LASTS, run=which, contact_id=contact_id)
    door = "file" if new.purpose is pages.Purpose.FILE else "p"
    url = f"{public_url}/{door}/{pages.make(conn, new, now)}"
    return replace(message, page=replace(message.page, url=url))


def tell_mine(conn: Connection, vault: Vault, visit: Visit, moment: Moment) -> None:
    """「何を持っていますか」: counts and dates of what is kept, said where it was asked."""
    words = visit.mind.house.library[visit.session.language]
    asked = next(waiting for deed, waiting in visit.deeds if isinstance(deed, TellMine))
    kept = talk.count_of_person(conn, visit.person.id)
    files = cases.of_person(conn, vault, visit.person.id)
    since = visit.mind.local(visit.person.created_at).date()
    lines = [words.say("mine.head"), words.say("mine.since", day=say_day(since, words))]
    lines.append(words.say("mine.talk", count=kept))
    whose = (visit.person.id, *joined.others_of(conn, visit.person.id))
    if fetched := sum(things.count_of_person(conn, one) for one in whose):
        lines.append(words.say("mine.things", count=fetched))
    for case in files:
        day = say_day(visit.mind.local(case.head.opened_at).date(), words)
        lines.append(words.say("mine.case", ref=case.head.ref, day=day, count=len(case.rows or ())))
    if coming := len(sign_ups.of_person(conn, visit.person.id)):
        lines.append(words.say("mine.events", count=coming))
    if offered := event_offers.count_of_person(conn, visit.person.id):
        lines.append(words.say("mine.offers", count=offered))
    lines += _of_grants(conn, vault, visit)
    if told := after.count_of_person(conn, visit.person.id):
        lines.append(words.say("mine.after", count=told))
    if met := appointments.count_of_person(conn, visit.person.id):
        lines.append(words.say("mine.meetings", count=met))
    if shown := partners.count_of_person(conn, visit.person.id):
        lines.append(words.say("mine.partners", count=shown))
    receiving = receivers.read(conn, visit.person.id)
    if receiving.known:
        lines.append(words.say("mine.wishes", settings=summary(words, receiving.wishes)))
    buttons = [Button(words.say("command.menu"), "m:menu", Weight.WAY)]
    if visit.person.joined:  # said when it happened; but somebody may have held the phone then
        ways = {one.home: words.say(f"channel.{one.channel}") for one in reversed(visit.person.contacts)}
        lines.append(words.say("mine.joined", channels=" / ".join(ways.values())))
        buttons.append(Button(words.say("command.part"), "m:part", Weight.OPTION))
    nothing = not kept and not files and not receiving.known
    text = words.say("mine.nothing") if nothing else "\n".join([*lines, words.say("mine.how")])
    visit.say((Message(text, tuple(buttons)),), asked, moment)


def _of_grants(conn: Connection, vault: Vault, visit: Visit) -> list[str]:
    """What is kept about somebody and grants."""
    words, used = visit.mind.house.library[visit.session.language], len(grant_people.mine(conn, visit.person.id))
    lines = [words.say("mine.grants", count=used)] if used else []
    told = grant_people.card(conn, vault, visit.person.id, visit.person.key)
    return [*lines, words.say("mine.group")] if told else lines
