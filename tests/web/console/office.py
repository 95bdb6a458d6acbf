"""An office for the tests: the whole site on a fresh store, coordinators, residents, and what they write."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any

import httpx2
from sqlalchemy import Connection
from starlette.applications import Starlette

from bot.bell import Bell
from bot.handover import Desk
from bot.mind import Mind
from bot.ports import Arrived
from bot.settings import Settings
from bot.web.room import Room
from bot.web.site import site
from storage import Store, cases, clocking, people, staff, talk
from storage.cases import Mode, Opening
from storage.staff import Role
from tests.clock import Clock

HERE = "http://127.0.0.1"
ROWS = [["trouble", "困りごと", "お金・助成"], ["story", "相談の内容", "助成金の申請書を見てほしいです。"]]


@dataclass
class Office:
    """Everything of one centre."""

    store: Store
    clock: Clock
    mind: Mind
    settings: Settings
    demo: bool = False

    @cached_property
    def room(self) -> Room:
        """What its pages stand on."""

        async def receive(arrived: Sequence[Arrived]) -> None:
            raise AssertionError(f"no platform writes here, but {len(arrived)} events came")

        bell = Bell()
        return Room(
            settings=self.settings,
            store=self.store,
            desk=Desk(self.store, self.mind, bell, self.clock),
            mind=self.mind,
            bell=bell,
            clock=self.clock,
            receive=receive,
            demo=self.demo,
        )

    @cached_property
    def app(self) -> Starlette:
        """The whole site; to make it takes longer than most of what is asked of it."""
        return site(self.room)

    def under(self, **settings: Any) -> None:
        """From now on under other settings."""
        self.settings = self.settings.model_copy(update=settings)
        self.__dict__.pop("room", None)
        self.__dict__.pop("app", None)

    def write(self, job: Callable[[Connection], Any]) -> Any:
        """Write to the store and wait for the commit."""
        return self.store.writer.submit(job).result()

    def member(self, login: str, name: str = "", role: Role = Role.COORDINATOR) -> int:
        """A new member of the staff; the number."""
        made = self.write(lambda conn: staff.add(conn, login, name or login, role, self.clock()))
        assert isinstance(made, int)
        return made

    def link(self, staff_id: int, lasts: timedelta = timedelta(hours=1)) -> str:
        """The token of a one-time link."""
        return str(self.write(lambda conn: staff.make_link(conn, staff_id, self.clock(), lasts)))

    def session(self, staff_id: int) -> str:
        """The token of a session, without going through the login page."""
        token = self.write(lambda conn: staff.start_session(conn, staff_id, self.clock(), timedelta(hours=12)))
        return str(token)

    def browser(self, staff_id: int | None = None) -> httpx2.AsyncClient:
        """A browser's worth of headers and cookies, signed in as a member or as nobody."""
        cookies = {} if staff_id is None else {"nakodo": self.session(staff_id)}
        transport = httpx2.ASGITransport(app=self.app, raise_app_exceptions=False)
        headers = {"sec-fetch-site": "same-origin"}
        return httpx2.AsyncClient(transport=transport, base_url=HERE, cookies=cookies, headers=headers)

    def case(self, address: str = "u1", channel: str = "line", **other: Any) -> int:
        """A new case of a resident; the number."""
        values: dict[str, Any] = {
            "flow": "consultation",
            "revision": 1,
            "topic": "money",
            "topics": ["money"],
            "urgency": "month",
            "mode": Mode.PRIVATE,
            "why": "flow",
            "language": "ja",
            "rows": ROWS,
        } | other

        def job(conn: Connection) -> int:
            contact, person = self.who(conn, channel, address)
            opening = Opening(person_id=contact.person_id, key=person.key, contact_id=contact.id, **values)
            made = cases.open_case(conn, self.store.vault, opening, self.clock()).id
            clocking.settle(conn, self.mind.clocks, [made], self.clock())
            return made

        return int(self.write(job))

    def says(self, case_id: int, text: str, address: str = "u1", channel: str = "line", said_id: str = "") -> None:
        """A resident writes, while a case is open."""

        def job(conn: Connection) -> None:
            contact, person = self.who(conn, channel, address)
            line = talk.Line(
                person_id=person.id,
                key=person.key,
                at=self.clock(),
                way=talk.Way.IN,
                author=talk.Author.PERSON,
                body={"kind": "typed", "text": text},
                case_id=case_id,
                contact_id=contact.id,
                channel=channel,
                said_id=said_id,
            )
            talk.write(conn, self.store.vault, [line])
            clocking.settle(conn, self.mind.clocks, [case_id], self.clock())

        self.write(job)

    def who(self, conn: Connection, channel: str, address: str) -> tuple[people.Contact, people.Person]:
        """Somebody on a channel, there from now on at the latest."""
        pair = (channel, address)
        contact = people.contacts_for(conn, self.store.vault, [pair], self.clock())[pair]
        return contact, people.load(conn, self.store.vault, [contact.person_id])[contact.person_id]

    def told(self, case_id: int) -> list[str]:
        """What staff wrote to the resident of a case, in order."""
        said = self.store.read(lambda conn: talk.of_case(conn, self.store.vault, case_id))
        return [str((one.body or {}).get("text")) for one in said if one.author is talk.Author.STAFF]

    def steps(self, case_id: int) -> list[str]:
        """The history of a case."""
        return [event.kind for event in self.store.read(lambda conn: cases.history(conn, case_id))]

    def head(self, case_id: int) -> cases.CaseHead:
        """The cover of a case."""
        found = self.store.read(lambda conn: cases.get(conn, self.store.vault, case_id))
        assert found is not None
        return found.head


def key() -> str:
    """What a form's hidden field holds."""
    return str(uuid.uuid4())


def seen(page: str) -> str:
    """The newest line that a page shows, as its reply form would send it."""
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found is not None
    return found[1]


async def at_once(*waiting: Any) -> list[Any]:
    """All answers, asked for together."""
    return list(await asyncio.gather(*waiting))
