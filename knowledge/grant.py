"""What a call for grants says about itself, with its rules as data, checked where it comes in: console or file."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.lines import Block, Line

FRESH = timedelta(days=180)  # what nobody has looked at for longer is marked, and nobody is reminded of it


class Form(StrEnum):
    """What kind of group it is (FORMS 2, 団体の種類)."""

    VOLUNTARY = "voluntary"
    NEIGHBOURHOOD = "neighbourhood"
    NPO = "npo"
    ASSOCIATION = "association"
    WELFARE = "welfare"
    SCHOOL = "school"
    COMPANY = "company"
    OTHER = "other"


class Area(StrEnum):
    """Where a group is mostly active (FORMS 2, 主な活動地域)."""

    PART = "part"  # a part of the ward
    WARD = "ward"
    TOKYO = "tokyo"
    COUNTRY = "country"


class Kind(StrEnum):
    """What a group does: the 20 fields of the NPO law, those that are near each other as one."""

    WELFARE = "welfare"
    LEARNING = "learning"
    TOWN = "town"
    CULTURE = "culture"
    NATURE = "nature"
    SAFETY = "safety"
    RIGHTS = "rights"
    WORLD = "world"
    CHILDREN = "children"
    WORK = "work"
    SUPPORT = "support"
    OTHER = "other"


class Delivery(StrEnum):
    """What the last day means: the papers are there, or they bear its postmark, or a form is sent by then."""

    ARRIVE = "arrive"  # 必着
    POSTMARK = "postmark"  # 消印有効
    ONLINE = "online"


Yen = Annotated[int, Field(ge=1, le=10_000_000_000)]
Years = Annotated[int, Field(ge=1, le=100)]


class Content(BaseModel):
    """A call. Source: FORMS 7. No form, area or field chosen means any; money is in yen, `rate` in percent of costs.

    `years_from` and `years_to` are full years active, `budget_from` and `budget_to` yen a year.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[Line, Field(min_length=1)]
    funder: Annotated[Line, Field(min_length=1)]
    who: Block = ""
    about: Block = ""
    forms: tuple[Form, ...] = ()
    areas: tuple[Area, ...] = ()
    fields: tuple[Kind, ...] = ()
    years_from: Years | None = None
    years_to: Years | None = None
    budget_from: Yen | None = None
    budget_to: Yen | None = None
    ceiling: Yen | None = None
    rate: Annotated[int, Field(ge=1, le=100)] | None = None
    costs: Block = ""
    opens: date | None = None
    closes: date
    delivery: Delivery
    papers: Block = ""
    briefing: Line = ""
    result: Line = ""
    url: Annotated[Line, Field(pattern=r"^https?://[!-~]+$")]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.opens and self.closes < self.opens:
            raise ValueError("closes is before opens")
        for low, high in ((self.years_from, self.years_to), (self.budget_from, self.budget_to)):
            if low and high and high < low:
                raise ValueError("a rule that nobody can keep")
        return self

    def open_on(self, day: date) -> bool:
        """Whether one can apply on this day; the last day counts."""
        return (self.opens or day) <= day <= self.closes


def stale(checked: date | None, today: date) -> bool:
    """Whether nobody has compared it with its source for too long."""
    return checked is None or today - checked > FRESH
