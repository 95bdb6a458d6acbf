"""LINE's endpoints that send: reply, push, multicast, and their validating twins."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from bot.channels.doubles.buckets import Bucket
from bot.channels.doubles.door import Answer, Ask
from bot.channels.doubles.line.answers import answer, invalid, read_json, refusal, told
from bot.channels.doubles.line.complaints import Complaints
from bot.channels.doubles.line.memory import Memory
from bot.channels.doubles.line.messages import check_messages
from bot.channels.doubles.line.state import Accepted, State
from bot.channels.doubles.screens import Bubble, Screens

_RETRY_KEY = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_ANYBODY, _PERSON = re.compile(r"[UCR][0-9a-f]{32}$"), re.compile(r"U[0-9a-f]{32}$")
RATE_LIMIT = "The API rate limit has been exceeded. Try again later."
QUOTE = "Invalid quote token"  # our words: LINE does not document its own
# SentMessage in LINE's OpenAPI: "only … a message object that can be specified as a quote target".
QUOTABLE = frozenset({"text", "textV2", "sticker", "image", "video", "template", "flex"})
MONTHLY_LIMIT = "You have reached your monthly limit."


class Sending:
    """Takes messages in and puts them on screens."""

    def __init__(self, state: State, screens: Screens, rates: dict[str, float]) -> None:
        self.state, self.screens = state, screens
        self._memory = Memory()
        self._buckets = {name: Bucket(state.clock, rate, rate) for name, rate in rates.items()}

    def reply(self, ask: Ask) -> Answer:
        """POST /v2/bot/message/reply."""
        data = self._opened(ask, "reply")
        if isinstance(data, Answer):
            return data
        if "x-line-retry-key" in ask.headers:
            return refusal(self.state, 400, "The X-Line-Retry-Key header cannot be used with this endpoint")
        token = str(data.get("replyToken"))
        found = self._check(ask)
        if found:
            return invalid(self.state, found)
        chat = self.state.reply_chat(token)
        if chat is None:
            return refusal(self.state, 400, "Invalid reply token")
        if not self._may_quote([chat], data["messages"]):
            return refusal(self.state, 400, QUOTE)
        del self.state.rights[token]
        return answer(self.state, 200, {"sentMessages": self._deliver([chat], data["messages"])})

    def push(self, ask: Ask) -> Answer:
        """POST /v2/bot/message/push."""
        return self._pushed(ask, "push", lambda data: [data.get("to")])

    def multicast(self, ask: Ask) -> Answer:
        """POST /v2/bot/message/multicast."""
        return self._pushed(ask, "multicast", lambda data: data.get("to"))

    def validate(self, ask: Ask) -> Answer:
        """POST /v2/bot/message/validate/…: only the messages are looked at, nothing is sent or counted."""
        data = self._opened(ask, "validate")
        if isinstance(data, Answer):
            return data
        found = self._check(ask)
        return invalid(self.state, found) if found else answer(self.state, 200, {})

    def _opened(self, ask: Ask, endpoint: str) -> dict[str, Any] | Answer:
        bucket = self._buckets.get(endpoint)
        if bucket is not None and not bucket.take():
            return refusal(self.state, 429, RATE_LIMIT)
        ask.data = self._memory.recall(ask.body)
        ask.known = ask.data is not None
        return ask.data or read_json(self.state, ask)

    def _check(self, ask: Ask) -> Complaints:
        """What is wrong with the messages of a request that was opened."""
        if ask.known:
            return Complaints()
        found = check_messages(ask.data.get("messages"), body_bytes=len(ask.body))
        if not found:
            self._memory.keep(ask.body)
        return found

    def _pushed(self, ask: Ask, endpoint: str, to: Callable[[dict[str, Any]], Any]) -> Answer:
        data = self._opened(ask, endpoint)
        if isinstance(data, Answer):
            return data
        key = ask.headers.get("x-line-retry-key")
        if key is not None and not _RETRY_KEY.fullmatch(key):
            return refusal(self.state, 400, "The X-Line-Retry-Key must be a UUID in hexadecimal notation")
        if key is not None and (before := self.state.accepted(key.lower())):
            return self._conflict(before, endpoint)
        chats = to(data)
        refused = self._refused(chats, endpoint, ask)
        if refused is not None:
            return refused
        sent = self._deliver(chats, data["messages"])
        done = answer(self.state, 200, {"sentMessages": sent} if endpoint == "push" else {})
        if key is not None:
            self.state.keys[key.lower()] = Accepted(told(done), sent, self.state.clock())
        return done

    def _refused(self, chats: Any, endpoint: str, ask: Ask) -> Answer | None:
        """Why this cannot be sent; None, with the quota spent, when it can."""
        found, allowed = self._check(ask), _ANYBODY if endpoint == "push" else _PERSON
        if isinstance(chats, list) and not all(isinstance(chat, str) and allowed.match(chat) for chat in chats):
            found.say("to", "The value is invalid")
        else:
            found.size(chats, "to", 1, 500)
        if found:
            return invalid(self.state, found)
        if any(not self.state.known(chat) for chat in chats):
            return refusal(self.state, 400, "Failed to send messages")
        if not self._may_quote(chats if endpoint == "push" else [], ask.data["messages"]):
            return refusal(self.state, 400, QUOTE)
        now = self.state.clock()
        if not self.state.spend(sum(len(self.state.members(chat, now)) for chat in chats)):
            return refusal(self.state, 429, MONTHLY_LIMIT)
        return None

    def _may_quote(self, chats: list[str], messages: list[dict[str, Any]]) -> bool:
        """Whether every quote token is of this very chat; a message that was unsent may be quoted and shows as gone."""
        tokens = [message["quoteToken"] for message in messages if "quoteToken" in message]
        return all(self.state.quotable.get(token, ("", ""))[0] in chats for token in tokens)

    def _conflict(self, before: Accepted, endpoint: str) -> Answer:
        payload: dict[str, Any] = {"message": "The retry key is already accepted"}
        if endpoint == "push":
            payload["sentMessages"] = before.sent
        header = (b"x-line-accepted-request-id", before.request_id.encode())
        return answer(self.state, 409, payload, header)

    def _deliver(self, chats: list[str], messages: list[dict[str, Any]]) -> list[dict[str, str]]:
        """Put the messages where they arrive, and give their ids; who cannot be reached is passed over in silence."""
        state, now = self.state, self.state.clock()
        ids = [state.message_id() for _ in messages]
        for chat in chats:
            if not state.members(chat, now):
                continue
            state.busy_until.pop(chat, None)
            for at, message in enumerate(messages, 1):
                bubble = Bubble(ids[at - 1], "bot", now, message, quick=at == len(messages) and "quickReply" in message)
                self.screens.put(chat, bubble)
        return [self._told(chats[0], message_id, message) for message_id, message in zip(ids, messages, strict=True)]

    def _told(self, chat: str, message_id: str, message: dict[str, Any]) -> dict[str, str]:
        """What the caller learns of a message: how it may be quoted, where it is of a kind that can be."""
        if message["type"] not in QUOTABLE:
            return {"id": message_id}
        token = self.state.token("q")
        self.state.quotable[token] = (chat, message_id)
        return {"id": message_id, "quoteToken": token}
