"""S-04: a process that dies at any point of a message's way, one after another, until none is left to die at."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection, select

from bot.bell import Bell
from bot.delivery import Postman
from bot.hearing import Ear
from bot.ingress import Ingress
from bot.ports import Arrived, Channel, Outcome, Parcel
from dialogs.heard import Came, Heard, Tapped, Typed
from storage import StorageDown, Store, tables
from storage.whole import metadata
from tests.bot.post import TARO, Post, post_office
from tests.channels.samples import HANAKO
from tests.clock import Clock
from tests.ours import mind

pytestmark = pytest.mark.anyio
T = TypeVar("T")
# In the order of a message's way, with how often each side of it is passed by a process that lives.
POINTS = ["event stored", "event stored", "heard", "heard", "claimed", "claimed", "sent", "sent", "outcome", "outcome"]


class Died(BaseException):
    """The process is no more."""


@dataclass
class Fate:
    """When to die: after so many points. From then on nothing is written and nothing leaves any more."""

    left: int
    passed: list[str] = field(default_factory=list)
    dead: bool = False

    def point(self, name: str) -> None:
        """One named point; perhaps the last."""
        if not self.dead:
            self.passed.append(name)
            self.left -= 1
            self.dead = self.left < 0
        if self.dead:
            raise Died


class Writer:
    """The real writer of a process that dies just before a commit, or just after it, before anybody is told."""

    def __init__(self, real: Store, fate: Fate) -> None:
        self.real, self.fate, self.name = real.writer, fate, ""

    @property
    def urgent(self) -> int:
        """How many urgent jobs there were."""
        return self.real.urgent

    def submit(self, job: Callable[[Connection], T], urgent: bool = False, long: bool = False) -> Future[T]:
        """As the writer does, while we live."""
        if self.fate.dead:
            raise StorageDown("dead")
        name = self.name

        def mortal(conn: Connection) -> T:
            done = job(conn)
            if name:
                self.fate.point(name)
            return done

        told: Future[T] = Future()

        def tell(kept: Future[T]) -> None:
            try:
                result = kept.result()
                if name:
                    self.fate.point(name)
                told.set_result(result)
            except Died:
                told.set_exception(StorageDown("dead"))
            except Exception as wrong:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
                told.set_exception(wrong)

        self.real.submit(mortal, urgent, long).add_done_callback(tell)
        return told


class Way:
    """The real channel of a process that dies just before a call, or just after it was accepted."""

    def __init__(self, real: Channel, fate: Fate) -> None:
        self.real, self.fate = real, fate

    async def send(self, parcel: Parcel) -> Outcome:
        """As the channel does, while we live."""
        try:
            self.fate.point("sent")
            outcome = await self.real.send(parcel)
            self.fate.point("sent")
        except Died:
            raise StorageDown("dead") from None
        return outcome


async def live(post: Post, event: Arrived, fate: Fate) -> bool:
    """One process from its start to its end, perhaps an early one; whether the platform was told 200."""
    store = copy.copy(post.store)
    writer = Writer(post.store, fate)
    store.writer = writer  # type: ignore[assignment]
    channels: dict[str, Any] = {name: Way(one, fate) for name, one in post.channels.items()}
    postman = Postman(store, channels, Bell(), post.clock)
    acknowledged = False
    try:
        await postman.rescue()
        writer.name = "event stored"
        await Ingress(store, post.clock).receive([event])
        acknowledged = True
        writer.name = "heard"
        await Ear(store, mind(), Bell(), post.clock).round()
        writer.name = "claimed"
        await postman.carry()
        writer.name = "outcome"
        await postman.idle()
    except StorageDown:
        assert fate.dead
    return acknowledged


async def told(post: Post, channel: str, heard: Heard, name: str, fate: Fate) -> list[str]:
    """What a phone shows for one event, heard by a process that meets its fate and by those after it."""
    by_line = channel == "line"
    token = await post.token() if by_line and name.startswith("reply") else ""
    event = Arrived(channel, name, HANAKO if by_line else str(TARO), post.clock(), heard, token, name)
    before = len(post.shown() if by_line else post.told())
    acknowledged = await live(post, event, fate)
    for _ in range(3):
        post.clock.on(seconds=11)  # on PostgreSQL a lease must end by itself
        if not acknowledged:
            acknowledged = await live(post, event, Fate(10**6))
        else:
            await _rest_of(post)
    return (post.shown() if by_line else post.told())[before:]


async def _rest_of(post: Post) -> None:
    """A fresh process to which nothing new comes."""
    postman = post.another()
    await postman.rescue()
    await Ear(post.store, mind(), Bell(), post.clock).round()
    await post.carry(postman)


@pytest.fixture
async def post(store: Store, now: datetime) -> AsyncIterator[Post]:
    """Both phones, and both people have agreed."""
    async with post_office(store, Clock(now)) as office:
        for channel in ("line", "telegram"):
            await told(office, channel, Came(), f"{channel} came", Fate(10**6))
            await told(office, channel, Tapped("m:consent"), f"{channel} agreed", Fate(10**6))
        yield office


def kept(store: Store) -> dict[str, int]:
    """How many rows there are of what must be there once for each event."""
    return store.read(
        lambda conn: {
            name: len(conn.execute(select(metadata.tables[name].c.id)).all()) for name in ("inbox", "message")
        }
    )


@pytest.mark.parametrize("way", ["reply", "push"])
async def test_S04_wherever_the_process_dies_a_message_on_line_is_answered_once(post: Post, way: str) -> None:
    life = Fate(10**6)
    whole = await told(post, "line", Typed("メニュー"), f"{way}-whole", life)
    assert whole
    assert life.passed == POINTS
    before = kept(post.store)
    for number, name in enumerate(POINTS):
        fate = Fate(number)
        shown = await told(post, "line", Typed("メニュー"), f"{way}-{number}", fate)
        assert (fate.dead, fate.passed[-1]) == (True, name)
        assert shown == whole, f"died at point {number}: {name}"
        after = kept(post.store)
        assert after["inbox"] == before["inbox"] + 1
        before = after


async def test_S04_on_telegram_what_was_under_way_at_death_is_called_unknown_and_nothing_is_sent_twice(
    post: Post,
) -> None:
    """It has no retry key, so between claim and outcome nobody can know; everywhere else the answer comes, once."""
    whole = await told(post, "telegram", Typed("メニュー"), "whole", Fate(10**6))
    shown = [
        await told(post, "telegram", Typed("メニュー"), f"t{number}", Fate(number)) for number in range(len(POINTS))
    ]
    claimed, called, ended = POINTS.index("claimed") + 1, POINTS.index("sent") + 1, len(POINTS) - 1
    assert shown == [[] if claimed <= number < called else whole for number in range(len(POINTS))]
    assert states(post.store)[-len(POINTS) :] == [
        "unknown" if claimed <= number < ended else "sent" for number in range(len(POINTS))
    ]


def states(store: Store) -> list[str]:
    """How every parcel ended, oldest first."""
    rows = select(tables.outbox.c.state).order_by(tables.outbox.c.id)
    return store.read(lambda conn: list(conn.execute(rows).scalars()))
