"""A town square for the tests: people who receive on three channels, coordinators, the herald and both platforms."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, insert, update

from bot.announcer import Announcer
from bot.bell import Bell
from bot.broadcasting import Crier
from bot.channels.doubles.line.platform import user_id
from bot.heralding import Herald, Limits, nobody_rests, packed_for
from bot.links import Links
from knowledge.segment import All
from storage import Store, broadcasts, fates, people, segments, staff
from storage.broadcasts import Broadcast, Draft
from storage.fates import Sums
from storage.outbox import BULK
from storage.receive_tables import receiver
from tests import ours
from tests.bot.post import PATIENCE_S, Post, post_office
from tests.clock import Clock

T = TypeVar("T")
WORDS = "11月29日に区民館で清掃活動があります。どなたでも参加できます。"
NEWS = "春の講座のご案内です。申し込みは窓口へ。"


@dataclass
class Square:
    """Everything a broadcast meets. `herald` is one server's; `another` makes that of a second one."""

    store: Store
    clock: Clock
    post: Post
    limits: Limits = field(default_factory=Limits)
    staff: dict[str, int] = field(default_factory=dict)
    links: Links | None = None

    def __post_init__(self) -> None:
        self.herald = self.another()

    def another(self, store: Store | None = None) -> Herald:
        """The herald of a server that has just started."""
        mine = store or self.store
        crier = Crier(mine, self.post.channels, Bell(), self.clock, Announcer(ours.mind().house.library, self.links))
        return Herald(mine, crier, self.limits, ZoneInfo("Asia/Tokyo"), self.clock)

    def limited(self, limits: Limits) -> None:
        """From now on no more than that leaves, or reaches one person."""
        self.limits = limits
        self.herald = self.another()

    def do(self, job: Callable[[Connection], T]) -> T:
        """What a job returned, committed."""
        return self.store.writer.submit(job).result(30)

    def member(self, login: str) -> int:
        """A coordinator, new if need be."""
        if login not in self.staff:
            new = self.do(lambda conn: staff.add(conn, login, login.title(), staff.Role.COORDINATOR, self.clock()))
            assert new is not None
            self.staff[login] = new
        return self.staff[login]

    def crowd(self, channel: str, count: int, language: str = "ja", first: int = 0, **wishes: object) -> list[str]:
        """So many people who receive there, known to the platform; their addresses."""
        numbers = range(first, first + count)
        addresses = [user_id(f"{channel}{one}") if channel == "line" else str(5_000_000 + one) for one in numbers]
        for address in addresses:
            if channel == "line":
                self.post.line.meet(address, "住民").friend = True
            elif channel == "telegram":
                self.post.telegram.meet(int(address), "住民")
        self.do(partial(self._receive, channel, addresses, language, wishes))
        return addresses

    def _receive(
        self, channel: str, addresses: list[str], language: str, wishes: dict[str, object], conn: Connection
    ) -> None:
        now = self.clock()
        found = people.contacts_for(conn, self.store.vault, [(channel, one) for one in addresses], now)
        usual = {"often": "at_once", "quiet_from": 0, "quiet_to": 0, "changed_at": now, "reachable": True}
        rows = [
            {
                "person_id": one.person_id,
                "contact_id": one.id,
                "channel": channel,
                "language": language,
                **usual,
                **wishes,
            }
            for one in found.values()
        ]
        conn.execute(insert(receiver), rows)

    def contact(self, channel: str, address: str) -> people.Contact:
        """Somebody of the crowd."""
        return self.store.read(lambda conn: people.known(conn, self.store.vault, [(channel, address)]))[
            channel, address
        ]

    def stops(self, channel: str, address: str) -> None:
        """Somebody stops all announcements."""
        theirs = receiver.c.person_id == self.contact(channel, address).person_id
        self.do(lambda conn: conn.execute(update(receiver).where(theirs).values(stopped_at=self.clock())))

    def segment(self) -> int:
        """A kept segment of everybody; the number of its version."""
        new = segments.New(self.member("sato"), "みんな", All(), 1)
        number = self.do(lambda conn: segments.add(conn, new, self.clock()))
        found = self.store.read(lambda conn: segments.find(conn, number or 0))
        assert found is not None
        return found.id

    def draft(self, text: str = WORDS, **more: object) -> Draft:
        """Words to everybody, by the newsletter's lane unless told."""
        told: dict[str, object] = {"title": "清掃", "texts": {"ja": text}, "lane": BULK} | more
        if "segment_id" not in told and "corrects_id" not in told:
            told["segment_id"] = self.segment()
        return Draft(**{"segment_id": None} | told)  # type: ignore[arg-type]

    def written(self, draft: Draft | None = None) -> Broadcast:
        """A draft by Sato."""
        sato, made = self.member("sato"), draft or self.draft()
        return self.one(self.do(lambda conn: broadcasts.add(conn, sato, made, self.clock())))

    def approved(self, draft: Draft | None = None) -> Broadcast:
        """Asked for by Sato and agreed to by Mori, for as many as it means now."""
        one, mori, now = self.written(draft), self.member("mori"), self.clock()
        many = self.meant(one)
        assert self.do(lambda conn: broadcasts.ask(conn, one, many, now))
        assert self.do(lambda conn: broadcasts.approve(conn, one, mori, many, now))
        return self.one(one.id)

    def one(self, number: int) -> Broadcast:
        """A broadcast as it stands."""
        found = self.store.read(lambda conn: broadcasts.find(conn, number))
        assert found is not None
        return found

    def meant(self, one: Broadcast) -> int:
        """How many it means now."""
        return self.store.read(
            lambda conn: packed_for(conn, one.draft, nobody_rests, self.limits.cap, self.clock())
        ).total

    def sums(self, one: Broadcast) -> Sums:
        """How far it is; the parts are always the whole."""
        return self.store.read(lambda conn: fates.of(conn, one.id))

    async def run(self, herald: Herald | None = None) -> None:
        """Look until nothing more can go now, and once more to end what is over."""
        for _ in range(2):
            await (herald or self.herald).look()
            await (herald or self.herald).idle()

    def on_line(self) -> Counter[str]:
        """How often each phone shows it."""
        calls = [call for call in self.post.line.ledger.of("multicast") if call.accepted]
        return Counter(address for call in calls if call.body for address in call.body["to"])

    def shows(self, address: str) -> list[str]:
        """What a phone on LINE shows of us."""
        return ["\n".join(face["texts"]) for face in self.post.line.screen(address) if face["from"] == "bot"]


@asynccontextmanager
async def square(
    store: Store, clock: Clock, quota: int | None = None, patience: float = PATIENCE_S
) -> AsyncIterator[Square]:
    """A square with both platforms at work; the clock stands, so Telegram's pace would never let anybody through."""
    async with post_office(store, clock, quota, flood=False, patience=patience) as post:
        found = Square(store, clock, post)
        yield found
        await found.herald.put_down()
