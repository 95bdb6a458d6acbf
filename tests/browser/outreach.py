"""What the runs through broadcasts and events share: coordinators' windows on a town, and people who receive there."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from playwright.sync_api import Page, expect
from sqlalchemy import Connection, insert

from bot.channels.doubles.line.platform import user_id
from knowledge.interests import mask
from storage import people, staff, ways
from storage.receive_tables import receiver
from storage.staff import Member
from tests.browser.street import Street

T = TypeVar("T")


@dataclass(frozen=True)
class Crowd:
    """So many people alike: where they read, in what language, what about, and where they live."""

    channel: str
    count: int
    language: str
    topic: str
    area: str

    def addresses(self) -> list[str]:
        """Where each is reached."""
        name = f"{self.language}-{self.topic}-{self.area}"
        if self.channel == "telegram":
            first = 7_000_000 + sum(map(ord, name)) * 1000
            return [str(first + one) for one in range(self.count)]
        return [user_id(f"{name}{one}") if self.channel == "line" else f"{name}{one}" for one in range(self.count)]


WORDS = "区民館で清掃活動があります。どなたでも参加できます。"
ENGLISH = "There is a cleaning day at the ward hall. Everybody is welcome."
MANY = 300  # Telegram takes 25 a second: there is time to press a button in the middle

ASAKUSA = Crowd("telegram", MANY, "ja", "events", "asakusa")
ENGLISH_READERS = Crowd("line", 12, "en", "events", "ueno")
OTHERS = (
    Crowd("line", 5, "ja", "events", "ueno"),
    Crowd("telegram", 3, "ja", "grants", "asakusa"),
    Crowd("web", 4, "ja", "events", "asakusa"),
)


@dataclass
class Outreach:
    """The street, with the console's side of it."""

    street: Street

    def do(self, job: Callable[[Connection], T]) -> T:
        """What a job returned, committed."""
        return self.street.demo.parts.store.writer.submit(job).result(30)

    def member(self, login: str) -> Member:
        """A coordinator of the demo."""
        found = self.street.demo.parts.store.read(lambda conn: staff.by_login(conn, login))
        assert found is not None
        return found

    def office(self, login: str, width: int = 1280, height: int = 900, **more: Any) -> Page:
        """A window of a coordinator who is signed in, in a browser of their own."""
        now, who = self.street.demo.parts.clock(), self.member(login).id
        token = self.do(lambda conn: staff.start_session(conn, who, now, timedelta(hours=12)))
        page = self.street.window(width, height, **more)
        page.context.add_cookies([{"name": "nakodo", "value": str(token), "url": self.street.demo.base}])
        return page

    def gather(self, crowd: Crowd) -> list[str]:
        """They are there, known to their platform, and receive at any hour; their addresses."""
        demo, addresses = self.street.demo, crowd.addresses()

        async def meet() -> None:
            for address in addresses:
                if crowd.channel == "line":
                    demo.line.meet(address, "住民").friend = True
                elif crowd.channel == "telegram":
                    demo.telegram.meet(int(address), "住民")
            await asyncio.sleep(0)

        self.street.town.run(meet())
        self.do(lambda conn: self._receive(conn, crowd, addresses))
        return addresses

    def _receive(self, conn: Connection, crowd: Crowd, addresses: list[str]) -> None:
        parts = self.street.demo.parts
        pairs = [(crowd.channel, one) for one in addresses]
        found = people.contacts_for(conn, parts.store.vault, pairs, parts.clock())
        same = {
            "channel": crowd.channel,
            "language": crowd.language,
            "topics": mask("topic", {crowd.topic}),
            "areas": mask("area", {crowd.area}),
            "often": "at_once",
            "quiet_from": 0,
            "quiet_to": 0,
            "reachable": True,
            "changed_at": parts.clock(),
        }
        rows = [{"person_id": one.person_id, "contact_id": one.id, **same} for one in found.values()]
        conn.execute(insert(receiver), rows)

    def tester(self, login: str) -> str:
        """That coordinator has a chat of their own on LINE from now on; its address."""
        demo, address, member = self.street.demo, user_id(f"tester-{login}"), self.member(login)

        async def meet() -> None:
            demo.line.meet(address, member.name).friend = True

        self.street.town.run(meet())

        def job(conn: Connection) -> None:
            pair, now = ("line", address), demo.parts.clock()
            contact = people.contacts_for(conn, demo.parts.store.vault, [pair], now)[pair]
            ways.keep(conn, contact, member, now)

        self.do(job)
        return address

    def shows(self, channel: str, address: str) -> list[str]:
        """What a phone shows of us."""
        demo = self.street.demo
        faces = demo.line.screen(address) if channel == "line" else demo.telegram.screen(int(address))
        return ["\n".join(face["texts"]) for face in faces if face["from"] == "bot"]


def segment(page: Page) -> None:
    """Events, and (Asakusa or English), and not on the web: 312 people."""
    page.goto("/console/segments?edit=0")
    page.get_by_label("名前").fill("浅草の催し")
    page.get_by_label("催し", exact=True).check()
    for kind, join, label in (("地域", "and", "浅草"), ("ことば", "or", "English"), ("窓口", "not", "ウェブ")):
        page.get_by_role("button", name=f"＋ {kind}").click()
        last = page.locator("fieldset", has=page.get_by_label("前の条件とのつなぎ方")).last
        last.get_by_label("前の条件とのつなぎ方").select_option(join)
        last.get_by_label(label, exact=True).check()
    expect(page.locator(".many")).to_have_text(f"{MANY + 12}人")
    page.get_by_role("button", name="この配信対象を残す").click()
    expect(page.get_by_role("status")).to_have_text("配信対象を残しました。")


def compose(page: Page) -> None:
    """The composer, filled in two languages."""
    page.goto("/console/broadcasts")
    page.get_by_role("link", name="新しく書く").click()
    page.get_by_label("見出し").fill("清掃活動")
    page.get_by_label("だれに送りますか").select_option(label="浅草の催し")
    page.get_by_label("本文: 日本語", exact=True).fill(WORDS)
    page.locator("summary", has_text="本文: English").click()
    page.locator("#text-en").fill(ENGLISH)


def look(page: Page) -> None:
    """What was composed is kept, and seen with its cost and on each channel."""
    page.get_by_role("button", name="下書きを保存").click()
    expect(page.get_by_text(re.compile(r"12通使います。今月の残りは[\d,]+通です。"))).to_be_visible()
    expect(page.locator(".many")).to_have_text(f"{MANY + 12}人")
    for language, words in (("日本語", WORDS), ("English", ENGLISH)):
        part = page.locator("details", has=page.locator("summary", has_text=language)).first
        for channel in ("line", "telegram", "web"):
            expect(part.locator(f".as-seen.{channel}")).to_contain_text(words)


def asked_and_agreed(author: Page, second: Page, number: int, people: str) -> None:
    """The author asks, somebody else agrees in a browser of their own."""
    for page, button in ((author, "承認をたのむ"), (second, f"{people}人に送ることを承認する")):
        page.goto(f"/console/broadcasts/{number}")
        if page.get_by_label("上のところを").count():
            page.get_by_label("上のところを").check()
        page.get_by_role("button", name=button).click()
        expect(page.locator(".notice.good")).to_be_visible()
