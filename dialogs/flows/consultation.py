"""Asking for a consultation: the intake sheet of the centre, one question at a time."""

from __future__ import annotations

from enum import StrEnum

from dialogs.flow import Flow, Mode
from dialogs.questions import Consent, Day, LongText, Mail, ManyOf, Number, OneOf, Phone, Slot, Text, YesNo
from dialogs.session import Answers


class Standing(StrEnum):
    """Who is asking."""

    INDIVIDUAL = "individual"
    PLANNING = "planning"
    VOLUNTARY = "voluntary"
    NEIGHBOURHOOD = "neighbourhood"
    NPO = "npo"
    ASSOCIATION = "association"
    COMPANY = "company"
    SCHOOL = "school"
    STAFF = "staff"
    OTHER = "other"


class Trouble(StrEnum):
    """What it is about; also the topic by which coordinators sort their queue."""

    START = "start"
    FELLOWS = "fellows"
    RULES = "rules"
    LEGAL_FORM = "legal_form"
    MONEY = "money"
    ACCOUNTS = "accounts"
    EVENT = "event"
    PLACE = "place"
    PUBLICITY = "publicity"
    WARD = "ward"
    COMPANIES = "companies"
    INSIDE = "inside"
    OTHER = "other"


class Urgency(StrEnum):
    """How soon an answer is needed."""

    NONE = "none"
    MONTH = "month"
    WEEK = "week"
    TODAY = "today"


class Way(StrEnum):
    """How to talk."""

    DESK = "desk"
    PHONE = "phone"
    ONLINE = "online"
    VISIT = "visit"
    TEXT = "text"


class Wish(StrEnum):
    """What the person hopes for."""

    INFORMATION = "information"
    MEETING = "meeting"
    INTRODUCTION = "introduction"
    PAPERS = "papers"
    EXPERT = "expert"
    LISTENING = "listening"


class Need(StrEnum):
    """What makes taking part easier."""

    WHEELCHAIR = "wheelchair"
    SIGN = "sign"
    INTERPRETER = "interpreter"
    CHILDREN = "children"
    HOURS = "hours"


class Other(StrEnum):
    """Who may be told, each agreed to separately."""

    WARD = "ward"
    WELFARE = "welfare"
    EXPERT = "expert"
    GROUP = "group"
    NOBODY = "nobody"


GROUPS = (
    Standing.PLANNING,
    Standing.VOLUNTARY,
    Standing.NEIGHBOURHOOD,
    Standing.NPO,
    Standing.ASSOCIATION,
    Standing.COMPANY,
    Standing.SCHOOL,
)


class Consultation(Flow):
    """The fields of the centre's intake sheet. The centre's own page takes what may not be written into a chat."""

    name = "consultation"
    revision = 1
    shelves = ("consulting_hours",)

    standing = OneOf(Standing)
    trouble = ManyOf(Trouble)
    urgency = OneOf(Urgency)
    way = OneOf(Way)
    slot = Slot(of="consulting_hours", when=way.is_(Way.DESK, Way.PHONE, Way.ONLINE))
    more = YesNo()
    wish = ManyOf(Wish, when=more.is_(True), optional=True)
    deadline = Day(future=True, when=more.is_(True), optional=True)
    group = Text(at_most=80, when=more.is_(True) & standing.is_(*GROUPS), optional=True)
    area = Text(at_most=80, when=more.is_(True) & standing.is_(*GROUPS), optional=True)
    members = Number(at_least=1, at_most=100_000, when=more.is_(True) & standing.is_(*GROUPS), optional=True)
    founded = Number(at_least=1868, at_most=2100, when=more.is_(True) & standing.is_(*GROUPS), optional=True)
    told = Text(at_most=200, when=more.is_(True), optional=True)
    need = ManyOf(Need, when=more.is_(True), optional=True)
    share = ManyOf(Other, alone=(Other.NOBODY,))
    story = LongText(at_most=1000, private=True)
    need_words = Text(at_most=200, when=more.is_(True), optional=True, private=True)
    calling = Text(at_most=40, personal=True, when=way.is_(Way.DESK, Way.PHONE, Way.ONLINE, Way.VISIT), optional=True)
    phone = Phone(personal=True, when=way.is_(Way.PHONE))
    reach_time = Text(at_most=60, personal=True, when=way.is_(Way.PHONE), optional=True)
    mail = Mail(personal=True, when=way.is_(Way.ONLINE), optional=True)
    consent = Consent(version="2026-11")

    @classmethod
    def stop(cls, answers: Answers) -> str | None:
        """Without consent nothing is filed."""
        return "no_consent" if cls.consent.given(answers) is False else None

    @classmethod
    def mode(cls, answers: Answers, free: frozenset[str]) -> Mode:
        """Open only when every trouble named is of the harmless kind."""
        troubles = cls.topics(answers)
        return Mode.OPEN if troubles and free.issuperset(troubles) else Mode.PRIVATE

    @classmethod
    def topics(cls, answers: Answers) -> tuple[str, ...]:
        """The troubles named."""
        return tuple(one.value for one in cls.trouble.answer(answers) or ())

    @classmethod
    def urgency_of(cls, answers: Answers) -> str:
        """As the person says."""
        chosen = cls.urgency.answer(answers)
        return chosen.value if chosen else Urgency.NONE.value
