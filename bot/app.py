"""Puts the parts together; nothing else knows them all by name."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot import chores, ourselves
from bot.adapters import make_channels
from bot.after import After
from bot.announcer import announcer
from bot.bell import Bell
from bot.broadcasting import Crier
from bot.delivery import Postman
from bot.digesting import Digesting
from bot.due import Due
from bot.exporting import Exporter
from bot.feeding import Feeding
from bot.fetching import Fetcher
from bot.forum.clerk import Clerk, Group
from bot.forum.counter import Counter
from bot.forum.draw import Style
from bot.frontdesk import FrontDesk, living_of
from bot.handover import Desk
from bot.happenings import WaitingLists
from bot.hearing import Ear
from bot.heralding import Herald, Limits
from bot.hourglass import Hourglass
from bot.ingress import Ingress
from bot.interim import Interim
from bot.keeping_on import beside
from bot.living import Restocking, living_by
from bot.menu_link import Linker
from bot.mind import Board, Mind
from bot.nights import Nights
from bot.ports import Channel, Itself
from bot.purse import Purse, Reserves
from bot.receipts import Receipts
from bot.reminding import Reminding
from bot.rulebook import Rulebook
from bot.settings import Settings
from bot.tellers import TELLERS
from bot.watchman import Watchman
from bot.web.room import Room
from bot.web.site import site
from dialogs.around import House
from dialogs.flow import check_words
from dialogs.flows import ALL
from dialogs.words import library
from knowledge import checklists, glossary, rules, shelf
from storage import Store, open_store

Clock = Callable[[], datetime]
GRACE_S = 8.0  # for what is being sent when the end comes


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def make_book() -> Rulebook:
    """What holds as it is shipped, around the flows and words of this release.

    Raises FlowWrong or WordsWrong naming file, question and mend, WrongHours or BrokenEmergency naming file and field.
    """
    books = library()
    for flow in ALL.values():
        check_words(flow, books)
    return Rulebook(rules.load(), House(ALL, books, {}))


def make_mind(settings: Settings, clock: Clock = now, board: Board | None = None) -> Mind:
    """Everything hearing needs besides the database."""
    zone = ZoneInfo(settings.timezone)
    book = make_book()
    articles = shelf.load()
    words = glossary.load({article.id for article in articles})
    checklists.lists()  # a wrong one stops the start, not a page
    living = living_by(book, articles, clock().astimezone(zone).date(), words)
    return Mind(
        book=book,
        look=FrontDesk(living, lambda: book.now.centre, book.house.library),
        zone=zone,
        public_url=str(settings.public_url).rstrip("/"),
        learns=settings.learn,
        board=board,
    )


@dataclass(frozen=True)
class Parts:
    """A whole Nakodo, not yet running. `known` fills with what platforms tell about us."""

    settings: Settings
    store: Store
    mind: Mind
    bell: Bell
    clock: Clock
    ingress: Ingress
    ear: Ear
    postman: Postman
    purse: Purse
    fetcher: Fetcher
    desk: Desk
    channels: Mapping[str, Channel]
    known: dict[str, Itself]
    demo: bool = False

    @property
    def counter(self) -> Counter | None:
        """Where coordinators press and write in Telegram, if they have a group."""
        chat = self.settings.telegram_staff_chat
        return None if chat is None else Counter(self.store, self.desk, self.bell, self.clock, chat)

    @property
    def clerk(self) -> Clerk | None:
        """Who keeps the coordinators' group up to date, if there is one and a channel that speaks to it."""
        chat, channel = self.settings.telegram_staff_chat, self.channels.get("telegram")
        if chat is None or not isinstance(channel, Group):
            return None
        style = Style(self.mind.house.library["ja"], self.mind.zone, self.mind.public_url)
        return Clerk(self.store, channel, chat, style, self.clock)

    @property
    def restocking(self) -> Restocking | None:
        """Who brings what the centre writes into the answers, where these can be changed."""
        living = living_of(self.mind.look)
        return None if living is None else Restocking(self.store, living, self.clock)

    @property
    def watchman(self) -> Watchman:
        """Who keeps the clocks of the cases."""
        return Watchman(self.store, self.mind, self.desk, self.bell, self.clock)

    @property
    def exporter(self) -> Exporter:
        """Who makes the files of cases."""
        return Exporter(self.store, self.mind.house, self.mind.zone, self.clock)

    @property
    def nights(self) -> Nights:
        """Who lets go what was kept long enough, or is ordered to go."""
        return Nights(self.store, self.mind.zone, self.clock)

    @property
    def reminding(self) -> Reminding:
        """Who says what is due relative to a date."""
        return Reminding(self.store, self.mind, TELLERS, self.clock, (self.bell, self.postman))

    @property
    def digesting(self) -> Digesting:
        """Who gathers what is new for those who want it together."""
        return Digesting(self.store, self.mind, self.clock, (self.bell, self.postman))

    @property
    def room(self) -> Room:
        """What the pages need."""
        return Room(
            settings=self.settings,
            store=self.store,
            desk=self.desk,
            mind=self.mind,
            bell=self.bell,
            clock=self.clock,
            receive=self.ingress.receive,
            known=self.known,
            group=counter.heard if (counter := self.counter) else None,
            demo=self.demo,
        )


