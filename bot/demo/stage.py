"""Sets the stage: platforms in miniature, the real server, and the made-up people playing what they did before."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from pydantic import HttpUrl, SecretStr
from sqlalchemy import Connection

from bot import app
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.screens import Face
from bot.channels.doubles.serve import serving
from bot.channels.doubles.telegram import TelegramPlatform
from bot.channels.line_menu_wire import MenuWire
from bot.cli.line import Painter
from bot.demo.board import board
from bot.demo.fair import put_up
from bot.demo.funds import set_out
from bot.demo.readers import announce, gather
from bot.demo.scenes import SCENES, STAFF, Scene
from bot.fonts import NoFont
from bot.menu_sync import carry_out, plan
from bot.notices import Pen
from bot.settings import Settings
from bot.web import demo as pages
from dialogs.words import ORIGINAL, bracketed, library
from storage import cases, migrate, outbox, people, staff
from storage.staff import Member, Role

T = TypeVar("T")
Progress = Callable[[str], None]
PATIENCE_S = 30.0
MENU_SCALE = 0.34  # 850 dots wide: enough for the page, and quickly drawn


class MovableClock:
    """The demo's clock: the true one, put back while the past is being played."""

    def __init__(self) -> None:
        self.behind = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) - self.behind


@dataclass(frozen=True)
class Stage:
    """A demo that runs. `entrance` is the one-time address to open."""

    base: str
    entrance: str
    parts: app.Parts
    line: LinePlatform
    telegram: TelegramPlatform


@asynccontextmanager
async def stage(
    folder: Path, port: int, progress: Progress, scenes: tuple[Scene, ...] = SCENES
) -> AsyncIterator[Stage]:
    """Everything running on this machine only; all of it is gone afterwards."""
    clock = MovableClock()
    secret, token, hook = secrets.token_hex(16), secrets.token_hex(24), secrets.token_urlsafe(24)
    line = LinePlatform(secret, token, "", clock=clock, quota=5000)
    telegram = TelegramPlatform("110201:" + token, hook, "", clock=clock)
    async with AsyncExitStack() as stack:
        line_base = await stack.enter_async_context(serving(line.app))
        telegram_base = await stack.enter_async_context(serving(telegram.app))
        settings = Settings(
            database_url=f"sqlite:///{folder / 'demo.db'}",
            public_url=HttpUrl(f"http://127.0.0.1:{port}"),
            port=port,
            secret_key=SecretStr(secrets.token_urlsafe(48)),
            line_channel_secret=SecretStr(secret),
            line_access_token=SecretStr(token),
            line_api_base=HttpUrl(line_base),
            line_data_api_base=HttpUrl(line_base),
            line_gather_seconds=0,
            undo_seconds=3,  # enough to see it
            telegram_token=SecretStr("110201:" + token),
            telegram_webhook_secret=SecretStr(hook),
            telegram_api_base=HttpUrl(telegram_base),
        )
        await asyncio.to_thread(migrate, settings.database_url)
        progress("データベースを作りました")
        mind = await asyncio.to_thread(app.make_mind, settings, clock, board)
        parts = app.assemble(settings, clock=clock, mind=mind, demo=True)
        phones = pages.routes(parts.room, line, telegram, scenes)
        server = app.web(parts, extra=phones)
        base = await stack.enter_async_context(serving(server, port=port))
        line.hook_url, telegram.hook_url = f"{base}/line/webhook", f"{base}/telegram/webhook"
        progress("LINEとTelegramの見本を動かしました")
        members = await _hire(parts)
        pair = (members["sato"].id, members["suzuki"].id)
        await _write(parts, lambda conn: put_up(conn, parts.mind, pair, clock()))
        await _write(parts, lambda conn: set_out(Pen(conn, parts.store.vault, parts.mind, clock()), pair))
        play = _Play(Stage(base, "", parts, line, telegram), clock, members)
        for scene in sorted(scenes, key=lambda one: -one.hours_ago):
            await play.scene(scene)
        clock.behind = timedelta()
        await _write(parts, lambda conn: gather(conn, parts.store.vault, scenes, clock()))
        await _write(parts, lambda conn: announce(conn, pair[1], clock()))
        await parts.purse.look()  # what the platform said in the past is not of today
        progress(f"見本の人{len(scenes)}人と、相談・催し・助成・部屋を用意しました")
        await _menus(settings, parts, progress)
        ticket = await _write(
            parts, lambda conn: staff.make_link(conn, members["sato"].id, clock(), timedelta(hours=12))
        )
        yield Stage(base, f"{base}/login/once?t={ticket}&next=/demo", parts, line, telegram)


