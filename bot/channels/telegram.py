"""Carries parcels to Telegram, part by part and in order, and stops the spinner of a tapped button."""

from __future__ import annotations

import asyncio
import importlib
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.answers import Accepted, Answer, Refused, outcome
from bot.channels.contents import examined
from bot.channels.forum_calls import Call, Fate
from bot.channels.telegram_draw import Part, draw
from bot.ports import Content, GaveUp, Itself, Outcome, Parcel, Sent, TryLater, Unknown

if TYPE_CHECKING:
    from bot.channels.telegram_wire import Wire

PATIENCE = 9.0  # seconds for one step of a call
_REMEMBERED = 10_000


class TelegramChannel:
    """Fits `bot.ports.Channel`.

    Telegram has no retry key: after a lost answer the outcome is `Unknown(again=False)`, and so it is for a parcel that
    somebody else may have sent before they died. When some parts of a parcel have gone and a later one failed, `why`
    says so, and another attempt by this process begins with the part that is missing.
    The reply token of a parcel is the id of the tap it answers: sending stops the spinner on the tapped button.
    """

    name = "telegram"

    def __init__(self, host: str, token: str, patience: float = PATIENCE) -> None:
        self._host, self._token, self._patience = host, token, patience
        self._wire: Wire | None = None
        self._opening = asyncio.Lock()
        self._gone: OrderedDict[str, tuple[str, ...]] = OrderedDict()

    async def open(self) -> Wire:
        """Load the SDK beside the loop and make the client; no network is needed."""
        async with self._opening:
            if self._wire is None:
                wires = await asyncio.to_thread(importlib.import_module, "bot.channels.telegram_wire")
                self._wire = wires.Wire(self._host, self._token, self._patience)
            return self._wire

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel to Telegram."""
        if not parcel.messages:
            return GaveUp("nothing to say")
        if not parcel.address.removeprefix("-").isdecimal():
            return GaveUp("not the address of a chat")
        if parcel.tried:
            return Unknown("whoever carried it died on the way", again=False)
        wire = self._wire or await self.open()
        tap = asyncio.create_task(self.answer_tap(parcel.reply_token))
        try:
            return await self._send(wire, parcel)
        finally:
            await tap

    async def _send(self, wire: Wire, parcel: Parcel) -> Outcome:
        parts, gone = draw(parcel.messages), self._gone.pop(parcel.retry_key, ())
        for part in parts[len(gone) :]:
            answer = await _part(wire, int(parcel.address), part)
            if not isinstance(answer, Accepted):
                return self._stopped(parcel, gone, len(parts), outcome(self.name, answer, again=False))
            gone += answer.ids or ("",)
        return Sent(self.name, gone)

    async def answer_tap(self, callback_id: str) -> None:
        """Stop the spinner on a tapped button. A tap too old to be answered is no trouble."""
        if callback_id:
            await (self._wire or await self.open()).answer(callback_id)

    async def show_busy(self, address: str) -> None:
        """Show a person that the bot is typing: for five seconds, or until its next message."""
        if address.isdecimal():
            await (self._wire or await self.open()).show_busy(int(address))

    async def fetch(self, source: str) -> Content:
        """The file with this id, made fit to keep."""
        brought = await (self._wire or await self.open()).file(source)
        return await asyncio.to_thread(examined, brought) if isinstance(brought, bytes) else brought

    async def forum(self, chat: int, call: Call) -> Fate:
        """Do something in the coordinators' group, and say what became of it."""
        return await (self._wire or await self.open()).forum(chat, call)

    async def itself(self) -> Itself | None:
        """Our number and name; None when Telegram does not answer."""
        return await (self._wire or await self.open()).itself()

    async def close(self) -> None:
        """Give back connections."""
        if self._wire is not None:
            await self._wire.close()
            self._wire = None

    def _stopped(self, parcel: Parcel, gone: tuple[str, ...], parts: int, why: Outcome) -> Outcome:
        if not gone or isinstance(why, Sent):
            return why
        if isinstance(why, TryLater):
            self._gone[parcel.retry_key] = gone
            if len(self._gone) > _REMEMBERED:
                self._gone.popitem(last=False)
        return replace(why, why=f"{len(gone)} of {parts} parts went; {why.why}")


async def _part(wire: Wire, chat: int, part: Part) -> Answer:
    answer = await wire.send(chat, part)
    return await wire.send(chat, part, plain=True) if isinstance(answer, Refused) and answer.plainer else answer