def assemble(
    settings: Settings,
    *,
    clock: Clock = now,
    mind: Mind | None = None,
    channels: Mapping[str, Channel] | None = None,
    demo: bool = False,
) -> Parts:
    """All parts around one open store; `channels` other than those in this process. Raises WrongKey, StorageDown …"""
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    known: dict[str, Itself] = {}
    mind = replace(mind or make_mind(settings, clock), known=known, prefix=settings.group_prefix)
    mind.book.look(store)
    bell = Bell()
    channels = make_channels(settings) if channels is None else channels
    reserves = Reserves(settings.line_reserve_emergencies, settings.line_reserve_reminders)
    postman = Postman(store, channels, bell, clock, reserves)
    desk = Desk(store, mind, bell, clock, postman)
    desk.gather = timedelta(seconds=settings.line_gather_seconds)
    return Parts(
        settings=settings,
        store=store,
        mind=mind,
        bell=bell,
        clock=clock,
        ingress=Ingress(store, clock),
        ear=Ear(store, mind, bell, clock),
        postman=postman,
        fetcher=Fetcher(store, channels, bell, clock),
        desk=desk,
        purse=Purse(store, channels, clock, reserves, mind),
        channels=channels,
        known=known,
        demo=demo,
    )


@asynccontextmanager
async def working(parts: Parts) -> AsyncIterator[None]:
    """Hear and deliver in the background while inside; on leaving, what is under way is finished first."""
    await parts.postman.rescue()
    await parts.fetcher.rescue()
    said = announcer(parts.mind.house.library, parts.settings, parts.store.vault)
    crier = Crier(parts.store, parts.channels, parts.bell, parts.clock, said)
    herald = Herald(parts.store, crier, Limits(parts.purse.reserves, parts.settings.cap), parts.mind.zone, parts.clock)
    await herald.rescue()
    for channel in parts.channels.values():
        await channel.open()
    tasks = [
        asyncio.create_task(parts.ear.run(parts.ingress.arrived, parts.postman, parts.fetcher), name="ear"),
        asyncio.create_task(parts.postman.run(), name="postman"),
        asyncio.create_task(parts.fetcher.run(), name="fetcher"),
        asyncio.create_task(parts.purse.run(parts.postman.refused), name="purse"),
        asyncio.create_task(Linker(parts.store, parts.channels, parts.clock).run(), name="linker"),
        asyncio.create_task(After(parts.store, parts.desk, parts.mind, parts.clock).run(), name="after"),
        asyncio.create_task(parts.exporter.run(), name="exporter"),
        asyncio.create_task(herald.run(), name="herald"),
        asyncio.create_task(parts.nights.run(), name="nights"),
        asyncio.create_task(parts.nights.orders(), name="orders"),
        asyncio.create_task(Due(parts.store, parts.desk, parts.clock).run(), name="due"),
        asyncio.create_task(parts.reminding.run(), name="reminding"),
        asyncio.create_task(parts.digesting.run(), name="digesting"),
        asyncio.create_task(Feeding(parts.store, parts.mind.zone, parts.clock).run(), name="feeding"),
        asyncio.create_task(WaitingLists(parts.store, parts.mind, parts.clock).run(), name="waiting lists"),
        asyncio.create_task(Interim(parts.store, parts.mind.house, parts.postman, parts.clock).run(), name="interim"),
        asyncio.create_task(Hourglass(parts.store, parts.channels, parts.clock).run(), name="hourglass"),
        asyncio.create_task(Receipts(parts.store, parts.channels, parts.clock).run(), name="receipts"),
        asyncio.create_task(parts.watchman.run(), name="watchman"),
        asyncio.create_task(parts.mind.book.follow(parts.store), name="rulebook"),
        asyncio.create_task(chores.watch(parts.store), name="watch"),
        asyncio.create_task(chores.keep_index(parts.store), name="index"),
        asyncio.create_task(chores.run(parts.store, parts.clock, parts.mind.zone), name="chores"),
    ]
    if clerk := parts.clerk:
        await clerk.rescue()
        tasks.append(asyncio.create_task(clerk.run(parts.bell), name="clerk"))
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await parts.fetcher.put_down()
        await herald.put_down()
        await parts.postman.put_down(GRACE_S)


@asynccontextmanager
async def restocked(parts: Parts) -> AsyncIterator[None]:
    """What the centre wrote is answered with: before the first word, and from then on as it changes."""
    if parts.restocking is None:
        yield
        return
    await asyncio.to_thread(parts.restocking.begin)
    async with beside(parts.restocking.run(), "restocking"):
        yield


def web(parts: Parts, *, worker: bool = True, extra: Sequence[BaseRoute] = ()) -> Starlette:
    """The pages and doors, with the worker inside unless it runs elsewhere."""

    @asynccontextmanager
    async def life(_app: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(restocked(parts))
            await stack.enter_async_context(beside(ourselves.ask(parts.channels, parts.known), "ourselves"))
            if worker:
                await stack.enter_async_context(working(parts))
            else:
                await stack.enter_async_context(beside(parts.mind.book.follow(parts.store), "rulebook"))
            yield
        await close(parts)

    return site(replace(parts.room, extra=tuple(extra)), life)


async def close(parts: Parts) -> None:
    """Give everything back."""
    for channel in parts.channels.values():
        await channel.close()
    await asyncio.to_thread(parts.store.close)
