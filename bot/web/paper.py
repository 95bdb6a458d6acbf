"""The press for every page, and the words on the residents' pages in the resident's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from bot.web.days import day_name, weekday
from bot.web.statics import asset
from dialogs.words import Words, bare, library, pieces, shown

_HERE = Path(__file__).parent
_WISHES = 8  # of a browser's languages that are looked at
_TAGS = {"ja": "ja", "ja-easy": "ja", "en": "en", "zh": "zh-Hans", "ko": "ko"}


def ruby(text: str) -> Markup:
    """Text for HTML with its readings as ruby; everything else is escaped."""
    return Markup("").join(
        escape(base)
        if reading is None
        else Markup("<ruby>{}<rp>(</rp><rt>{}</rt><rp>)</rp></ruby>").format(base, reading)
        for base, reading in pieces(text)
    )


def theirs(text: object) -> Markup:
    """What somebody wrote: only ever text, without controls, unable to turn the direction of its neighbours."""
    return Markup('<bdi class="theirs">{}</bdi>').format(shown(str(text)))


@cache
def press() -> Environment:
    """What prints every page: escaping always on, and an unknown name is a mistake, not an empty place."""
    paper = Environment(
        loader=FileSystemLoader(_HERE / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    paper.filters |= {
        "ruby": ruby,
        "bare": bare,
        "theirs": theirs,
        "shown": shown,
        "weekday": weekday,
        "day_name": day_name,
    }
    paper.globals["asset"] = asset
    return paper


def words(language: str) -> Words:
    """The words of the residents' pages; Japanese for a language we do not have."""
    books: Mapping[str, Words] = library(_HERE / "words")
    return books.get(language) or books["ja"]


def wished(request: Request) -> str:
    """The language of a reader whose talk is not looked at: what the address says, else what the browser likes best.

    The coordinators' pages are Japanese. What the person chose in their talk is not asked for: the database that knows
    it may be what is broken.
    """
    if request.url.path.startswith("/console"):
        return "ja"
    asked = request.query_params.get("lang", "")
    if asked in library():
        return asked
    wishes = request.headers.get("accept-language", "").lower().split(",")[:_WISHES]  # browsers: the dearest first
    return next((tongue for one in wishes if (tongue := one.strip()[:2]) in library()), "ja")


def tag(language: str) -> str:
    """The language of a page as HTML names it."""
    return _TAGS.get(language, "ja")


def page(
    template: str, language: str, status: int = 200, headers: Mapping[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page. Every template gets `say(key, …)`, and `lang`."""
    book = words(language)
    drawn = press().get_template(template).render(say=book.say, lang=tag(language), **values)
    return HTMLResponse(drawn, status, headers)
