"""LINE's endpoints that look things up or change small ones: profile, quota, content, reading marks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.channels.doubles.buckets import Bucket
from bot.channels.doubles.door import Answer, Ask
from bot.channels.doubles.line.answers import answer, invalid, read_json, refusal
from bot.channels.doubles.line.complaints import Complaints
from bot.channels.doubles.line.state import State
from bot.channels.doubles.screens import Screens

LOADING_SECONDS = frozenset(range(5, 61, 5))
LOADING_RATE = 100.0


class Looking:
    """Everything but sending."""

    def __init__(self, state: State, screens: Screens, hook_url: Callable[[], str]) -> None:
        self.state, self.screens, self._hook = state, screens, hook_url
        self._loading = Bucket(state.clock, LOADING_RATE, LOADING_RATE)

    def profile(self, _ask: Ask, user: str) -> Answer:
        """GET /v2/bot/profile/{userId}: 404 for who blocked us, or neither is a friend nor ever wrote."""
        person = self.state.people.get(user)
        if person is None or person.blocked or not (person.friend or person.wrote_at):
            return refusal(self.state, 404)
        payload = {"userId": person.id, "displayName": person.name, "language": person.language}
        return answer(self.state, 200, payload)

    def info(self, _ask: Ask) -> Answer:
        """GET /v2/bot/info."""
        payload = {"userId": self.state.bot_id, "basicId": "@nakodo", "displayName": "なこうど"}
        return answer(self.state, 200, {**payload, "chatMode": "chat", "markAsReadMode": "manual"})

    def quota(self, _ask: Ask) -> Answer:
        """GET /v2/bot/message/quota."""
        limit = self.state.quota
        return answer(self.state, 200, {"type": "none"} if limit is None else {"type": "limited", "value": limit})

    def consumption(self, _ask: Ask) -> Answer:
        """GET /v2/bot/message/quota/consumption."""
        return answer(self.state, 200, {"totalUsage": self.state.consumption()})

    def loading(self, ask: Ask) -> Answer:
        """POST /v2/bot/chat/loading/start."""
        if not self._loading.take():
            return refusal(self.state, 429)
        data = read_json(self.state, ask)
        if isinstance(data, Answer):
            return data
        found = Complaints()
        chat, seconds = data.get("chatId"), data.get("loadingSeconds", 20)
        if not isinstance(chat, str) or not chat.startswith("U"):
            found.say("chatId", "The value is invalid")
        if seconds not in LOADING_SECONDS:
            found.say("loadingSeconds", "loadingSeconds must be a multiple of 5 between 5 and 60")
        if found:
            return invalid(self.state, found)
        self.state.busy(str(chat), seconds)
        return answer(self.state, 202, {})

    def mark_as_read(self, ask: Ask) -> Answer:
        """POST /v2/bot/chat/markAsRead: this message and all earlier ones of the chat are read."""
        data = read_json(self.state, ask)
        if isinstance(data, Answer):
            return data
        mark = self.state.read_marks.get(str(data.get("markAsReadToken")))
        if mark is None:
            return refusal(self.state, 400, "The markAsReadToken is invalid")
        chat, last = mark
        for bubble in self.screens.bubbles(chat):
            if bubble.origin == "person" and not bubble.read:
                bubble.read = True
                self.screens.touch(chat, bubble)
            if bubble.id == last:
                break
        return answer(self.state, 200, {})

    def content(self, _ask: Ask, message_id: str) -> Answer:
        """GET /v2/bot/message/{messageId}/content: 202 on the first ask for a video or a voice, 410 when withdrawn.

        404 for what was never there, has no content, or lies too far back.
        """
        kept = self.state.content(message_id)
        if kept is None:
            return refusal(self.state, 404)
        if kept.withdrawn:
            return refusal(self.state, 410, "The message was unsent")
        kept.asked += 1
        if kept.kind in {"video", "audio"} and (kept.asked == 1 or kept.spoilt):
            return answer(self.state, 202, {})
        return answer(self.state, 200, kept.data)

    def transcoding(self, _ask: Ask, message_id: str) -> Answer:
        """GET /v2/bot/message/{messageId}/content/transcoding."""
        kept = self.state.content(message_id)
        if kept is None:
            return refusal(self.state, 404)
        status = "failed" if kept.spoilt else "succeeded" if kept.asked else "processing"
        return answer(self.state, 200, {"status": status})

    def webhook(self, _ask: Ask) -> Answer:
        """GET /v2/bot/channel/webhook/endpoint."""
        return answer(self.state, 200, {"endpoint": self._hook(), "active": True})

    def nowhere(self, _ask: Ask, *_: Any) -> Answer:
        """What this platform does not have."""
        return refusal(self.state, 404)

    def stranger(self, _ask: Ask) -> Answer:
        """A call without the right access token."""
        return refusal(self.state, 401)
