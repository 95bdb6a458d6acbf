"""A small centre with a Telegram group: the real desk, door and clerk, and the platform in miniature on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.applications import Starlette

from bot.bell import Bell
from bot.channels.doubles.postman import Posted
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.doubles.telegram.platform import Terms
from bot.channels.doubles.telegram.state import Thread
from bot.channels.telegram import TelegramChannel
from bot.forum.clerk import Clerk
from bot.forum.counter import Counter
from bot.forum.draw import Style
from bot.settings import Settings
from bot.web.hooks import hooks
from storage import Store, linking, topics
from storage.staff import Member
from storage.topics import Shown
from tests.bot.centre import Centre
from tests.bot.desk import write
from tests.channels.samples import HOOK_SECRET, TELEGRAM_TOKEN

FORUM, SATO, SUZUKI, STRANGER = -1001234567890, 501, 502, 599


@dataclass
class Group:
    """Sato and Suzuki, both linked, in a forum group; the clerk works when told to."""

    centre: Centre
    telegram: TelegramPlatform
    channel: TelegramChannel
    clerk: Clerk
    sato: Member
    suzuki: Member

    async def work(self, clerk: Clerk | None = None) -> None:
        """The clerk does all that can be done at this moment."""
        while await (clerk or self.clerk).round():
            continue

    async def work_for(self, seconds: int) -> None:
        """Time passes, and the clerk keeps looking."""
        for _ in range(seconds // 2):
            await self.work()
            self.later(2)
        await self.work()

    def later(self, seconds: float) -> None:
        """Time passes."""
        self.centre.now += timedelta(seconds=seconds)

    def another(self) -> Clerk:
        """The clerk of another process, or of this one after it was started again."""
        return Clerk(self.centre.store, self.channel, FORUM, style(self.centre), lambda: self.centre.now)

    @property
    def threads(self) -> dict[int, Thread]:
        """The topics of the group."""
        return self.telegram._state.chats[FORUM].threads

    def shown(self, case_id: int) -> Shown:
        """What is known of the topic of a case."""
        found = self.centre.store.read(lambda conn: topics.of_case(conn, case_id))
        assert found is not None
        return found

    def thread(self, case_id: int) -> int:
        """The topic of a case."""
        found = self.shown(case_id).thread
        assert found is not None
        return found

    def messages(self, case_id: int) -> list[dict[str, Any]]:
        """Our messages in the topic of a case; the first is its card."""
        thread = self.thread(case_id)
        return [one for one in self.telegram.delivered(FORUM) if one.get("message_thread_id") == thread]

    def texts(self, case_id: int) -> list[str]:
        """Their words."""
        return [one["text"] for one in self.messages(case_id)]

    def buttons(self, case_id: int) -> dict[str, str]:
        """What the card offers: label and what comes back, or is opened."""
        rows = self.messages(case_id)[0].get("reply_markup", {}).get("inline_keyboard", [])
        return {key["text"]: key.get("callback_data") or key["url"] for row in rows for key in row}

    async def press(self, user: int, case_id: int, label: str) -> Posted:
        """Somebody touches a button of the card."""
        card = self.messages(case_id)[0]
        return await self.telegram.press(user, card["message_id"], self.buttons(case_id)[label], chat=FORUM)

    async def say(self, user: int, case_id: int, text: str) -> Posted:
        """Somebody writes in the topic of a case."""
        return await self.telegram.say(user, text, chat=FORUM, thread=self.thread(case_id))

    def link(self, member: Member, user: int) -> None:
        """A coordinator has typed their code."""
        store = self.centre.store
        code = write(self.centre, lambda conn: linking.make_code(conn, member.id, self.centre.now))
        assert write(self.centre, lambda conn: linking.use_code(conn, store.vault, code, str(user), self.centre.now))


def style(centre: Centre) -> Style:
    """Of the topics here."""
    return Style(centre.mind.house.library["ja"], centre.mind.zone, "https://nakodo.example")


@asynccontextmanager
async def group(store: Store, centre: Centre, *, flood: bool = True, patience: float = 9.0) -> AsyncIterator[Group]:
    """Open, with both coordinators linked."""
    chat = FORUM
    counter = Counter(store, centre.desk, Bell(), lambda: centre.now, chat)
    settings = Settings.model_validate({"telegram_webhook_secret": HOOK_SECRET, "telegram_staff_chat": chat})
    kept: list[object] = []

    async def keep(arrived: object) -> None:
        kept.append(arrived)

    telegram = TelegramPlatform(TELEGRAM_TOKEN, HOOK_SECRET, "", clock=lambda: centre.now, terms=Terms(flood=flood))
    async with AsyncExitStack() as stack:
        doors = await stack.enter_async_context(serving(Starlette(routes=hooks(keep, settings, group=counter.heard))))
        telegram.hook_url = doors + "/telegram/webhook"
        base = await stack.enter_async_context(serving(telegram.app, grace=0.05))
        channel = TelegramChannel(base, TELEGRAM_TOKEN, patience)
        telegram.group(FORUM, "窓口", forum=True)
        for user, name in ((SATO, "佐藤"), (SUZUKI, "鈴木"), (STRANGER, "通りすがり")):
            telegram.meet(user, name)
        clerk = Clerk(store, channel, FORUM, style(centre), lambda: centre.now)
        made = Group(centre, telegram, channel, clerk, centre.member("sato"), centre.member("suzuki"))
        made.link(made.sato, SATO)
        made.link(made.suzuki, SUZUKI)
        yield made
        await channel.close()
        await telegram.close()
