"""One case, two consoles at two servers and a Telegram group: all who could be quicker, and what each is shown."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx2
from sqlalchemy import Connection

from bot import app
from bot.bell import Bell
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.doubles.telegram.platform import Terms
from bot.channels.telegram import TelegramChannel
from storage import cases, feed, linking, people
from storage.cases import CaseHead
from storage.staff import Member
from tests.bot.desk import harmless
from tests.channels.samples import HOOK_SECRET, TELEGRAM_TOKEN
from tests.clock import Clock
from tests.faults.living import HANAKO, Living, living
from tests.faults.town import settings
from tests.ours import mind

GROUP, CHIBA = -1001234567890, 503
PATIENCE_S = 120
_SAID = re.compile(r'<article class="bubble person.*?<p class="words">(.*?)</p>', re.DOTALL)


@dataclass
class Console:
    """A coordinator's browser at one of the servers; `heard` is all that its stream told, as (number, kind, case)."""

    member: Member
    web: httpx2.AsyncClient
    bell: Bell
    heard: list[tuple[int, str, int]] = field(default_factory=list)

    async def listen(self, here: asyncio.Event) -> None:
        """Take whatever the stream tells, from now on."""
        number = 0
        async with self.web.stream("GET", "/console/live", timeout=None) as live:
            async for line in live.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    number = int(value)
                    here.set()
                if name == "data" and "kind" in value:
                    told = json.loads(value)
                    self.heard.append((number, told["kind"], told["case"]))

    async def do(self, case_id: int, deed: str, **form: str) -> httpx2.Response:
        """Press a button of a case."""
        return await self.web.post(f"/console/cases/{case_id}/{deed}", data=form)

    async def page(self, case_id: int) -> str:
        """The page of a case."""
        answer = await self.web.get(f"/console/cases/{case_id}")
        assert answer.status_code == 200
        return answer.text

    async def write(self, case_id: int, text: str, page: str) -> httpx2.Response:
        """Send a reply from a page that was opened before."""
        seen = re.search(r'name="seen" value="(\d+)"', page)
        assert seen is not None
        return await self.do(case_id, "reply", text=text, key=str(uuid.uuid4()), seen=seen[1])


def said_on(page: str) -> list[str]:
    """What the resident said, as the page of the case shows it."""
    return [re.sub(r"<[^>]+>", "", words) for words in _SAID.findall(page)]


@dataclass
class Contest:
    """Aoki sits at the first server, Baba at a second one, Chiba has the group on their phone."""

    living: Living
    telegram: TelegramPlatform
    consoles: tuple[Console, Console]
    chiba: Member
    bases: tuple[str, str]
    case_id: int
    start: int

    def later(self, seconds: float) -> None:
        """Time passes."""
        self.living.clock.on(seconds=seconds)

    def console_of(self, name: str) -> Console | None:
        """Where somebody sits; None for who has only the group."""
        return next((one for one in self.consoles if one.member.name == name), None)

    async def head(self) -> CaseHead:
        """The case as it is now."""
        found = await self.living.read(lambda conn: cases.head_of(conn, self.case_id))
        assert found is not None
        return found

    def card(self) -> dict[str, Any]:
        """The card in the group as it stands there now."""
        return self.telegram.delivered(GROUP)[0]

    async def until(self, so: Callable[[], bool]) -> None:
        """Wait until this is so; both servers look again first, for each rings its own bell only.

        Time passes meanwhile: what a slow machine did not manage is tried again later, by the clock.
        """
        async with asyncio.timeout(PATIENCE_S):
            for look in itertools.count():
                if so():
                    return
                if look % 25 == 0:
                    self.later(look / 25)
                    for console in self.consoles:
                        console.bell.ring()
                await asyncio.sleep(0.02)

    async def quiet(self) -> None:
        """Wait until everything was heard and carried; time passes as above."""
        quiet = asyncio.create_task(self.living.quiet())
        await self.until(quiet.done)
        await quiet

    async def group_shows(self, words: str) -> None:
        """Wait until the card says this."""
        await self.until(lambda: bool(self.telegram.delivered(GROUP)) and words in self.card()["text"])

    async def press(self, deed: str) -> str:
        """Chiba presses a button under the card; what their phone answers."""
        before = len(self.telegram.toasts(CHIBA))
        posted = await self.telegram.press(CHIBA, self.card()["message_id"], f"case:{deed}:{self.case_id}", chat=GROUP)
        assert posted.ok
        await self.until(lambda: len(self.telegram.toasts(CHIBA)) > before)
        (toast,) = self.telegram.toasts(CHIBA)[before:]
        return toast

    def told(self) -> list[str]:
        """All that arrived on the resident's phone since the contest began, once or more often."""
        return [str(one.get("text") or one.get("altText")) for one in self.living.line.delivered(HANAKO)][self.start :]

    async def nothing_missed(self) -> list[tuple[int, str, int]]:
        """Both consoles were told every change of the case, once and in order; what these were."""
        changes = await self.living.read(lambda conn: feed.since(conn, 0, at_most=100_000))
        ours = [(one.id, one.kind, self.case_id) for one in changes if one.case_id == self.case_id]
        begun = ours[0][0]  # the consoles were open before the case was
        for console in self.consoles:
            await self.until(lambda told=console.heard: told[-1][0] >= ours[-1][0])  # type: ignore[misc]
            assert [one for one in console.heard if one[2] == self.case_id and one[0] >= begun] == ours
        return ours


