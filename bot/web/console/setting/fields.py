"""The fields by which each part of the settings is shown and changed; a field is named by its place in the part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.web.console.words import word
from dialogs.flows.consultation import Trouble
from dialogs.words import LANGUAGES, Words, bare
from knowledge.hours import WEEK
from knowledge.parts import Part

URGENCIES = ("danger", "today", "week", "month", "none")
CLOCKS = ("first", "next", "solution")
WARNINGS = ("warn_holder", "warn_desk", "warn_chief")
LINES, SPARE = 8, 2  # rows for the centre's own numbers: as many as there may be, and how many stand empty
Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One thing to fill in. `name` is its place, `value` what stands there as people write it; `label` says it whole.

    `kind` is text, area, number, yes, date, file or choice (of `options`, by key and words).
    """

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    short: str = ""
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Group:
    """Fields that belong together, under a heading of their own."""

    title: str
    fields: Sequence[Field]
    close: bool = False  # side by side


def topics(book: Words) -> list[tuple[str, str]]:
    """The topics by key and name, in the order of the form."""
    return [(one.value, bare(book.say(f"consultation.trouble.{one.value}"))) for one in Trouble]


def groups(part: Part, told: Plain, book: Words) -> list[Group]:
    """The fields of a part with what stands in them now."""
    match part:
        case Part.CENTRE:
            return list(_centre(told))
        case Part.HOURS:
            return list(_hours(told))
        case Part.DAYS:
            return [Group("", [Field("file", word("settings.ics"), kind="file", hint=word("settings.ics_hint"))])]
        case Part.CLOCKS:
            return list(_clocks(told, book))
        case Part.TOPICS:
            modes = [("private", word("mode.private")), ("open", word("mode.open"))]
            chosen = [
                Field(
                    f"mode.{key}", name, "open" if key in told.get("open", ()) else "private", "choice", options=modes
                )
                for key, name in topics(book)
            ]
            return [Group("", chosen, close=True)]
        case Part.EMERGENCY:
            return list(_emergency(told))
        case Part.AFTER:
            return [Group("", [_yes(name, told) for name in ("close", "weeks", "months", "public")])]


def _centre(told: Plain) -> Iterator[Group]:
    yield Group(
        word("settings.name"), [_named("name", one, told.get("name", {}), "settings.name") for one in LANGUAGES]
    )
    ways = [Field(one, word(f"settings.{one}"), told.get(one, "")) for one in ("phone", "address", "mail")]
    yield Group(word("settings.ways"), ways)


def _named(before: str, language: str, told: Plain, what: str) -> Field:
    label = f"{word(what)}({word('language.' + language)})"
    return Field(f"{before}.{language}", label, str(told.get(language, "")), short=word("language." + language))


def _hours(told: Plain) -> Iterator[Group]:
    for which in ("open", "consulting"):
        days = [
            Field(
                f"{which}.{day}",
                word(f"settings.{which}") + " " + word("settings.day_" + day),
                "、".join(told.get(which, {}).get(day, ())),
                short=word("settings.day_" + day),
            )
            for day in WEEK
        ]
        yield Group(word("settings." + which), days)
    each_year, single = "、".join(told["closed_each_year"]), "\n".join(told["closed_days"])
    yield Group(
        word("settings.closed"),
        [
            _yes("open_on_holidays", told),
            Field(
                "closed_each_year", word("settings.closed_each_year"), each_year, hint=word("settings.each_year_hint")
            ),
            Field("closed_days", word("settings.closed_days"), single, "area", hint=word("settings.closed_days_hint")),
            Field("slot_minutes", word("settings.slot_minutes"), str(told["slot_minutes"]), "number"),
        ],
    )


def _yes(name: str, told: Plain) -> Field:
    return Field(name, word("settings." + name), "yes" if told.get(name) else "", "yes")


def _clocks(told: Plain, book: Words) -> Iterator[Group]:
    yield _three("", word("settings.in_general"), told)
    for one in URGENCIES:
        name = word("urgency.urgent" if one == "danger" else "urgency." + one)
        yield _three(f"urgency.{one}.", word("settings.of_urgency", name=name), told.get("urgency", {}).get(one, {}))
    for key, name in topics(book):
        yield _three(f"topic.{key}.", word("settings.of_topic", name=name), told.get("topic", {}).get(key, {}))
    warned = [Field(one, word("settings." + one), str(told.get(one, 0)), "number") for one in WARNINGS]
    yield Group(word("settings.warn"), warned, close=True)


def _three(before: str, title: str, told: Plain) -> Group:
    def one(clock: str) -> Field:
        short, minutes = word("settings.clock_" + clock), told.get(clock)
        return Field(before + clock, f"{title} {short}", "" if minutes is None else str(minutes), "number", short)

    return Group(title, [one(clock) for clock in CLOCKS], close=True)


def _emergency(told: Plain) -> Iterator[Group]:
    numbers, own = list(told.get("numbers", ())), list(told.get("lines", ()))
    for at, row in enumerate([*numbers, {}], 1):
        yield _number(f"numbers.{at}", word("settings.for_all", n=at), row)
    yield Group("", [Field("checked", word("settings.checked"), str(told.get("checked", "")), "date")])
    for at, row in enumerate([*own, *[{}] * SPARE][:LINES], 1):
        yield _number(f"lines.{at}", word("settings.own_line", n=at), row)
    yield Group("", [Field("lines_checked", word("settings.lines_checked"), told.get("lines_checked", ""), "date")])


def _number(before: str, title: str, row: Plain) -> Group:
    first = Field(
        f"{before}.number", f"{title} {word('settings.number')}", row.get("number", ""), short=word("settings.number")
    )
    texts = [
        Field(f"{before}.{one}", f"{title} {word('language.' + one)}", row.get(one, ""), short=word("language." + one))
        for one in LANGUAGES
    ]
    return Group(title, [first, *texts])


def lines(part: Part, told: Plain, book: Words) -> dict[str, str]:
    """What a part says, a line for each thing that is set, as people read it; for showing and for comparing."""
    match part:
        case Part.DAYS:
            return {day: what or word("settings.shut") for day, what in sorted(told.get("days", {}).items())}
        case Part.TOPICS:
            free = told.get("open", ())
            modes = [("open", [name for key, name in topics(book) if key in free])]
            modes.append(("private", [name for key, name in topics(book) if key not in free]))
            return {word("mode." + mode): "、".join(names) for mode, names in modes if names}
        case Part.CLOCKS | Part.EMERGENCY:
            together = {
                group.title or group.fields[0].label: "、".join(
                    f"{one.short or one.label} {_read(one)}" if one.kind == "number" else one.value
                    for one in group.fields
                    if one.value
                )
                for group in groups(part, told, book)
            }
            return {label: value for label, value in together.items() if value}
        case _:
            said = {one.label: _read(one) for group in groups(part, told, book) for one in group.fields}
            return {label: value for label, value in said.items() if value}


def _read(one: Field) -> str:
    match one.kind:
        case "yes":
            return word("settings.yes" if one.value else "settings.no")
        case "choice":
            return dict(one.options)[one.value]
        case "number" if one.value:
            return word("settings.minutes", n=one.value)
        case _:
            return "、".join(one.value.split("\n"))


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What became of which line: its label, what stood there and what stands there; "" where nothing did."""
    names = [*before, *(name for name in after if name not in before)]
    pairs = ((name, before.get(name, ""), after.get(name, "")) for name in names)
    return [(name, old, new) for name, old, new in pairs if old != new]
