"""Whether a group may apply for a grant: every rule of the call against what the group says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from knowledge.grant import Area, Content, Form, Kind


class Card(BaseModel):
    """What a group tells of itself to be matched, and nothing else: the year it began, and yen a year."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Form
    area: Area
    fields: tuple[Kind, ...]
    founded: int | None = Field(default=None, ge=1868, le=2100)
    budget: int | None = Field(default=None, ge=0, le=10_000_000_000)


class Rule(StrEnum):
    """What a call may ask of a group."""

    FORM = "form"
    AREA = "area"
    FIELD = "field"
    YEARS_FROM = "years_from"
    YEARS_TO = "years_to"
    BUDGET_FROM = "budget_from"
    BUDGET_TO = "budget_to"
    RATE = "rate"


class Outcome(StrEnum):
    """What came of a rule that is not simply kept."""

    FAILS = "fails"
    ASK = "ask"  # the group did not say, or what it said does not decide it


@dataclass(frozen=True)
class Finding:
    """A rule that fails or must be asked about: the options it wants, or its number (years, or yen)."""

    rule: Rule
    outcome: Outcome
    options: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True)
class Fit:
    """How a group stands to a call."""

    findings: tuple[Finding, ...] = ()

    @property
    def fails(self) -> bool:
        """Whether a rule is certainly not kept."""
        return any(one.outcome is Outcome.FAILS for one in self.findings)

    @property
    def asks(self) -> bool:
        """Whether something is left to be asked."""
        return any(one.outcome is Outcome.ASK for one in self.findings)


def match(call: Content, group: Card, today: date) -> Fit:
    """Every rule of the call against the group, as of today."""
    return Fit((*_kinds(call, group), *_years(call, group, today), *_money(call, group)))


def own_share(call: Content) -> int:
    """What a group must pay itself to get all of the ceiling, in yen; 0 where the grant may pay everything."""
    if not call.rate or not call.ceiling or call.rate == 100:
        return 0
    return -(-call.ceiling * (100 - call.rate) // call.rate)


def _kinds(call: Content, group: Card) -> Iterator[Finding]:
    if call.forms and group.form not in call.forms:
        yield Finding(Rule.FORM, Outcome.FAILS, tuple(one.value for one in call.forms))
    if call.areas and group.area not in call.areas:
        yield Finding(Rule.AREA, Outcome.FAILS, tuple(one.value for one in call.areas))
    if call.fields and not set(call.fields) & set(group.fields):
        yield Finding(Rule.FIELD, Outcome.FAILS, tuple(one.value for one in call.fields))


def _years(call: Content, group: Card, today: date) -> Iterator[Finding]:
    """Only the year is known: in it a group has been active for one full year more or less."""
    most = None if group.founded is None else today.year - group.founded
    least = None if most is None else max(most - 1, 0)
    if call.years_from and (least is None or least < call.years_from):
        fails = most is not None and most < call.years_from
        yield Finding(Rule.YEARS_FROM, Outcome.FAILS if fails else Outcome.ASK, number=call.years_from)
    if call.years_to and (most is None or most > call.years_to):
        fails = least is not None and least > call.years_to
        yield Finding(Rule.YEARS_TO, Outcome.FAILS if fails else Outcome.ASK, number=call.years_to)


def _money(call: Content, group: Card) -> Iterator[Finding]:
    has = group.budget
    if call.budget_from and (has is None or has < call.budget_from):
        yield Finding(Rule.BUDGET_FROM, Outcome.ASK if has is None else Outcome.FAILS, number=call.budget_from)
    if call.budget_to and (has is None or has > call.budget_to):
        yield Finding(Rule.BUDGET_TO, Outcome.ASK if has is None else Outcome.FAILS, number=call.budget_to)
    share = own_share(call)
    if share and has is not None and has < share:  # it may ask for less than the ceiling
        yield Finding(Rule.RATE, Outcome.ASK, number=share)
