"""A process that does nothing but carry broadcasts, with the real adapters in it: quickly begun, quickly killed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from zoneinfo import ZoneInfo

import bot.channels.line_wire
import bot.channels.telegram_wire  # noqa: F401 - loaded once, in the process that all others are copies of
from bot.announcer import Announcer
from bot.bell import Bell
from bot.broadcasting import Crier
from bot.channels.line import LineChannel
from bot.channels.telegram import TelegramChannel
from bot.heralding import Herald, Limits
from bot.ports import Channel
from dialogs.words import library
from storage import open_store
from tests.apart import apart
from tests.channels.samples import TELEGRAM_TOKEN
from tests.serving import TOKEN

LIBRARY = library()


def _now() -> datetime:
    return datetime.now(UTC)


def carry(url: str, key: str, bases: Mapping[str, str]) -> None:
    """Begin and carry what is due, until killed."""
    asyncio.run(_carry(url, key, bases))


async def _carry(url: str, key: str, bases: Mapping[str, str]) -> None:
    channels: dict[str, Channel] = {
        "line": LineChannel(bases["line"], TOKEN),
        "telegram": TelegramChannel(bases["telegram"], TELEGRAM_TOKEN),
    }
    store = open_store(url, key)
    crier = Crier(store, channels, Bell(), _now, Announcer(LIBRARY))
    herald = Herald(store, crier, Limits(), ZoneInfo("Asia/Tokyo"), _now)
    await herald.rescue()
    await herald.run()


@dataclass
class Alone:
    """Such a process, which may be killed and started again."""

    url: str
    key: str
    bases: Mapping[str, str]
    process: BaseProcess | None = None

    def start(self) -> None:
        """Start it; it begins at once."""
        context = apart("tests.broadcast.alone")
        self.process = context.Process(target=carry, args=(self.url, self.key, self.bases), daemon=True)
        self.process.start()

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.join()
