"""Appointments as residents hear of them: told, moved, called off and reminded of, and answered by one tap."""

from __future__ import annotations

from enum import StrEnum

from dialogs.around import Meeting
from dialogs.asking import way
from dialogs.dates import say_moment
from dialogs.deeds import Attending
from dialogs.draft import Draft
from dialogs.saying import Button, Message, Page, Weight
from dialogs.tap import AppointmentTap, Attend
from dialogs.words import Words


class Told(StrEnum):
    """What is said of an appointment."""

    SET = "set"
    MOVED = "moved"
    OFF = "off"
    DAY = "day"  # a reminder: tomorrow
    HOUR = "hour"  # a reminder: in an hour


def told(words: Words, of: Meeting, what: Told) -> Message:
    """One message with its day, hour, place and person; who must say something has the buttons for it beside it.

    The page is the calendar file: a link of its own each time.
    """
    place = words.say(f"meeting.{of.way}")
    if of.place:
        inside = words.say("meeting.inside", how=place)
        place = inside if of.inside else words.say("meeting.at", how=place, place=of.place)
    values: dict[str, str | int] = {
        "when": say_moment(of.starts, words),
        "minutes": of.minutes,
        "where": place,
        "name": of.name,
    }
    answers = {Attend.YES: "yes", Attend.OTHER: "other", Attend.CANCEL: "cancel"}
    if what in {Told.DAY, Told.HOUR}:
        del answers[Attend.YES]
    buttons = [
        Button(words.say(f"meeting.{key}"), str(AppointmentTap(of.number, of.sequence, one)), Weight.OPTION)
        for one, key in answers.items()
        if what is not Told.OFF
    ]
    page = Page(words.say("meeting.file"), f"file:{of.number}")
    return Message(words.say(f"meeting.{what.value}", **values), tuple(buttons), page=page)


def answered(draft: Draft, tap: AppointmentTap) -> None:
    """What becomes of it. A button that outlived its appointment changes nothing, and a person is one tap away."""
    of = draft.around.meeting
    if of is None or of.sequence != tap.sequence:
        draft.say("meeting.gone", way(draft.words, "person"))
    else:
        draft.do(Attending(tap.number, tap.sequence, tap.answer))
        said = {Attend.YES: "agreed", Attend.OTHER: "asked_other", Attend.CANCEL: "called_off"}[tap.answer]
        draft.messages.append(Message(_answer(draft.words, said, of)))
    if draft.place:
        draft.ask()


def _answer(words: Words, said: str, of: Meeting) -> str:
    return words.say(f"meeting.{said}", when=say_moment(of.starts, words))
