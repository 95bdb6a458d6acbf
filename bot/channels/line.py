"""Carries parcels to LINE: the free reply first, a push with a retry key only when the reply certainly failed."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.channels.access import Access
from bot.channels.answers import Accepted, Answer, Lost, Refused, outcome
from bot.channels.contents import examined
from bot.channels.line_draw import draw, draw_plain
from bot.ports import Content, GaveUp, Itself, Many, Outcome, Parcel, Quota, Sent, TryLater, Unknown
from dialogs.saying import Message

if TYPE_CHECKING:
    from bot.channels.line_data import DataWire
    from bot.channels.line_key import Tokens
    from bot.channels.line_wire import Wire

PATIENCE = 9.0  # seconds for one call
_LATER = 3600.0  # seconds after which a month without pushes is worth another look
_SOON = 60.0
_BUSY_S = 5
_CIRCLES = ("C", "R")  # how the ids of groups and rooms begin
_BEHIND = 20  # the figure of what is used up follows with a delay: so close to the end the refusal itself is believed
# What LINE's plans hold; any other limit was set by hand, for what is paid beyond the plan.
_PLANS = frozenset({200, 5_000, 30_000})


def _now() -> datetime:
    return datetime.now(UTC)


class LineChannel:
    """Fits `bot.ports.Channel`.

    Never sends twice: a reply token works once, so the same token again is safe after an answer was lost; a push
    carries the parcel's retry key. A reply whose answer was lost is never followed by a push.
    """

    name = "line"

    def __init__(
        self,
        host: str,
        access: Access,
        clock: Callable[[], datetime] = _now,
        patience: float = PATIENCE,
        data_host: str = "",
    ) -> None:
        self._host, self._access, self._clock, self._patience = host, access, clock, patience
        self._data_host = data_host or host
        self._tokens: Tokens | None = None
        self._wire: Wire | None = None
        self._data: DataWire | None = None
        self._opening = asyncio.Lock()

    async def open(self) -> Wire:
        """Load the SDK beside the loop (it takes a second) and make the client; no network is needed."""
        async with self._opening:
            if self._wire is None:
                wires = await asyncio.to_thread(importlib.import_module, "bot.channels.line_wire")
                self._wire = wires.Wire(self._host, self._living(wires.Tokens), self._patience)
            return self._wire

    async def itself(self) -> Itself | None:
        """Our LINE user id, for the door's check of `destination`, and basic id; None when LINE does not answer."""
        return await (self._wire or await self.open()).itself()

    async def send(self, parcel: Parcel) -> Outcome:
        """Hand one parcel to LINE."""
        if not parcel.messages:
            return GaveUp("nothing to say")
        wire = self._wire or await self.open()
        # An earlier attempt may have used the token: only the token itself can tell, however old it is.
        if parcel.reply_token and (parcel.tried or self._alive(parcel)):
            replied = await self._reply(wire, parcel)
            if replied is not None:
                return replied
        if parcel.address.startswith(_CIRCLES):
            # A push into a group costs as many as there are members, and comes when they speak of something else.
            return GaveUp("too late for a free reply in a group")
        if not parcel.may_push:
            return TryLater(_LATER, "kept back", token_spent=True, no_push=True)
        pushed = await _push(wire, parcel)
        # From here on only the push can have gone out; written down, so that nobody asks the token again.
        return replace(pushed, token_spent=True) if isinstance(pushed, TryLater | Unknown) else pushed

    async def send_many(self, many: Many) -> Outcome:
        """The same words to at most 500 people in one request: all of them, or none."""
        wire, objects = self._wire or await self.open(), draw([Message.from_json(one) for one in many.written])
        answer = await wire.multicast(many.addresses, objects, many.retry_key)
        if isinstance(answer, Refused) and answer.plainer:
            plain = draw_plain([Message.from_json(one) for one in many.written])
            answer = await wire.multicast(many.addresses, plain, many.retry_key)
        if isinstance(answer, Refused) and answer.status == 429:
            answer = _told_apart(answer, await wire.month())
        return outcome("push", answer, again=True)

    async def month(self) -> Quota | None:
        """What LINE says of this month's pushes; None when it does not tell now."""
        return await (self._wire or await self.open()).month()

    async def menus(self) -> Mapping[str, str] | None:
        """The ids of the rich menus that were made, by name; None when LINE does not tell now."""
        return await (self._wire or await self.open()).menus()

    async def link(self, address: str, menu_id: str) -> bool:
        """Show this rich menu to this person; whether LINE took it."""
        return await (self._wire or await self.open()).link(address, menu_id)

    async def show_read(self, token: str) -> bool:
        """Show a person that all up to a message of theirs was read; whether LINE has decided about it."""
        return await (self._wire or await self.open()).show_read(token)

    async def show_busy(self, address: str) -> None:
        """Show a person for five seconds, the least LINE knows, that an answer is being made."""
        if address.startswith("U"):  # LINE shows it to people alone
            await (self._wire or await self.open()).show_busy(address, _BUSY_S)

    async def fetch(self, source: str) -> Content:
        """The content of a message, made fit to keep."""
        data = self._data or await self._open_data()
        brought = await data.content(source)
        return await asyncio.to_thread(examined, brought) if isinstance(brought, bytes) else brought

    async def _open_data(self) -> DataWire:
        """The client of the other host, made when the first picture comes."""
        async with self._opening:
            if self._data is None:
                wires = await asyncio.to_thread(importlib.import_module, "bot.channels.line_data")
                self._data = wires.DataWire(self._data_host, self._living(wires.Tokens), self._patience)
            return self._data

    async def close(self) -> None:
        """Give back connections."""
        for wire in (self._wire, self._data):
            if wire is not None:
                await wire.close()
        self._wire = self._data = None

    def _living(self, kind: type[Tokens]) -> Tokens:
        """The tokens that both hosts are spoken to with."""
        self._tokens = self._tokens or kind(self._host, self._access, self._clock)
        return self._tokens

    def _alive(self, parcel: Parcel) -> bool:
        return parcel.reply_until is not None and self._clock() < parcel.reply_until

    async def _reply(self, wire: Wire, parcel: Parcel) -> Outcome | None:
        """The outcome of the reply, or None when it certainly was not accepted and a push is due."""
        objects, doubtful = draw(parcel.messages), parcel.tried > 0
        answer = await wire.reply(parcel.reply_token, objects)
        if isinstance(answer, Lost):
            answer, doubtful = await wire.reply(parcel.reply_token, objects), True
        if _may_be_the_quote(answer, parcel):
            answer = await wire.reply(parcel.reply_token, draw(_unquoted(parcel)))
        if isinstance(answer, Refused) and answer.plainer:
            answer = await wire.reply(parcel.reply_token, draw_plain(parcel.messages))
        if isinstance(answer, Refused) and answer.status == 400 and not answer.plainer:
            if doubtful:
                # Refused because it was used, as long as it cannot have run out.
                return Sent("reply") if self._alive(parcel) else Unknown("the reply token ran out unseen")
            return None
        if doubtful and not isinstance(answer, Accepted):
            return Unknown("no answer (reply)", again=self._alive(parcel))
        return outcome("reply", answer, again=self._alive(parcel))


