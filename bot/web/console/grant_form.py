"""The form of a call for grants: what was typed becomes content, or says in plain Japanese what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from unicodedata import normalize

from pydantic import ValidationError
from starlette.datastructures import FormData

from knowledge.csv_file import day
from knowledge.grant import Content
from storage.feeds import Lead
from storage.grants import Grant

TEXTS = ("name", "funder", "who", "about", "costs", "papers", "briefing", "result", "url", "delivery")
NUMBERS = ("years_from", "years_to", "budget_from", "budget_to", "ceiling", "rate")
DAYS = ("opens", "closes")
CHOICES = ("forms", "areas", "fields")
_NAMES = {
    "name": "名前", "funder": "出す所", "who": "対象の団体", "about": "対象の活動", "costs": "使えるもの",
    "papers": "書類", "briefing": "説明会", "result": "結果の時期", "url": "元のページ", "delivery": "締切の方法",
    "years_from": "活動の年数",
    "years_to": "活動の年数", "budget_from": "1年の予算", "budget_to": "1年の予算", "ceiling": "上限", "rate": "割合",
    "opens": "受付の始まり", "closes": "締切",
}  # fmt: skip


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
            return Typed(values, chosen, wrong=f"「{_NAMES[name]}」を直してください。")
    try:
        return Typed(values, chosen, Content.model_validate(given))
    except ValidationError as refused:
        where = refused.errors()[0]["loc"]
        name = _NAMES.get(str(where[0]) if where else "", "受付の始まりと締切、または年数・予算の上下")
        return Typed(values, chosen, wrong=f"「{name}」を直してください。")


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
