"""What holds at a centre: the parts of its settings, shipped in files or set in the console, read by one reader."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import tomli

from knowledge import emergency
from knowledge.clocks import Clocks, Targets
from knowledge.emergency import Emergency
from knowledge.hours import WEEK, Calendar, WrongHours
from knowledge.parts import (
    MODELS,
    AfterPart,
    BrokenPart,
    CentrePart,
    ClocksPart,
    DaysPart,
    EmergencyPart,
    HoursPart,
    Part,
    TargetsPart,
    TopicsPart,
    Week,
    read,
)

CENTRE = Path(__file__).parent / "centre.toml"
_OF_CENTRE = ("name", "phone", "address", "mail")
_OF_HOURS = ("open", "consulting", "slot_minutes", "open_on_holidays", "closed_each_year", "closed_days")
_BESIDES = ("example", "timezone", "clocks")
Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Centre:
    """The centre's own settings; `example` says that they are the demo's and still to be set.

    `phone`, `address` and `mail` are told as they are written; "" means not set, and then nothing is told.
    """

    example: bool
    names: dict[str, str]
    opening: Calendar
    consulting: Calendar
    slot_minutes: int
    phone: str = ""
    address: str = ""
    mail: str = ""

    @property
    def ways(self) -> dict[str, str]:
        """How the centre is reached, by name: as much of it as is set."""
        told = {"phone": self.phone, "address": self.address, "mail": self.mail}
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class Rules:
    """Everything that holds: `open_topics` may be talked about in the chat, `asked` are the questions after a case."""

    centre: Centre
    clocks: Clocks
    emergency: Emergency
    open_topics: frozenset[str]
    asked: frozenset[str]


@dataclass(frozen=True)
class Shipped:
    """What this release brings: each part as plain data, and what no part changes."""

    parts: Mapping[Part, Plain]
    zone: tzinfo
    example: bool
    words: Mapping[str, dict[str, str]]

    def rules(self, own: Mapping[Part, Plain] | None = None) -> Rules:
        """What holds with the centre's `own` parts in the place of the shipped ones. Raises BrokenPart."""
        told = {**self.parts, **(own or {})}
        who, hours = read(CentrePart, told[Part.CENTRE]), read(HoursPart, told[Part.HOURS])
        days = frozenset((*hours.closed_days, *read(DaysPart, told[Part.DAYS]).days))
        opening = self._calendar(hours, hours.open, days)
        centre = Centre(
            example=self.example and Part.HOURS not in (own or {}),
            names=who.name.model_dump(by_alias=True),
            opening=opening,
            consulting=self._calendar(hours, hours.consulting, days),
            slot_minutes=hours.slot_minutes,
            phone=who.phone,
            address=who.address,
            mail=who.mail,
        )
        return Rules(
            centre=centre,
            clocks=_clocks(read(ClocksPart, told[Part.CLOCKS]), opening),
            emergency=emergency.of_part(read(EmergencyPart, told[Part.EMERGENCY]), self.words),
            open_topics=frozenset(read(TopicsPart, told[Part.TOPICS]).open),
            asked=frozenset(name for name, on in read(AfterPart, told[Part.AFTER]).model_dump().items() if on),
        )

    def _calendar(self, part: HoursPart, week: Week, days: frozenset[date]) -> Calendar:
        return Calendar(
            zone=self.zone,
            open_periods={WEEK.index(day): periods for day, periods in week.items()},
            closed_each_year=frozenset((int(day[:2]), int(day[3:])) for day in part.closed_each_year),
            closed_days=days,
            open_on_holidays=part.open_on_holidays,
        )


def load(path: Path = CENTRE) -> Shipped:
    """The parts in the files of this release. Raises WrongHours naming the field, BrokenEmergency likewise."""
    data: dict[str, Any] = tomli.loads(path.read_text(encoding="utf-8"))
    try:
        if strange := sorted(set(data) - {*_OF_CENTRE, *_OF_HOURS, *_BESIDES}):
            raise WrongHours(f"{strange[0]}: is not known here; take it out")
        told = emergency.load()
        parts: dict[Part, Plain] = {
            Part.CENTRE: {key: data[key] for key in _OF_CENTRE if key in data},
            Part.HOURS: {key: data[key] for key in _OF_HOURS if key in data},
            Part.DAYS: {},
            Part.CLOCKS: data.get("clocks", {}),
            Part.TOPICS: {},
            Part.EMERGENCY: _numbers(told),
            Part.AFTER: AfterPart().model_dump(),
        }
        for part in MODELS:
            _check(part, parts[part])
        plain: dict[str, Plain] = json.loads(json.dumps(parts, default=str))
        made = {Part(part): value for part, value in plain.items()}
        return Shipped(made, ZoneInfo(str(data["timezone"])), bool(data["example"]), told.words)
    except KeyError as missing:
        raise WrongHours(f"{path.name}: {missing.args[0]}: is missing; add it") from missing
    except WrongHours as wrong:
        raise WrongHours(f"{path.name}: {wrong}") from wrong


def load_centre(path: Path = CENTRE) -> Centre:
    """The centre as this release ships it; raises WrongHours naming the field."""
    return load(path).rules().centre


def load_clocks(path: Path = CENTRE) -> Clocks:
    """The clocks as this release ships them; raises WrongHours naming the field. Without [clocks] nothing runs."""
    return load(path).rules().clocks


def _check(part: Part, told: Plain) -> None:
    try:
        read(MODELS[part], told)
    except BrokenPart as broken:
        before = "clocks." if part is Part.CLOCKS else ""
        raise WrongHours("; ".join(f"{before}{one.field}: {one.english}" for one in broken.complaints)) from broken


def _numbers(told: Emergency) -> Plain:
    def rows(lines: tuple[emergency.Line, ...]) -> list[dict[str, str]]:
        return [{"number": one.number, **one.purpose} for one in lines]

    return {
        "checked": told.checked,
        "lines_checked": told.lines_checked,
        "numbers": rows(told.numbers),
        "lines": rows(told.lines),
    }


def _clocks(part: ClocksPart, opening: Calendar) -> Clocks:
    return Clocks(
        opening,
        _targets(part),
        {str(urgency): _targets(one) for urgency, one in part.urgency.items()},
        {topic: _targets(one) for topic, one in part.topic.items()},
        (part.warn_holder, part.warn_desk, part.warn_chief),
    )


def _targets(part: TargetsPart) -> Targets:
    return Targets(part.first, part.next, part.solution)
