"""Fixing a time to talk, offered to whoever asks for a person while nobody is there."""

from __future__ import annotations

from enum import StrEnum

from dialogs.flow import Flow, Mode
from dialogs.questions import OneOf, Phone, Slot
from dialogs.session import Answers


class Way(StrEnum):
    """How to talk."""

    DESK = "desk"
    PHONE = "phone"
    ONLINE = "online"


class Appointment(Flow):
    """Three questions at most. What was said to the bot is with the case already."""

    name = "appointment"
    revision = 1
    shelves = ("consulting_hours",)
    in_menu = False

    way = OneOf(Way)
    slot = Slot(of="consulting_hours")
    phone = Phone(personal=True, when=way.is_(Way.PHONE))

    @classmethod
    def mode(cls, _answers: Answers, _free: frozenset[str]) -> Mode:
        """What the person wanted to talk about is unknown here: never more open than it was."""
        return Mode.PRIVATE

    @classmethod
    def topics(cls, _answers: Answers) -> tuple[str, ...]:
        """None of its own: the case it belongs to has them."""
        return ()
