"""Offering an event of one's group: what everybody must know of it; coordinators read it before anybody else does."""

from __future__ import annotations

from enum import StrEnum

from dialogs.flow import Flow
from dialogs.questions import Clock, Consent, LongText, ManyOf, Moment, OneOf, Text
from dialogs.session import Answers


class Cost(StrEnum):
    """Whether one pays."""

    FREE = "free"
    PAID = "paid"


class Target(StrEnum):
    """Whom it is for."""

    EVERYBODY = "everybody"
    CHILDREN = "children"
    PARENTS = "parents"
    SENIORS = "seniors"
    FOREIGNERS = "foreigners"
    DISABLED = "disabled"
    GROUPS = "groups"


class EventOffer(Flow):
    """Carried out at once: a draft for the console. Nothing of it is seen by others before somebody has read it."""

    name = "event_offer"
    revision = 1
    in_menu = False
    opens_case = False

    called = Text(at_most=100)
    organiser = Text(at_most=100)
    starts = Moment()
    ends = Clock()
    place = Text(at_most=100)
    cost = OneOf(Cost)
    price = Text(at_most=60, when=cost.is_(Cost.PAID))
    targets = ManyOf(Target, alone=(Target.EVERYBODY,))
    about = LongText(at_most=500, optional=True)
    consent = Consent(version="2026-11")

    @classmethod
    def stop(cls, answers: Answers) -> str | None:
        """What may not be shown is not kept."""
        return "no_consent" if cls.consent.given(answers) is False else None