async def _push(wire: Wire, parcel: Parcel) -> Outcome:
    answer = await wire.push(parcel.address, draw(parcel.messages), parcel.retry_key)
    if _may_be_the_quote(answer, parcel):
        answer = await wire.push(parcel.address, draw(_unquoted(parcel)), parcel.retry_key)
    if isinstance(answer, Refused) and answer.plainer:
        answer = await wire.push(parcel.address, draw_plain(parcel.messages), parcel.retry_key)
    if isinstance(answer, Refused) and answer.status == 429:
        answer = _told_apart(answer, await wire.month())
    return outcome("push", answer, again=True)


def _may_be_the_quote(answer: Answer, parcel: Parcel) -> bool:
    """LINE does not tell how it refuses a quote token that is not this chat's: the words then go without it."""
    return isinstance(answer, Refused) and answer.status == 400 and any(one.quote for one in parcel.messages)


def _unquoted(parcel: Parcel) -> list[Message]:
    return [replace(one, quote=None) for one in parcel.messages]


def _told_apart(refused: Refused, month: Quota | None) -> Refused:
    """Four causes share 429: too fast, too many at once, the plan's pushes used up, the limit on paid ones reached.

    The quota endpoints say which; LINE's own text, which it does not guarantee, counts only while they are silent.
    """
    if month is None:
        return refused
    if month.most is not None and month.used >= month.most:
        why = "quota" if month.most in _PLANS or not month.most else "paid limit"
        return Refused(why, refused.status, _LATER, no_push=True)
    if refused.no_push and (month.most is None or month.most - month.used > _BEHIND):
        return Refused("rate", refused.status, _SOON)
    return refused
