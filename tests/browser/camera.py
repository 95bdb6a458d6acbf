"""Photographs what residents see, on every channel, in a real browser (`make pictures`); what looks broken stops it."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, sync_playwright
from sqlalchemy import func, select

from bot.demo.scenes import Scene
from dialogs.words import bracketed, library
from storage import inbox, outbox, staff, tables
from storage.staff import Member
from tests.browser import album
from tests.browser.conftest import ARGUMENTS, chromium
from tests.browser.street import CALM, Street, Town, open_street, tap
from tests.browser.walks import WALKS, Deed, Step, Walk, steps

NAMES = ("花岡 ゆき", "大野 進", "陳 文", "西村 直")
CAST = tuple(Scene("line", "U" + f"{n:032x}", name, 1, ()) for n, name in enumerate(NAMES, 1)) + tuple(
    Scene("telegram", str(420_000 + n), name, 1, ()) for n, name in enumerate(NAMES, 1)
)
SOON = 1600  # milliseconds: what comes later is not of the same answer
OVER_THE_PHONE = 192  # of the demo's page, in dots
# Words that are cut off, things that stick out of what holds them, and a page that must be moved sideways.
_BROKEN = """(root) => {
  const found = [], frame = root.getBoundingClientRect();
  if (root.scrollWidth > root.clientWidth + 1) found.push("it is too wide");
  for (const one of root.querySelectorAll("button, p, bdi, .bubble, .flex, .fx-box, .words, label, a")) {
    const box = one.getBoundingClientRect(), look = getComputedStyle(one);
    if (!box.width || !box.height || one.closest(".unseen, .quick, [hidden]")) continue;
    if (look.clipPath !== "none" || one.closest(".who")) continue;
    const name = `${one.className || one.tagName}: ${one.textContent.slice(0, 30)}`;
    if (one.scrollWidth > one.clientWidth + 1 && look.overflowX !== "visible") found.push(`cut off: ${name}`);
    if (box.right > frame.right + 1 || box.left < frame.left - 1) found.push(`sticks out: ${name}`);
  }
  return found;
}"""
_WORDS = """(root) => { const copy = root.cloneNode(true);
  copy.querySelectorAll("script, rt, rp, time, .unseen, [hidden], .things, .pop").forEach((one) => one.remove());
  copy.querySelectorAll("p, button, article, .row, bdi").forEach((one) => one.append("\\n"));
  return copy.textContent.split("\\n").map((one) => one.trim()).filter(Boolean).join("\\n"); }"""


def label(walk: Walk, value: str) -> str:
    """What a button says: a key of the words, or the words themselves."""
    book = library()[walk.language]
    return bracketed(book.say(value)) if value in book.phrases else value


@dataclass
class Camera:
    """Walks with one person on one channel, and keeps what it saw."""

    street: Street
    channel: str
    scene: Scene | None
    page: Page
    shots: dict[Path, tuple[bytes, str]]

    def go(self, walk: Walk) -> None:
        """Do every step of a walk and take its pictures."""
        for step in steps(self.channel, walk):
            self.act(walk, step)
            self.settle()
            if step.kind:
                self.shoot(walk, step)
        self.page.context.close()
        self.street.contexts.remove(self.page.context)

    def act(self, walk: Walk, step: Step) -> None:
        """One deed."""
        match step.deed:
            case Deed.LOOK:
                return
            case Deed.CLAIM | Deed.REPLY | Deed.RELEASE:
                self.page.wait_for_timeout(SOON)
                self.street.town.run(self.at_the_desk(step))
            case Deed.PICK | Deed.OPEN:
                tap(self.page, self.page.locator("#log").get_by_role("button", name=label(walk, step.value)).last)
                if step.deed is Deed.OPEN:
                    self.page.frame_locator("#sheet iframe").locator("button.main").wait_for()
            case Deed.SHUT:
                self.page.locator("#shut").click()
            case _ if self.scene is None:
                self.on_the_page(walk, step)
            case _:
                self.on_a_phone(walk, step, self.scene)

    def on_the_page(self, walk: Walk, step: Step) -> None:
        """A visitor of the web chat."""
        page = self.page
        match step.deed:
            case Deed.BEGIN:
                page.locator("button.main").click()
                page.locator(".line.bot").first.wait_for()
            case Deed.TOUCH:
                name = library()[walk.language].say(step.value) if "." in step.value else step.value
                tap(page, page.locator(f"#log button:has-text({bracketed(name).split('(')[0].split('(')[0]!r})").last)
            case _:
                page.context.set_offline(step.deed is Deed.OFFLINE)
                page.locator("#words").fill(step.value)
                page.locator("#send").click()
                page.wait_for_timeout(300)
                if step.deed is Deed.OFFLINE:
                    page.locator(".failed").wait_for()

    def on_a_phone(self, walk: Walk, step: Step, scene: Scene) -> None:
        """Somebody on LINE or Telegram, by their own hands."""
        line, telegram, town = self.street.demo.line, self.street.demo.telegram, self.street.town
        user, number, value = scene.user, int(scene.user, 0) if scene.channel == "telegram" else 0, step.value
        on_line = scene.channel == "line"
        match step.deed:
            case Deed.BEGIN:
                town.run(line.follow(user) if on_line else telegram.start(number))
            case Deed.TOUCH:
                self.page.wait_for_timeout(0 if on_line else SOON)  # a touch from outside shows nothing on Telegram
                said = label(walk, value)
                town.run(line.touch(user, said) if on_line else telegram.touch(number, said))
            case Deed.SAY:
                town.run(line.say(user, value) if on_line else telegram.say(number, value))
            case Deed.SEND:
                town.run(line.send(user, value) if on_line else telegram.send(number, value))
            case Deed.UNSEND:
                newest = [face["id"] for face in line.screen(user) if face["from"] == "person"][-1]
                town.run(line.unsend(user, newest))
            case _:
                town.run(self.strange(on_line))

    async def strange(self, on_line: bool) -> None:
        """What is younger than this bot."""
        assert self.scene is not None
        if on_line:
            line, message = self.street.demo.line, {"type": "hologram", "id": str(uuid.uuid4().int)[:18]}
            await line.raw({**line.event("message", self.scene.user, message=message), "replyToken": uuid.uuid4().hex})
            return
        user = int(self.scene.user)
        who = {"id": user, "is_bot": False, "first_name": self.scene.name}
        chat = {"id": user, "type": "private", "first_name": self.scene.name}
        told = {"message_id": 9_000_001, "date": int(self.street.demo.parts.clock().timestamp()), "hologram": {}}
        await self.street.demo.telegram.raw({"update_id": 900_000_001, "message": {**told, "from": who, "chat": chat}})

    async def at_the_desk(self, step: Step) -> None:
        """A coordinator and the newest case."""
        parts = self.street.demo.parts
        newest = select(func.max(tables.case_file.c.id))
        case: int = await asyncio.to_thread(parts.store.read, lambda conn: conn.execute(newest).scalar_one())
        members: list[Member] = await asyncio.to_thread(parts.store.read, staff.everybody)
        sato = next(one for one in members if one.login == "sato")
        match step.deed:
            case Deed.CLAIM:
                await parts.desk.claim(case, sato)
            case Deed.REPLY:
                await parts.desk.reply(case, sato, step.value, uuid.uuid4().hex)
            case _:
                await parts.desk.release(case, sato)

    def settle(self) -> None:
        """Until all is heard and carried, and the page shows all of it and stands still."""
        read, page = self.street.demo.parts.store.read, self.page
        for _ in range(1500):
            if read(inbox.depth)["inbox"] == 0 and read(outbox.depth) == 0:
                break
            page.wait_for_timeout(20)
        if self.scene is not None:
            demo = self.street.demo
            line = self.scene.channel == "line"
            faces = demo.line.screen(self.scene.user) if line else demo.telegram.screen(int(self.scene.user))
            page.wait_for_function("(n) => document.querySelectorAll('#log [data-id]').length >= n", arg=len(faces))
        page.wait_for_timeout(500)
        while page.locator("#log").count() and not page.evaluate(CALM):
            page.wait_for_timeout(50)
        page.wait_for_timeout(300)

    def shoot(self, walk: Walk, step: Step) -> None:
        """Take the picture; complain of what looks broken on it, and of words that are not there."""
        self.page.mouse.move(0, 0)
        seen: Locator = self.page.locator(".handset" if self.scene else "body")
        words: str = seen.evaluate(_WORDS)
        if self.page.locator("#sheet iframe").is_visible() if self.scene else False:
            words += "\n" + self.page.frame_locator("#sheet iframe").locator("body").evaluate(_WORDS)
        file = album.file_of(self.channel, step.kind)
        wrong = [*seen.evaluate(_BROKEN), *(f"not there: {one}" for one in album.missing(walk, step, words))]
        self.street.wrongs += [f"{file.name}: {one}" for one in wrong]
        self.shots[file] = (seen.screenshot(animations="disabled", caret="hide"), words)


def opened(street: Street, channel: str, number: int) -> tuple[Page, Scene | None]:
    """A window for one person, before anything was said."""
    size = (album.WIDTH, album.HEIGHT + (0 if channel == "web" else OVER_THE_PHONE))
    page = street.window(*size, reduced_motion="reduce")
    if channel == "web":
        page.goto("/chat")
        return page, None
    scene = [one for one in CAST if one.channel == channel][number]
    page.goto("/demo")
    page.locator(f"[data-look={channel}]").click()
    page.get_by_role("button", name=f"{scene.name}さん").click()
    page.locator(".welcome").wait_for()
    return page, scene


def photograph(channels: list[str]) -> tuple[dict[Path, tuple[bytes, str]], list[str]]:
    """All pictures of these channels, and what was wrong."""
    shots: dict[Path, tuple[bytes, str]] = {}
    more: dict[str, Any] = {"executable_path": chromium(), "args": ARGUMENTS}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(**more)
        town = Town(Path(folder), CAST)
        with open_street(town, browser) as street:
            for channel in channels:
                for number, walk in enumerate(WALKS):
                    page, scene = opened(street, channel, number)
                    Camera(street, channel, scene, page, shots).go(walk)
            wrongs, street.wrongs = street.wrongs, []
        town.stop()
        browser.close()
    return shots, wrongs


def main() -> int:
    """Take all pictures anew and keep them when nothing is wrong, or whatever is wrong when `--anyway` is said."""
    shots, wrongs = photograph(list(album.CHANNELS))
    sys.stderr.write("".join(f"{one}\n" for one in wrongs))
    if not wrongs or "--anyway" in sys.argv:
        album.keep(shots)
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main())
