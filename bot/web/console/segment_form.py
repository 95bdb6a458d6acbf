"""A segment as rows that people fill in: who fits this, and of them who fits that, or those, but not these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from starlette.datastructures import FormData

from bot.web.console.number import line_of, typed
from bot.web.console.words import word
from dialogs.words import Words, bracketed
from knowledge.segment import ALLOWED, UNSET, All, And, Asked, Has, Labels, Not, Or, Refusal, Segment, wrong

MOST_ROWS = 12
_MASKED = (Asked.TOPIC, Asked.AREA, Asked.ROLE)


class Joined(StrEnum):
    """How a row goes with those before it."""

    AND = "and"
    OR = "or"
    NOT = "not"


@dataclass(frozen=True)
class Row:
    """One row: whoever has one of these codes."""

    joined: Joined
    asked: Asked
    codes: tuple[str, ...]


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
        has = Has(row.asked, row.codes)
        if row.joined is Joined.NOT:
            out.append(Not(has))
        elif row.joined is Joined.OR and groups:
            groups[-1].append(has)
        else:
            groups.append([has])
    parts = [group[0] if len(group) == 1 else Or(tuple(group)) for group in groups] + out
    return parts[0] if len(parts) == 1 and groups else And(tuple(parts))


def rows_of(segment: Segment) -> tuple[Row, ...]:
    """The rows that such a segment was made of; empty for everybody."""
    rows: list[Row] = []
    for part in segment.parts if isinstance(segment, And) else (segment,):
        match part:
            case Has():
                rows.append(Row(Joined.AND, part.asked, part.codes))
            case Or(choices):
                some = [one for one in choices if isinstance(one, Has)]
                rows += [Row(Joined.OR if at else Joined.AND, one.asked, one.codes) for at, one in enumerate(some)]
            case Not(Has() as has):
                rows.append(Row(Joined.NOT, has.asked, has.codes))
            case _:
                pass
    return tuple(rows)


def read(form: FormData) -> Draft:
    """What was filled in; a filter or code that we never drew makes the whole of it unread."""
    rows: list[Row] = []
    unread = False
    for at in form.getlist("row")[:MOST_ROWS]:
        kind, joined = form.get(f"asked-{at}"), form.get(f"joined-{at}") or Joined.AND
        if kind not in tuple(Asked) or joined not in tuple(Joined):
            unread = True
            continue
        asked = Asked(str(kind))
        codes = tuple(str(one) for one in form.getlist(f"code-{at}"))
        unread = unread or not set(codes) <= ALLOWED[asked]
        rows.append(Row(Joined(str(joined)), asked, codes))
    return Draft(
        number=line_of(form.get("number")),
        after=line_of(form.get("after")),
        name=str(form.get("name") or "").strip(),
        everyone=form.get("who") == "everyone",
        rows=tuple(rows),
        typed=typed(form.get("typed")) or None,
        unread=unread,
    )


def new_row(asked: Asked) -> Row:
    """A row with nothing ticked; by area also whoever chose none, for they want those of all areas."""
    return Row(Joined.AND, asked, (UNSET,) if asked is Asked.AREA else ())


def labels(library: Mapping[str, Words]) -> Labels:
    """The words of every code, in the order in which they are shown."""
    book = library["ja"]
    found: dict[Asked, dict[str, str]] = {
        asked: {code: book.say(f"wish_{asked}.{code}") for code in book.keys(f"wish_{asked}")} for asked in _MASKED
    }
    for named in found.values():
        named[UNSET] = word("segment.unset")
    often = [code for code in book.keys("wish_often") if code in ALLOWED[Asked.OFTEN]]
    found[Asked.OFTEN] = {code: book.say(f"wish_often.{code}") for code in often}
    found[Asked.LANGUAGE] = {code: bracketed(one.say("language.name")) for code, one in library.items()}
    channels = [code for code in book.keys("channel") if code in ALLOWED[Asked.CHANNEL]]
    found[Asked.CHANNEL] = {code: book.say(f"channel.{code}") for code in channels}
    return found
