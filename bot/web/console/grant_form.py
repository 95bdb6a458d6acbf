"""The form of a call for grants: what was typed becomes content, or says in plain Japanese what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from pydantic import ValidationError
from starlette.datastructures import FormData

from bot.web.console.words import word
from knowledge.csv_file import day
from knowledge.grant import Content
from storage.feeds import Lead
from storage.grants import Grant

TEXTS = ("name", "funder", "who", "about", "costs", "papers", "briefing", "result", "url", "delivery")
NUMBERS = ("years_from", "years_to", "budget_from", "budget_to", "ceiling", "rate")
DAYS = ("opens", "closes")
CHOICES = ("forms", "areas", "fields")


@dataclass(frozen=True)
class Typed:
    """What was typed, as it was, and what it means or what is wrong with it."""

    values: Mapping[str, str]
    chosen: frozenset[str]
    content: Content | None = None
    wrong: str = ""


def read(form: FormData) -> Typed:
    """The form as sent. An option is ticked under its kind, for two kinds may share a word."""
    values = {name: str(value) for name, value in form.items()}
    chosen = frozenset(f"{name}:{one}" for name in CHOICES for one in form.getlist(name))
    given: dict[str, object] = {name: values.get(name, "").replace("\r\n", "\n").strip() for name in TEXTS}
    given |= {name: tuple(str(one) for one in form.getlist(name)) for name in CHOICES}
    for name in (*NUMBERS, *DAYS):
        said = normalize("NFKC", values.get(name, "")).strip()
        text = re.sub(r"[,円%年\s]", "", said) if name in NUMBERS else said
        number = text if text.isascii() and text.isdecimal() else None
        given[name] = number if name in NUMBERS else day(text)
        if text and given[name] is None:
            return Typed(values, chosen, wrong=_wrong(name))
    try:
        return Typed(values, chosen, Content.model_validate(given))
    except ValidationError as refused:
        where = refused.errors()[0]["loc"]
        name = str(where[0]) if where else ""
        return Typed(values, chosen, wrong=_wrong(name if name in (*TEXTS, *NUMBERS, *DAYS) else "spans"))


def _wrong(name: str) -> str:
    return word("grant.wrong_field", name=word(f"grant.{name}"))


def of_grant(of: Grant) -> Typed:
    """A call as its form shows it."""
    content = of.newest
    values = {name: str(getattr(content, name) or "") for name in (*TEXTS, *NUMBERS, *DAYS)}
    chosen = frozenset(f"{name}:{one}" for name in CHOICES for one in getattr(content, name))
    return Typed(values, chosen)


def empty(lead: Lead | None = None) -> Typed:
    """A new call, or one that is to be made of a feed's entry."""
    said = {} if lead is None else {"lead": str(lead.id), "name": lead.title, "url": lead.url, "about": lead.about}
    return Typed({"delivery": "arrive"} | said, frozenset())