@asynccontextmanager
async def contest(url: str, now: datetime, **more: str) -> AsyncIterator[Contest]:
    """Everything at work, on one database; one open case, which all three places show."""
    clock = Clock(now)
    telegram = TelegramPlatform(TELEGRAM_TOKEN, HOOK_SECRET, "", clock=clock, terms=Terms(flood=False, hook_seconds=60))
    telegram.group(GROUP, "窓口", forum=True)
    telegram.meet(CHIBA, "千葉")
    async with AsyncExitStack() as stack:
        host = await stack.enter_async_context(serving(telegram.app, grace=0.05))
        more |= {"telegram_staff_chat": str(GROUP), "telegram_token": TELEGRAM_TOKEN, "telegram_api_base": host}
        channel = TelegramChannel(host, TELEGRAM_TOKEN)
        one = await stack.enter_async_context(living(url, clock, channel, **more))
        other = app.assemble(settings(url, **more), clock=clock, mind=mind(), channels={})
        base = await stack.enter_async_context(serving(app.web(other, worker=False), grace=0.1))
        members = [await one.member(login) for login in ("aoki", "baba", "chiba")]
        await _linked(one, members[2])
        consoles = await _seated(stack, one, members, [(one.base, one.parts.bell), (base, other.bell)])
        await one.touch("同意する")
        made = Contest(one, telegram, consoles, members[2], (one.base, base), await _opened(one), 0)
        telegram.hook_url = f"{one.base}/telegram/webhook"
        await made.group_shows("担当：まだいません")
        made.start = len(one.line.delivered(HANAKO))
        yield made
        await telegram.close()


async def _seated(
    stack: AsyncExitStack, of: Living, members: Sequence[Member], places: Sequence[tuple[str, Bell]]
) -> tuple[Console, Console]:
    made = []
    for member, (base, bell) in zip(members, places, strict=False):
        web = await stack.enter_async_context(await of.signed_in(member))
        web.base_url, web.timeout = httpx2.URL(base), httpx2.Timeout(PATIENCE_S)
        console, here = Console(member, web, bell), asyncio.Event()
        stack.callback(asyncio.create_task(console.listen(here)).cancel)
        await here.wait()
        made.append(console)
    return made[0], made[1]


async def _linked(of: Living, member: Member) -> None:
    vault, now = of.parts.store.vault, of.clock()

    def link(conn: Connection) -> Member | None:
        return linking.use_code(conn, vault, linking.make_code(conn, member.id, now), str(CHIBA), now)

    assert await of.write(link)


async def _opened(of: Living) -> int:
    vault, now = of.parts.store.vault, of.clock()

    def open_one(conn: Connection) -> int:
        contact = people.known(conn, vault, [("line", HANAKO)])["line", HANAKO]
        person = people.load(conn, vault, [contact.person_id])[contact.person_id]
        return cases.open_case(conn, vault, harmless(person), now).id

    return await of.write(open_one)
