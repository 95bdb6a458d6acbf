"""A shelf that is changed while it is asked: what was published in the console is answered with a moment later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

import structlog
from sqlalchemy import Connection

from bot.articles import Stock, as_shipped, needed, stock_of
from bot.keeping_on import keep_on
from bot.look import Shelf
from bot.rulebook import Rulebook
from dialogs.around import Found
from dialogs.heard import Heard
from knowledge.article import Article
from knowledge.emergency import Emergency
from knowledge.glossary import Glossary
from knowledge.search import Learnt
from storage import StorageDown, Store, articles

log = structlog.get_logger()
LOOKS_EVERY_S = 1.0


class Living:
    """A Look over the shelf of now. Changing it is one step: a turn under way ends with the shelf it began with."""

    def __init__(
        self,
        shipped: Sequence[Article],
        today: date,
        glossary: Glossary | None = None,
        holes: Callable[[], Mapping[str, str]] = dict,
        numbers: Callable[[], Emergency] | None = None,
    ) -> None:
        """`holes` fill those of what the centre writes, as it has set them now; what is not set has no hole.

        `numbers` are those that it shows to words of danger.
        """
        self.stock = as_shipped(shipped)
        self._glossary, self._holes, self._numbers = glossary, holes, numbers
        self.shelf = self.with_(self.stock.out, today)

    @property
    def values(self) -> Mapping[str, str]:
        """What fills the holes now."""
        return self._holes()

    def __call__(
        self, heard: Heard, language: str, today: date, after: str | None = None, learnt: Learnt | None = None
    ) -> Found | None:
        """See Look."""
        return self.shelf(heard, language, today, after, learnt)

    def with_(self, articles: Sequence[Article], today: date) -> Shelf:
        """A shelf of these articles, for whoever wants to know what would be if. Takes about a second."""
        return Shelf(articles, today, self._glossary, self._numbers)

    def put(self, stock: Stock, today: date) -> bool:
        """Answer with this from now on; whether anything is different for residents."""
        changed = stock.out != self.stock.out
        if changed:
            self.shelf = self.with_(stock.out, today)
        self.stock = stock
        return changed


def living_by(book: Rulebook, articles: Sequence[Article], today: date, words: Glossary | None = None) -> Living:
    """The answers of this release, in which what the centre has set for itself may be told."""
    return Living(articles, today, words, holes=lambda: book.now.centre.ways, numbers=lambda: book.now.emergency)


class Restocking:
    """Looks whether the centre wrote anything new, and has it answered with: once in each process."""

    def __init__(self, store: Store, living: Living, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._living = living
        self._clock = clock
        self._filled = living.values

    async def run(self) -> None:
        """For as long as the process lives; a publication is answered with a second or two later."""
        await keep_on(self.look, LOOKS_EVERY_S, "answers wait for the database", "answers could not be made anew")

    async def look(self) -> None:
        """Look once; the work is done beside the loop, and a turn meanwhile has the answers of before."""
        await asyncio.to_thread(self.now)

    def now(self) -> None:
        """The same, for whoever may wait. Raises StorageDown."""
        before, at = self._living.stock, self._clock()
        due = before.until is not None and before.until <= at
        filled = self._living.values
        if self._store.read(articles.newest) == before.revision and not due and filled == self._filled:
            return
        stock = self._store.read(lambda conn: self._stock(conn, at))
        self._filled = filled
        if self._living.put(stock, at.date()):
            log.info("answers made anew", articles=len(stock.out), revision=stock.revision)
        for one in stock.left:
            log.error("an answer is left out", article=one.name, why=one.why)

    def begin(self) -> None:
        """Before the first word is answered. A database that is away must not keep the answers of the release back."""
        try:
            self.now()
        except StorageDown:
            log.warning("answers wait for the database")
        except Exception as broken:  # noqa: BLE001 - whatever is wrong with what was written, the release can answer
            log.error("answers could not be made anew", why=type(broken).__name__)

    def _stock(self, conn: Connection, at: datetime) -> Stock:
        written = articles.everything(conn)
        bodies = articles.bodies(conn, needed(written, at))
        return stock_of(self._living.stock.shipped, written, bodies, at, self._living.values)
