"""The templates of the residents' pages, and the words on them in the resident's language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from bot.web.statics import asset
from dialogs.words import Words, bare, library, pieces

_HERE = Path(__file__).parent
_TAGS = {"ja": "ja", "ja-easy": "ja", "en": "en"}


def ruby(text: str) -> Markup:
    """Text for HTML with its readings as ruby; everything else is escaped."""
    return Markup("").join(
        escape(base)
        if reading is None
        else Markup("<ruby>{}<rp>(</rp><rt>{}</rt><rp>)</rp></ruby>").format(base, reading)
        for base, reading in pieces(text)
    )


@cache
def _environment() -> Environment:
    paper = Environment(
        loader=FileSystemLoader(_HERE / "pages"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    paper.filters |= {"ruby": ruby, "bare": bare}
    paper.globals["asset"] = asset
    return paper


def words(language: str) -> Words:
    """The words of the residents' pages; Japanese for a language we do not have."""
    books: Mapping[str, Words] = library(_HERE / "words")
    return books.get(language) or books["ja"]


def tag(language: str) -> str:
    """The language of a page as HTML names it."""
    return _TAGS.get(language, "ja")


def page(template: str, language: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page. Every template gets `say(key, …)`, and `lang`."""
    book = words(language)
    drawn = _environment().get_template(template).render(say=book.say, lang=tag(language), **values)
    return HTMLResponse(drawn, status)
