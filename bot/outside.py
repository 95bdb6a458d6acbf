"""Channels that live in a process of their own: drawing and speaking to a platform takes no time from hearing."""

from __future__ import annotations

import asyncio
import itertools
import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import structlog

from bot.channels.forum_calls import Call, Fate, Lost, Never, Wait
from bot.frames import Broken, frame, next_frame
from bot.ports import Content, Itself, Many, NotYet, Outcome, Parcel, Quota, TryLater, Unknown

log = structlog.get_logger()
_SOON = 1.0  # seconds until a carrier that died is asked again
_MISTAKE = 60.0  # and one of ours is given another chance
_END_S = 2.0  # that a carrier may take to end by itself
# An attempt that was cut off may be repeated there: a token works once, a push has its retry key.
_REPEATABLE = frozenset({"line"})


class CarrierGone(Exception):
    """The carrier ended before it answered: what it was asked may or may not have been done."""


class Carrier:
    """The process, started when it is first needed, and again when it died."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._ending = False

    async def start(self) -> None:
        """Start it, unless it lives."""
        async with self._starting:
            if self._writer is None:
                ours, theirs = socket.socketpair()
                with theirs:
                    self._process = await asyncio.create_subprocess_exec(
                        *(sys.executable, "-m", "bot.carrier", str(theirs.fileno()), str(os.getpid())),
                        pass_fds=(theirs.fileno(),),
                        stdin=asyncio.subprocess.DEVNULL,
                        start_new_session=True,  # Ctrl-C in a terminal is for us; it ends when we close the line
                    )
                reader, self._writer = await asyncio.open_connection(sock=ours)
                self._listening = asyncio.create_task(self._listen(reader, self._process), name="carrier")

    async def ask(self, channel: str, deed: str, *arguments: Any) -> Any:
        """What came of a deed of a channel. Raises CarrierGone, or Broken by a mistake of the deed."""
        if self._writer is None:
            await self.start()
        number, answer = next(self._numbers), asyncio.get_running_loop().create_future()
        if self._writer is None:
            raise CarrierGone
        self._waiting[number] = answer
        self._writer.write(frame((number, channel, deed, arguments)))
        return await answer

    async def _listen(self, reader: asyncio.StreamReader, process: asyncio.subprocess.Process) -> None:
        while (said := await next_frame(reader)) is not None:
            number, result = said
            if (answer := self._waiting.pop(number, None)) and not answer.done():
                answer.set_exception(result) if isinstance(result, Broken) else answer.set_result(result)
        writer, self._writer = self._writer, None
        left, self._waiting = self._waiting, {}
        for answer in left.values():
            if not answer.done():
                answer.set_exception(CarrierGone())
        if writer is not None:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        status = await process.wait()
        if status and not self._ending:
            log.error("the carrier died", status=status, count=len(left))

    async def close(self) -> None:
        """Let it finish what it was asked, then end it."""
        if self._writer is None or self._process is None:
            return
        self._ending = True
        self._writer.write_eof()
        try:
            async with asyncio.timeout(_END_S):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
        if self._listening is not None:
            await self._listening


class Outside:
    """One channel of the carrier; fits `bot.ports.Channel`."""

    def __init__(self, name: str, carrier: Carrier) -> None:
        self.name, self._carrier = name, carrier

    async def open(self) -> object:
        """Start the carrier; it gets ready by itself."""
        await self._carrier.start()
        return self._carrier

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel over. When the carrier dies of it or beside it, that is an outcome too."""
        try:
            outcome: Outcome = await self._carrier.ask(self.name, "send", parcel)
        except CarrierGone:
            return Unknown("the carrier died", again=self.name in _REPEATABLE)
        except Broken as mistake:
            log.error("a parcel could not be sent", outbox=parcel.id, channel=self.name, why=str(mistake))
            return Unknown(f"our own mistake ({mistake})")
        except OSError as refused:
            return TryLater(_SOON, f"the carrier does not start ({type(refused).__name__})")
        return outcome

    async def send_many(self, many: Many) -> Outcome:
        """Hand the same words for many over; only a platform that can tell a repeat takes them."""
        try:
            outcome: Outcome = await self._carrier.ask(self.name, "send_many", many)
        except CarrierGone:
            return Unknown("the carrier died", again=True)
        except Broken as mistake:
            log.error("words for many could not be sent", channel=self.name, why=str(mistake))
            return Unknown(f"our own mistake ({mistake})", again=True)
        except OSError as refused:
            return TryLater(_SOON, f"the carrier does not start ({type(refused).__name__})")
        return outcome

    async def fetch(self, source: str) -> Content:
        """What somebody sent besides words. It is unpacked over there: should that end the carrier, we live on."""
        try:
            content: Content = await self._carrier.ask(self.name, "fetch", source)
        except CarrierGone:
            return NotYet(_SOON, "the carrier died", ended=True)
        except Broken as mistake:
            log.error("a thing could not be fetched", channel=self.name, why=str(mistake))
            return NotYet(_MISTAKE, f"our own mistake ({mistake})")
        except OSError as refused:
            return NotYet(_SOON, f"the carrier does not start ({type(refused).__name__})")
        return content

    async def forum(self, chat: int, call: Call) -> Fate:
        """Do something in the coordinators' group of Telegram."""
        try:
            fate: Fate = await self._carrier.ask(self.name, "forum", chat, call)
        except CarrierGone:
            return Lost()
        except Broken as mistake:
            log.error("the group could not be told", channel=self.name, why=str(mistake))
            return Never(f"our own mistake ({mistake})")
        except OSError as refused:
            return Wait(_SOON, f"the carrier does not start ({type(refused).__name__})")
        return fate

    async def month(self) -> Quota | None:
        """What the platform says of this month's pushes; None when nobody can tell now."""
        try:
            said: Quota | None = await self._carrier.ask(self.name, "month")
        except (CarrierGone, Broken, OSError):
            return None
        return said

    async def menus(self) -> Mapping[str, str] | None:
        """The menus that were made, by name; None when nobody can tell now."""
        try:
            said: Mapping[str, str] | None = await self._carrier.ask(self.name, "menus")
        except (CarrierGone, Broken, OSError):
            return None
        return said

    async def link(self, address: str, menu_id: str) -> bool:
        """Show a menu to a person; whether the platform took it."""
        try:
            return bool(await self._carrier.ask(self.name, "link", address, menu_id))
        except (CarrierGone, Broken, OSError):
            return False

    async def show_read(self, token: str) -> bool:
        """Show somebody that they were read; False when the platform could not be asked."""
        try:
            return bool(await self._carrier.ask(self.name, "show_read", token))
        except (CarrierGone, Broken, OSError):
            return False

    async def show_busy(self, address: str) -> None:
        """Show somebody that an answer is being made."""
        with suppress(CarrierGone, Broken, OSError):
            await self._carrier.ask(self.name, "show_busy", address)

    async def itself(self) -> Itself | None:
        """Who the bot is on the platform; None when nobody can tell now."""
        try:
            said: Itself | None = await self._carrier.ask(self.name, "itself")
        except (CarrierGone, Broken, OSError):
            return None
        return said

    async def close(self) -> None:
        """End the carrier; the first channel that closes does it for all."""
        await self._carrier.close()


def outside(names: list[str]) -> dict[str, Outside]:
    """Channels of these names, all in one carrier."""
    carrier = Carrier()
    return {name: Outside(name, carrier) for name in names}
