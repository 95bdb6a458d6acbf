"""Signing up for an event: which one, and how many come; nobody is asked for a name."""

from __future__ import annotations

from enum import StrEnum

from dialogs.flow import Flow
from dialogs.questions import Listed, OneOf


class People(StrEnum):
    """How many come; more are for a person to arrange."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"


class SignUp(Flow):
    """Two questions. Whether there is a place is decided when it is sent, under a lock."""

    name = "sign_up"
    revision = 1
    shelves = ("events",)
    in_menu = False
    opens_case = False

    event = Listed(of="events")
    people = OneOf(People)
