"""A centre beside LINE with a LINE Login channel, and a link that Hanako got there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpx2

from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.login import LOGIN_ID, LOGIN_SECRET, SIGNED_IN
from bot.channels.doubles.line.platform import user_id
from bot.channels.doubles.serve import serving
from bot.mind import Mind
from dialogs.heard import Tapped, Typed
from storage.pages import Purpose
from tests.channels.samples import LINE_SECRET, LINE_TOKEN
from tests.clock import Clock
from tests.web.talking import Place, running

HANAKO, TARO = user_id("hanako"), user_id("taro")
BACK = "http://127.0.0.1/line/login"


@dataclass
class Town:
    """A centre, LINE, and a link that Hanako got."""

    place: Place
    line: LinePlatform
    path: str

    async def away(self, device: httpx2.AsyncClient, path: str = "") -> str:
        """Press the button of the door: where on LINE it leads."""
        got = await device.get(f"{path or self.path}/line")
        assert got.status_code == 303
        return got.headers["location"]

    async def agreed(self, address: str, user: str = HANAKO) -> str:
        """Somebody who is signed in to LINE opens its page and agrees: where LINE sends them, without our host."""
        async with httpx2.AsyncClient() as browser:
            got = await browser.get(address, headers={"cookie": f"{SIGNED_IN}={user}"})
        assert got.status_code == 302
        back = urlsplit(got.headers["location"])
        assert f"{back.scheme}://{back.netloc}{back.path}" == BACK
        return f"{back.path}?{back.query}"

    async def through(self, device: httpx2.AsyncClient, user: str = HANAKO, path: str = "") -> httpx2.Response:
        """The whole way to LINE and back."""
        return await device.get(await self.agreed(await self.away(device, path), user))

    async def unused(self) -> bool:
        """Whether Hanako's link still waits for her."""
        found = await self.place.look(self.path)
        return found is not None and found.bound_at is None

    async def shut(self, got: httpx2.Response) -> bool:
        """Whether an answer lets nobody in, and is a page with a way on."""
        kind = got.status_code == 403 and "人と話したい" in got.text
        return kind and not let_in(got) and await self.unused()


def let_in(got: httpx2.Response) -> bool:
    """Whether an answer gives a seat at a talk."""
    return any("path=/chat/" in one.casefold() for one in got.headers.get_list("set-cookie"))


@asynccontextmanager
async def beside_line(url: str, mind: Mind, now: datetime) -> AsyncIterator[Town]:
    """Both at work."""
    clock = Clock(now)
    async with LinePlatform(LINE_SECRET, LINE_TOKEN, "", clock=clock) as line, serving(line.app, grace=0.05) as host:
        line.login.backs.add(BACK)
        more = {"line_login_channel_id": LOGIN_ID, "line_login_channel_secret": LOGIN_SECRET}
        hosts = {"line_login_base": host, "line_api_base": host, "line_data_api_base": host}
        async with running(url, mind, clock, **more, **hosts) as place:
            person = await place.hears(HANAKO, Typed("こんにちは"), Tapped("m:consent"))
            yield Town(place, line, await place.link(person, Purpose.ANSWER, "line"))
