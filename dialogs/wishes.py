"""What a person wants to receive: which announcements, where from, how often, when not, and on which channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from dialogs.words import Words

ASK_AGAIN = timedelta(days=31)  # never twice in a month, whichever month


class Often(StrEnum):
    """How often announcements may come."""

    AT_ONCE = "at_once"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    OFF = "off"


class Quiet(StrEnum):
    """When none may come."""

    NIGHT = "night"
    DAYTIME = "daytime"  # only by day, while offices are open
    NEVER = "never"


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TIMES = {"h9": 9, "h12": 12, "h18": 18}  # when a digest may come, of the centre's clock
HOURS: Mapping[Quiet, tuple[int, int]] = {Quiet.NIGHT: (21, 8), Quiet.DAYTIME: (17, 9), Quiet.NEVER: (0, 0)}
SEVERAL = {"topic": "topics", "area": "areas", "role": "roles"}  # what takes several codes, and where it is kept


@dataclass(frozen=True)
class Wishes:
    """What is kept. Codes are those of the words files; nothing comes without a topic, or after it was stopped.

    `day` and `time` are when what was gathered comes, for who wants it weekly or monthly.
    `contact` is where it is to arrive, 0 where the person wrote last.
    """

    topics: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    often: Often = Often.OFF
    quiet: Quiet = Quiet.NIGHT
    day: str = "fri"
    time: str = "h12"
    contact: int = 0
    stopped: bool = False

    @property
    def gathered(self) -> bool:
        """Whether it comes together, as one message."""
        return self.receives and self.often in (Often.WEEKLY, Often.MONTHLY)

    @property
    def receives(self) -> bool:
        """Whether anything may come at all."""
        return not self.stopped and self.often is not Often.OFF

    def turned(self, kind: str, code: str) -> Wishes:
        """With a code added, or taken away where it was chosen. The first topic begins it all, the last one ends it."""
        name = SEVERAL[kind]
        had: tuple[str, ...] = getattr(self, name)
        now = tuple(one for one in had if one != code) if code in had else (*had, code)
        several: dict[str, Any] = {name: now}
        changed = replace(self, **several)
        return changed.going() if kind == "topic" else changed

    def going(self) -> Wishes:
        """By what was chosen: coming where there is a topic, weekly unless it was said otherwise, else off."""
        if not self.topics:
            return replace(self, often=Often.OFF)
        return replace(self, often=Often.WEEKLY if self.often is Often.OFF else self.often, stopped=False)


@dataclass(frozen=True)
class WishesAsked:
    """The person was asked whether they want announcements."""


@dataclass(frozen=True)
class Receiving:
    """A person's wishes as they stand, with what they depend on: the channels that reach them, and when we last asked.

    `ways` are (contact, channel); `known` is False where the person never said anything about it.
    """

    wishes: Wishes = Wishes()
    ways: tuple[tuple[int, str], ...] = ()
    asked_at: datetime | None = None
    known: bool = False

    def may_ask(self, now: datetime) -> bool:
        """Whether we may ask if they want any: never who said yes or no, and never twice in a month."""
        return not self.known and (self.asked_at is None or now - self.asked_at >= ASK_AGAIN)

    def after(self, deed: object, now: datetime) -> Receiving:
        """As it is once that is kept."""
        match deed:
            case Wishes():
                return replace(self, wishes=deed, known=True)
            case WishesAsked():
                return replace(self, asked_at=now)
            case _:
                return self


def named(words: Words, kind: str, codes: tuple[str, ...]) -> str:
    """The codes as people read them, in the order of the words file."""
    order = [code for code in words.keys(f"wish_{kind}") if code in codes]
    return words.say("common.comma").join(words.say(f"wish_{kind}.{code}") for code in order)


def summary(words: Words, wishes: Wishes) -> str:
    """One's settings in a line or two."""
    if wishes.stopped:
        return words.say("wish.all_stopped")
    if not wishes.receives:
        return words.say("wish.none")
    lines = [
        words.say(
            "wish.now",
            topics=named(words, "topic", wishes.topics),
            often=words.say(f"wish_often.{wishes.often}"),
            quiet=words.say(f"wish_quiet.{wishes.quiet}"),
        )
    ]
    if wishes.areas:
        lines.append(words.say("wish.areas", areas=named(words, "area", wishes.areas)))
    if wishes.roles:
        lines.append(words.say("wish.roles", roles=named(words, "role", wishes.roles)))
    return "\n".join(lines)