async def _menus(settings: Settings, parts: app.Parts, progress: Progress) -> None:
    """The rich menus of the LINE phone, drawn small; where no font is found the phone goes without."""
    token = settings.line_access_token.get_secret_value()
    wire = MenuWire(str(settings.line_api_base), str(settings.line_data_api_base), token)
    painter = Painter("", scale=MENU_SCALE)
    try:
        todo = await plan(wire, parts.mind.house.library)
        drawn = await asyncio.to_thread(lambda: {menu.key: painter(menu) for menu in todo.make})
        await carry_out(wire, todo, lambda menu: drawn[menu.key], lambda _: None)
        progress("LINEの下のメニューを描きました")
    except NoFont:
        progress("日本語のフォントがないため、LINEの下のメニューはありません")
    finally:
        await wire.close()


async def _write(parts: app.Parts, job: Callable[[Connection], T]) -> T:
    return await asyncio.wrap_future(parts.store.writer.submit(job))


async def _hire(parts: app.Parts) -> dict[str, Member]:
    """The made-up coordinators."""

    def job(conn: Connection) -> dict[str, Member]:
        for place, (login, name) in enumerate(STAFF):  # the first, whom the newcomer plays, sees every page
            staff.add(conn, login, name, Role.COORDINATOR if place else Role.MANAGER, parts.clock())
        return {one.login: one for one in staff.everybody(conn)}

    return await _write(parts, job)


class _Play:
    """Plays what people did before the demo was opened, through the platforms and the desk."""

    def __init__(self, on: Stage, clock: MovableClock, members: dict[str, Member]) -> None:
        self._on, self._clock, self._members = on, clock, members

    async def scene(self, scene: Scene) -> None:
        """One resident's past, line by line, then what the desk did about it."""
        self._clock.behind = timedelta(hours=scene.hours_ago)
        await self._meet(scene)
        for line in scene.said:
            seen = self._seen(scene)
            if line.startswith(">> "):
                await self._touch(scene, bracketed(library()[ORIGINAL].say(line[3:])))
            else:
                await self._say(scene, line)
            await self._settled(scene, seen)
            self._pass(timedelta(seconds=9))
        for who, deed, words in scene.desk:
            await self._desk(scene, self._members[who], deed, words)
        await self._carried()

    def _pass(self, time: timedelta) -> None:
        """People take their time between two taps; the platforms' own pace counts on it."""
        self._clock.behind = max(timedelta(), self._clock.behind - time)

    async def _meet(self, scene: Scene) -> None:
        seen = self._seen(scene) if scene.said else 0
        if scene.channel == "line":
            self._on.line.meet(scene.user, scene.name)
            if scene.said:
                await self._on.line.follow(scene.user)
        else:
            self._on.telegram.meet(int(scene.user), scene.name)
            if scene.said:
                await self._on.telegram.start(int(scene.user))
        if scene.said:
            await self._settled(scene, seen)

    async def _say(self, scene: Scene, text: str) -> None:
        if scene.channel == "line":
            await self._on.line.say(scene.user, text)
        else:
            await self._on.telegram.say(int(scene.user), text)

    async def _touch(self, scene: Scene, label: str) -> None:
        if scene.channel == "line":
            await self._on.line.touch(scene.user, label)
        else:
            await self._on.telegram.touch(int(scene.user), label)

    def _faces(self, scene: Scene) -> list[Face]:
        on = self._on
        return on.line.screen(scene.user) if scene.channel == "line" else on.telegram.screen(int(scene.user))

    def _seen(self, scene: Scene) -> int:
        """How many things the bot has said on this phone."""
        return sum(face["from"] == "bot" for face in self._faces(scene))

    async def _settled(self, scene: Scene, seen: int) -> None:
        """Wait until the bot has said something more on this phone, and everything is carried."""
        async with asyncio.timeout(PATIENCE_S):
            while self._seen(scene) <= seen:
                newest = max((face["seq"] for face in self._faces(scene)), default=0)
                if scene.channel == "line":
                    await self._on.line.changed(scene.user, newest)
                else:
                    await self._on.telegram.changed(int(scene.user), newest)
        await self._carried()

    async def _carried(self) -> None:
        """Wait until nothing is on its way: the clock must not jump while a lease is held."""
        parts = self._on.parts
        async with asyncio.timeout(PATIENCE_S):
            while await asyncio.to_thread(parts.store.read, outbox.depth):
                await parts.bell.wait(0.02)

    async def _desk(self, scene: Scene, who: Member, deed: str, words: str) -> None:
        store, desk = self._on.parts.store, self._on.parts.desk
        pair = (scene.channel, scene.user)

        def case_of(conn: Connection) -> int:
            contact = people.known(conn, store.vault, [pair])[pair]
            return cases.of_person(conn, store.vault, contact.person_id)[0].head.id

        case_id = await asyncio.to_thread(store.read, case_of)
        match deed:
            case "claim":
                await desk.claim(case_id, who)
            case "reply":
                await desk.reply(case_id, who, words, uuid.uuid4().hex)
            case "note":
                await desk.note(case_id, who, words, uuid.uuid4().hex)
            case "release":
                await desk.release(case_id, who)
            case _:
                await desk.close(case_id, who)
