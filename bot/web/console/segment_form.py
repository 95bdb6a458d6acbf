"""A segment as rows that people fill in: who fits this, and of them who fits that, or those, but not these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from starlette.datastructures import FormData

from bot.web.console.number import line_of, typed
from bot.web.console.words import word
from dialogs.words import Words, bracketed
from knowledge.event import What
from knowledge.segment import (
    ALLOWED,
    ANY,
    EVENT,
    UNSET,
    All,
    And,
    Asked,
    Did,
    Has,
    Labels,
    Not,
    Or,
    Refusal,
    Segment,
    Took,
    wrong,
)

MOST_ROWS = 12
TOOK = "took"
ADDS = (*Asked, TOOK)  # what a row may ask about
HALF_A_YEAR = 180  # days; what a new row about taking part begins with
_MASKED = (Asked.TOPIC, Asked.AREA, Asked.ROLE)
_OF_GROUP = {Asked.FORM: "form", Asked.BASE: "area", Asked.FIELD: "fields"}  # the question that has their words


class Joined(StrEnum):
    """How a row goes with those before it."""

    AND = "and"
    OR = "or"
    NOT = "not"


@dataclass(frozen=True)
class Row:
    """One row: whoever has one of some codes, or took part."""

    joined: Joined
    means: Has | Took

    @property
    def asks(self) -> str:
        """What it asks about, one of `ADDS`."""
        return self.means.asked.value if isinstance(self.means, Has) else TOOK


@dataclass(frozen=True)
class Draft:
    """The form as it stands. `unread` tells that something in it was none of ours: it means nobody then."""

    number: int = 0
    after: int = 0
    name: str = ""
    everyone: bool = False
    rows: tuple[Row, ...] = ()
    typed: int | None = None
    unread: bool = False

    def means(self) -> Segment | Refusal:
        """Whom the form means, or why nobody."""
        if self.unread:
            return Refusal.UNKNOWN
        segment = All() if self.everyone else _together(self.rows)
        return wrong(segment) or segment


def _together(rows: tuple[Row, ...]) -> Segment:
    """The rows from above: "or" widens the row before it, "and" narrows all so far, "not" takes away at the end."""
    groups: list[list[Segment]] = []
    out: list[Segment] = []
    for row in rows:
        if row.joined is Joined.NOT:
            out.append(Not(row.means))
        elif row.joined is Joined.OR and groups:
            groups[-1].append(row.means)
        else:
            groups.append([row.means])
    parts = [group[0] if len(group) == 1 else Or(tuple(group)) for group in groups] + out
    return parts[0] if len(parts) == 1 and groups else And(tuple(parts))


def rows_of(segment: Segment) -> tuple[Row, ...]:
    """The rows that such a segment was made of; empty for everybody."""
    rows: list[Row] = []
    for part in segment.parts if isinstance(segment, And) else (segment,):
        match part:
            case Has() | Took():
                rows.append(Row(Joined.AND, part))
            case Or(choices):
                some = [one for one in choices if isinstance(one, Has | Took)]
                rows += [Row(Joined.OR if at else Joined.AND, one) for at, one in enumerate(some)]
            case Not(Has() | Took() as has):
                rows.append(Row(Joined.NOT, has))
            case _:
                pass
    return tuple(rows)


def read(form: FormData) -> Draft:
    """What was filled in; a filter or code that we never drew makes the whole of it unread."""
    rows: list[Row] = []
    unread = False
    for at in form.getlist("row")[:MOST_ROWS]:
        kind, joined = form.get(f"asked-{at}"), form.get(f"joined-{at}") or Joined.AND
        means = _took(form, at) if kind == TOOK else _has(form, at, kind) if kind in tuple(Asked) else None
        if means is None or joined not in tuple(Joined):
            unread = True
            continue
        unread = unread or (isinstance(means, Has) and not set(means.codes) <= ALLOWED[means.asked])
        rows.append(Row(Joined(str(joined)), means))
    return Draft(
        number=line_of(form.get("number")),
        after=line_of(form.get("after")),
        name=str(form.get("name") or "").strip(),
        everyone=form.get("who") == "everyone",
        rows=tuple(rows),
        typed=typed(form.get("typed")) or None,
        unread=unread,
    )


def _has(form: FormData, at: object, kind: object) -> Has:
    return Has(Asked(str(kind)), tuple(str(one) for one in form.getlist(f"code-{at}")))


def _took(form: FormData, at: object) -> Took | None:
    """A row about taking part; None where it asks for what we never drew. A wrong number of days is said afterwards."""
    did, of = str(form.get(f"did-{at}")), str(form.get(f"of-{at}"))
    return Took(Did(did), of, typed(form.get(f"days-{at}")) or 0) if did in tuple(Did) else None


def new_row(asks: str) -> Row:
    """A row with nothing ticked; by area also whoever chose none, for they want those of all areas."""
    if asks == TOOK:
        return Row(Joined.AND, Took(Did.SIGNED, ANY, HALF_A_YEAR))
    return Row(Joined.AND, Has(Asked(asks), (UNSET,) if asks == Asked.AREA else ()))


def labels(library: Mapping[str, Words], events: Mapping[int, str]) -> Labels:
    """The words of every code, in the order in which they are shown; `events` are the names of events by number."""
    book = library["ja"]
    found: dict[str, dict[str, str]] = {
        asked: {code: book.say(f"wish_{asked}.{code}") for code in book.keys(f"wish_{asked}")} for asked in _MASKED
    }
    for asked, question in _OF_GROUP.items():
        words = {code: book.say(f"grant_group.{question}.{code}") for code in book.keys(f"grant_group.{question}")}
        found[asked] = {code: said for code, said in words.items() if code in ALLOWED[asked]}
    for kind, named in found.items():
        named[UNSET] = word("segment.unset_group" if kind in _OF_GROUP else "segment.unset")
    found[EVENT] = {of: word(f"segment.of_{of}") for of in (ANY, *What)}
    found[EVENT] |= {str(number): f"No.{number} {title}" for number, title in events.items()}
    often = [code for code in book.keys("wish_often") if code in ALLOWED[Asked.OFTEN]]
    found[Asked.OFTEN] = {code: book.say(f"wish_often.{code}") for code in often}
    found[Asked.LANGUAGE] = {code: bracketed(one.say("language.name")) for code, one in library.items()}
    channels = [code for code in book.keys("channel") if code in ALLOWED[Asked.CHANNEL]]
    found[Asked.CHANNEL] = {code: book.say(f"channel.{code}") for code in channels}
    return found
