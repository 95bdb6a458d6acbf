"""What the LINE platform knows: users, who may be answered with which token, what was accepted and used up."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

Clock = Callable[[], datetime]

TOKYO = timezone(timedelta(hours=9))
RETRY_KEY_LIVES = timedelta(hours=24)
REPLY_DEAD_AFTER = timedelta(minutes=20)
CONTENT_LIVES = timedelta(days=7)  # LINE does not say how long
STRANGER_REACHABLE = timedelta(days=7)


@dataclass(slots=True)
class Person:
    """A LINE user as the platform sees them in relation to our account."""

    id: str
    name: str = "住民"
    language: str = "ja"
    friend: bool = False
    blocked: bool = False
    was_friend: bool = False
    wrote_at: datetime | None = None

    def reachable(self, now: datetime) -> bool:
        """Whether a message would arrive: friends, and people who wrote within seven days; never who blocked us."""
        recent = self.wrote_at is not None and now - self.wrote_at <= STRANGER_REACHABLE
        return not self.blocked and (self.friend or recent)


@dataclass(slots=True)
class ReplyRight:
    """One unused reply token."""

    chat: str
    event_at: datetime
    fresh_at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted request with a retry key."""

    request_id: str
    sent: list[dict[str, str]]
    at: datetime


@dataclass(slots=True)
class Kept:
    """A message a person sent, as long as the platform keeps it."""

    chat: str
    kind: str
    data: bytes = b""
    withdrawn: bool = False
    asked: int = 0
    spoilt: bool = False
    at: datetime | None = None


@dataclass
class State:
    """Everything the two sides of the platform share."""

    clock: Clock
    quota: int | None
    reply_seconds: float
    chance: random.Random
    bot_id: str
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, set[str]] = field(default_factory=dict)
    rights: dict[str, ReplyRight] = field(default_factory=dict)
    keys: dict[str, Accepted] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    read_marks: dict[str, tuple[str, str]] = field(default_factory=dict)
    quotable: dict[str, tuple[str, str]] = field(default_factory=dict)  # chat and message of each quote token
    menus: dict[str, str] = field(default_factory=dict)
    busy_until: dict[str, datetime] = field(default_factory=dict)
    events: dict[str, dict[str, Any]] = field(default_factory=dict)
    usual_menu: str = ""
    used: int = 0
    _month: str = ""
    _last_id: int = 0

    def person(self, user: str) -> Person:
        """The user with this id, made known if they were not."""
        if user not in self.people:
            self.people[user] = Person(user)
        return self.people[user]

    def message_id(self) -> str:
        """A fresh message id of 18 digits; ids of a later start of the program never meet earlier ones."""
        now = int(self.clock().timestamp() * 1000) * 100_000
        self._last_id = max(self._last_id + 1, now)
        return str(self._last_id)

    def token(self, prefix: str = "") -> str:
        """A token nobody has seen before."""
        return f"{prefix}{self.chance.getrandbits(128):032x}"

    def request_id(self) -> str:
        """The value of x-line-request-id."""
        digits = f"{self.chance.getrandbits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:]}"

    def grant(self, chat: str) -> str:
        """A new reply token for what just happened in `chat`."""
        token, now = self.token(), self.clock()
        self.rights[token] = ReplyRight(chat, now, now)
        return token

    def refresh(self, token: str | None) -> None:
        """A redelivered event's token lives again, unless it was used or its event is twenty minutes old."""
        right = self.rights.get(token or "")
        if right and self.clock() - right.event_at < REPLY_DEAD_AFTER:
            right.fresh_at = self.clock()

    def reply_chat(self, token: str) -> str | None:
        """The chat this reply token still opens; None when it was used, is too old, or never was."""
        right = self.rights.get(token)
        if right is None:
            return None
        now = self.clock()
        if now - right.fresh_at > timedelta(seconds=self.reply_seconds) or now - right.event_at >= REPLY_DEAD_AFTER:
            return None
        return right.chat

    def members(self, chat: str, now: datetime) -> list[Person]:
        """The people who would get a message to `chat` at this moment."""
        if chat in self.groups:
            return [self.people[user] for user in self.groups[chat] if user in self.people]
        person = self.people.get(chat)
        return [person] if person is not None and person.reachable(now) else []

    def known(self, chat: str) -> bool:
        """Whether the platform has ever heard of this user or group in relation to our account."""
        return chat in self.people or chat in self.groups

    def content(self, message_id: str) -> Kept | None:
        """A message with content that is still kept."""
        kept = self.kept.get(message_id)
        held = kept is not None and kept.data and (kept.at is None or self.clock() - kept.at < CONTENT_LIVES)
        return kept if held else None

    def busy(self, chat: str, seconds: int) -> None:
        """Show the loading animation to this person for so many seconds, or until the next message."""
        self.busy_until[chat] = self.clock() + timedelta(seconds=seconds)

    def spend(self, count: int) -> bool:
        """Count so many recipients against this month's quota; False, and nothing counted, when it does not suffice."""
        self._turn_month()
        if self.quota is not None and self.used + count > self.quota:
            return False
        self.used += count
        return True

    def consumption(self) -> int:
        """Recipients counted this month."""
        self._turn_month()
        return self.used

    def accepted(self, key: str) -> Accepted | None:
        """The request that was accepted with this retry key in the last 24 hours."""
        known = self.keys.get(key)
        return known if known and self.clock() - known.at < RETRY_KEY_LIVES else None

    def _turn_month(self) -> None:
        month = self.clock().astimezone(TOKYO).strftime("%Y-%m")
        if month != self._month:
            self._month, self.used = month, 0
