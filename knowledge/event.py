"""What an event or a course says about itself, checked where it comes in: from the console or from a file."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.lines import Block, Line


class What(StrEnum):
    """An event, or a course whose people get a certificate."""

    EVENT = "event"
    COURSE = "course"


class Target(StrEnum):
    """Whom it is for; nothing chosen is everybody."""

    CHILDREN = "children"
    PARENTS = "parents"
    SENIORS = "seniors"
    FOREIGNERS = "foreigners"
    DISABLED = "disabled"
    GROUPS = "groups"


class Help(StrEnum):
    """What makes coming easier."""

    WHEELCHAIR = "wheelchair"
    SIGN = "sign"
    CHILDCARE = "childcare"
    EASY = "easy"  # easy Japanese is spoken
    INTERPRETER = "interpreter"


class Way(StrEnum):
    """How to sign up."""

    BOT = "bot"  # here in the chat
    NONE = "none"  # just come
    ELSEWHERE = "elsewhere"  # as `sign_up_note` says


class Content(BaseModel):
    """Everything but the dates. Source: FORMS 7 and the national layout 「イベント一覧」.

    `closes_days`: signing up ends so many days before the date, at midnight; 0 when it begins. `offer_hours`: so long
    a place is kept for whoever comes next in the waiting list. `offsets` as `knowledge.offsets` spells them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Annotated[Line, Field(min_length=1)]
    what: What = What.EVENT
    organiser: Annotated[Line, Field(min_length=1)]
    registered: Line = ""
    place: Line = ""
    address: Line = ""
    access: Block = ""
    cost: Line = ""
    free: bool = False
    targets: tuple[Target, ...] = ()
    helps: tuple[Help, ...] = ()
    way: Way = Way.NONE
    sign_up_note: Line = ""
    capacity: Annotated[int, Field(ge=1, le=100_000)] | None = None
    closes_days: Annotated[int, Field(ge=0, le=90)] = 0
    about: Block = ""
    easy: Block = ""
    contact: Line = ""
    url: Annotated[Line, Field(pattern=r"^(https?://[!-~]+)?$")] = ""
    public_from: date | None = None
    public_until: date | None = None
    may_broadcast: bool = False
    offer_hours: Annotated[int, Field(ge=1, le=168)] = 24
    offsets: tuple[Annotated[str, Field(pattern=r"^(d-?\d{1,2}@([01]?\d|2[0-3])|h\d{1,3})$")], ...] = ("d-1@18", "h2")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.public_from and self.public_until and self.public_until < self.public_from:
            raise ValueError("public_until is before public_from")
        return self

    def public_on(self, day: date) -> bool:
        """Whether it may be seen by everybody on this day."""
        return not (self.public_from and day < self.public_from) and not (self.public_until and day > self.public_until)
