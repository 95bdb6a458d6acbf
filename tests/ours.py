"""What this release knows, read once for all tests of a process: the articles, their words, their search, the mind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

from bot.app import make_book, make_mind
from bot.frontdesk import FrontDesk
from bot.look import Shelf
from bot.mind import Mind
from bot.settings import Settings
from knowledge import glossary
from knowledge.search import Finder
from knowledge.shelf import load
from tests.secret import SECRET

DAY = date(2026, 11, 22)
ARTICLES = load()
BY_ID = {article.id: article for article in ARTICLES}
GLOSSARY = glossary.load(BY_ID)


@cache
def shelf() -> Shelf:
    """The search over all articles, as the engine asks it; every question names its own day."""
    return Shelf(ARTICLES, DAY, GLOSSARY)


@cache
def finder() -> Finder:
    """The same search by itself, on DAY."""
    return shelf()._finder


@cache
def mind() -> Mind:
    """The real flows, words, articles and hours of a centre on this machine; as shipped, for all tests."""
    return make_mind(Settings.model_validate({"secret_key": SECRET, "public_url": "http://127.0.0.1"}))


def own_mind() -> Mind:
    """A mind with a rulebook of its own, for tests that change what the centre has set."""
    book = make_book()
    return replace(mind(), book=book, look=FrontDesk(shelf(), lambda: book.now.centre, book.house.library))
