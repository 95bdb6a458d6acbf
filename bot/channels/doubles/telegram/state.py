"""What the Telegram platform knows: chats, topics, messages, waiting taps, files, and how fast it lets a bot talk."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.channels.doubles.buckets import Bucket
from bot.channels.doubles.screens import Screens
from bot.channels.doubles.telegram.answers import Refused, bad

Clock = Callable[[], datetime]
Json = dict[str, Any]

DELETE_WITHIN = timedelta(hours=48)
TAP_LIVES = timedelta(minutes=15)  # undisclosed; long enough for a person, short enough to go stale in a test
ACTION_SHOWS = timedelta(seconds=5)
# The Bot FAQ's figures for messages. How large a burst passes is undisclosed; ten is what one turn can need.
OVERALL, PER_CHAT, PER_GROUP = (30.0, 30.0), (1.0, 10.0), (20 / 60, 20.0)
_EPOCH = 1_700_000_000


@dataclass
class Thread:
    """A topic of a forum."""

    name: str
    closed: bool = False


@dataclass
class Chat:
    """A private chat with a person, or a group."""

    id: int
    type: str
    name: str
    language: str = "ja"
    forum: bool = False
    gone: str = ""  # why the bot cannot write there any more, in Telegram's words
    threads: dict[int, Thread] = field(default_factory=dict)
    pinned: list[int] = field(default_factory=list)
    migrated_to: int | None = None

    def json(self) -> Json:
        """The Chat object."""
        if self.type == "private":
            return {"id": self.id, "type": "private", "first_name": self.name}
        shape: Json = {"id": self.id, "type": self.type, "title": self.name}
        return {**shape, "is_forum": True} if self.forum else shape

    def user(self) -> Json:
        """The User object of the person behind a private chat."""
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": self.language}


@dataclass
class Tap:
    """A tapped button whose query was not answered yet, or not long ago."""

    user: int
    at: datetime
    answered: bool = False


@dataclass
class State:
    """Everything the two sides of the platform share."""

    clock: Clock
    screens: Screens
    me: Json
    flood: bool
    chance: random.Random
    chats: dict[int, Chat] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    toasts: dict[int, list[str]] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    busy_until: dict[int, datetime] = field(default_factory=dict)
    updates: dict[int, Json] = field(default_factory=dict)
    commands: list[Json] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)
    secret: str = ""
    token: str = ""
    _buckets: dict[int, Bucket] = field(default_factory=dict)
    _message_id: int = 0
    _update_id: int = 0

    def __post_init__(self) -> None:
        # A later start of the program must not repeat ids that a kept database has seen; below 2**31 as real ones are.
        passed = int(self.clock().timestamp()) - _EPOCH
        self._message_id, self._update_id = passed % 2**30, passed * 10 % 2**30

    def message_id(self) -> int:
        """A fresh message id."""
        self._message_id += 1
        return self._message_id

    def update_id(self) -> int:
        """The next update id."""
        self._update_id += 1
        return self._update_id

    def now(self) -> int:
        """Seconds since the epoch, as Telegram writes dates."""
        return int(self.clock().timestamp())

    def person(self, user: int) -> Chat:
        """The private chat with this person, begun if there was none."""
        if user not in self.chats:
            self.chats[user] = Chat(user, "private", "住民")
        return self.chats[user]

    def chat(self, chat_id: Any) -> Chat:
        """The chat a call names. Raises Refused when there is none, or the bot may not write there."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad("chat not found")
        if chat.migrated_to is not None:
            refused = bad("group chat was upgraded to a supergroup chat")
            raise Refused(400, refused.description, migrate_to_chat_id=chat.migrated_to)
        if chat.gone:
            raise Refused(403, f"Forbidden: {chat.gone}")
        return chat

    def pace(self, chat: Chat) -> None:
        """Count one message against the flood limits. Raises Refused with retry_after when it comes too soon."""
        if not self.flood:
            return
        limits = [(0, OVERALL), (chat.id, PER_CHAT if chat.type == "private" else PER_GROUP)]
        buckets = [self._bucket(key, *limit) for key, limit in limits]
        wait = max(bucket.wait() for bucket in buckets)
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise Refused(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for bucket in buckets:
            bucket.take()

    def _bucket(self, key: int, rate: float, burst: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(self.clock, rate, burst)
        return self._buckets[key]
