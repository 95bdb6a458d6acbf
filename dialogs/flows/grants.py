"""The conversations about grants: what a group is, help with reading a call, help with writing an application."""

from __future__ import annotations

from enum import StrEnum

from dialogs.flow import Flow
from dialogs.questions import Consent, Listed, ManyOf, Number, OneOf, Text
from dialogs.session import Answers


class Form(StrEnum):
    """What kind of group it is."""

    VOLUNTARY = "voluntary"
    NEIGHBOURHOOD = "neighbourhood"
    NPO = "npo"
    ASSOCIATION = "association"
    WELFARE = "welfare"
    SCHOOL = "school"
    COMPANY = "company"
    OTHER = "other"


class Area(StrEnum):
    """Where it is mostly active."""

    PART = "part"
    WARD = "ward"
    TOKYO = "tokyo"
    COUNTRY = "country"


class Kind(StrEnum):
    """What it does."""

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


class Part(StrEnum):
    """What of a call is hard to read."""

    WHO = "who"
    MONEY = "money"
    COSTS = "costs"
    PAPERS = "papers"
    DEADLINE = "deadline"
    AFTER = "after"


class Stage(StrEnum):
    """How far somebody is with writing."""

    IDEA = "idea"
    PLAN = "plan"
    HALF = "half"
    NEARLY = "nearly"


class Help(StrEnum):
    """What help somebody wants."""

    PURPOSE = "purpose"
    PLAN = "plan"
    BUDGET = "budget"
    READING = "reading"


class GrantGroup(Flow):
    """What is compared with the rules of calls and with whom announcements are for, kept only with consent."""

    name = "grant_group"
    revision = 1
    in_menu = False
    opens_case = False

    form = OneOf(Form)
    area = OneOf(Area)
    fields = ManyOf(Kind)
    founded = Number(at_least=1868, at_most=2100, optional=True)
    budget = Number(at_least=1_000, at_most=1_000_000_000, optional=True)  # yen: 「20」 alone would be ten thousands
    consent = Consent(version="2026-12")

    @classmethod
    def stop(cls, answers: Answers) -> str | None:
        """Without consent nothing is kept."""
        return "no_consent" if cls.consent.given(answers) is False else None


class GrantRead(Flow):
    """Which call, and what of it is hard; a coordinator reads it together with them."""

    name = "grant_read"
    revision = 1
    shelves = ("grants",)
    in_menu = False

    grant = Listed(of="grants")
    parts = ManyOf(Part)
    unclear = Text(at_most=200, optional=True)

    @classmethod
    def topics(cls, _answers: Answers) -> tuple[str, ...]:
        """It is about money, as coordinators sort their queue."""
        return ("money",)


class GrantWrite(Flow):
    """The questions that any application answers, one by one; a coordinator goes on from there."""

    name = "grant_write"
    revision = 1
    shelves = ("grants",)
    in_menu = False

    grant = Listed(of="grants")
    stage = OneOf(Stage)
    need = Text(at_most=300)
    plan = Text(at_most=300)
    cost = Text(at_most=200, optional=True)
    help = ManyOf(Help)

    @classmethod
    def topics(cls, _answers: Answers) -> tuple[str, ...]:
        """It is about money, as coordinators sort their queue."""
        return ("money",)
