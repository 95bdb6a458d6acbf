"""What every page needs, found at `request.app.state.room`."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from starlette.routing import BaseRoute

from bot.bell import Bell
from bot.channels.telegram_group import Deed
from bot.handover import Desk
from bot.mind import Mind
from bot.ports import Arrived, Itself
from bot.settings import Settings
from dialogs.around import House
from knowledge.clocks import Clocks
from storage.engine import Store


@dataclass(frozen=True)
class Room:
    """The store, the desk where cases are worked, and the way in for what people write.

    `receive` returns when the events are durable; answers come by the feed. `known` fills with who we are
    on the platforms. `group` does what coordinators do in their Telegram group, where one is set. `demo` loosens the
    wall for the demo's frames; `extra` are its pages.
    """

    settings: Settings
    store: Store
    desk: Desk
    mind: Mind
    bell: Bell
    clock: Callable[[], datetime]
    receive: Callable[[Sequence[Arrived]], Awaitable[None]]
    known: Mapping[str, Itself] = field(default_factory=dict)
    group: Callable[[Deed], Awaitable[bool]] | None = None
    demo: bool = False
    extra: tuple[BaseRoute, ...] = ()

    @property
    def house(self) -> House:
        """The flows, words and names that everybody talks by."""
        return self.mind.house

    @property
    def clocks(self) -> Clocks:
        """The targets of the centre, in its opening hours."""
        return self.mind.clocks
