"""The fetcher brings what is wanted, asks again for what is not there yet, and outlives what it brings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bot.bell import Bell
from bot.fetching import CRASHES, GIVES_UP, Fetcher
from bot.ports import Content, Fetched, NotYet, Outcome, Parcel
from dialogs.heard import Showed, Thing
from storage import Store, things
from storage.things import State
from tests.bot.centre import Centre
from tests.bot.desk import case_of

pytestmark = pytest.mark.anyio
SOON = NotYet(2.0, "not yet")


@dataclass
class Platform:
    """A channel whose contents are decided here."""

    contents: list[Content | Exception]
    name: str = "line"
    asked: list[str] = field(default_factory=list)

    async def open(self) -> object:
        return self

    async def send(self, parcel: Parcel) -> Outcome:
        raise AssertionError("nothing is said here")

    async def fetch(self, source: str) -> Content:
        self.asked.append(source)
        content = self.contents.pop(0)
        if isinstance(content, Exception):
            raise content
        return content

    async def close(self) -> None:
        return None


@dataclass
class Round:
    """A centre with a case to which a picture was sent, and a fetcher."""

    centre: Centre
    platform: Platform
    case_id: int
    fetcher: Fetcher

    async def go(self, seconds: float = 0) -> State:
        """Time passes, the fetcher looks once; where the picture is."""
        self.centre.now += timedelta(seconds=seconds)
        await self.fetcher.begin()
        await self.fetcher.idle()
        return self.thing.state

    @property
    def thing(self) -> things.Thing:
        """The picture."""
        [found] = self.centre.store.read(lambda conn: things.of_case(conn, self.case_id)).values()
        return found


@pytest.fixture
def begin(store: Store, now: datetime) -> Callable[..., Round]:
    def begin(*contents: Content | Exception) -> Round:
        centre, platform = Centre(store, now), Platform(list(contents))
        case = case_of(centre)
        centre.say("U1", Showed(Thing.PICTURE, "p1"))
        fetcher = Fetcher(store, {"line": platform}, Bell(), lambda: centre.now)
        return Round(centre, platform, case.id, fetcher)

    return begin


async def test_it_is_asked_for_again_when_it_was_said_to_be_there(begin: Callable[..., Round]) -> None:
    of = begin(SOON, Fetched("pdf", b"%PDF"))
    assert await of.go() is State.WANTED
    assert await of.go(1.0) is State.WANTED
    assert of.platform.asked == ["p1"]
    assert await of.go(1.5) is State.KEPT
    assert of.platform.asked == ["p1", "p1"]


async def test_the_older_the_wish_the_longer_the_wait_and_in_the_end_an_honest_no(begin: Callable[..., Round]) -> None:
    of = begin(*[SOON] * 400)
    for _ in range(12):
        await of.go(5)
    asked = len(of.platform.asked)
    waits = 0
    while await of.go(600) is State.WANTED:
        waits += 1
        assert waits < 24 * 6 + 5
    assert of.thing.why == "unreachable"
    assert (asked > 5, len(of.platform.asked) < 160) == (True, True)
    assert waits * 600 > GIVES_UP.total_seconds() - 1200


async def test_S20_what_ends_the_process_that_unpacks_it_is_not_tried_for_ever(begin: Callable[..., Round]) -> None:
    of = begin(*[NotYet(1.0, "the carrier died", ended=True)] * 10)
    states = [await of.go(60) for _ in range(CRASHES)]
    assert states == [*[State.WANTED] * (CRASHES - 1), State.LOST]
    assert of.thing.why == "unreadable"


async def test_our_own_mistake_costs_one_attempt(begin: Callable[..., Round]) -> None:
    of = begin(RuntimeError("CANARY"), Fetched("pdf", b"%PDF"))
    assert await of.go() is State.WANTED
    assert await of.go(61) is State.KEPT


async def test_a_channel_that_is_not_set_up_is_waited_for(begin: Callable[..., Round]) -> None:
    of = begin(Fetched("pdf", b"%PDF"))
    bare = Fetcher(of.centre.store, {}, Bell(), lambda: of.centre.now)
    assert await bare.begin() == 1
    await bare.idle()
    assert of.thing.state is State.WANTED
    assert await of.go(61) is State.KEPT


async def test_nothing_is_begun_while_nothing_is_due(begin: Callable[..., Round]) -> None:
    of = begin(Fetched("pdf", b"%PDF"))
    assert await of.go() is State.KEPT
    assert await of.fetcher.begin() == 0


async def test_S01_what_was_under_way_at_the_end_is_brought_at_the_next_start(begin: Callable[..., Round]) -> None:
    of = begin(SOON, Fetched("pdf", b"%PDF"))
    await of.fetcher.begin()
    await of.fetcher.put_down()
    other = Fetcher(of.centre.store, {"line": of.platform}, Bell(), lambda: of.centre.now)
    await other.rescue()
    of.centre.now += timedelta(minutes=4)
    of.platform.contents = [Fetched("pdf", b"%PDF")]
    await other.begin()
    await other.idle()
    assert of.thing.state is State.KEPT
