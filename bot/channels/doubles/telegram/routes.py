"""Which method of the Bot API a request means, behind the token in its path."""

from __future__ import annotations

import functools
import hmac
from collections.abc import Callable
from typing import Any

from bot.channels.doubles.door import Answer, Ask, Route
from bot.channels.doubles.telegram.answers import Refused, done, parameters, refusal
from bot.channels.doubles.telegram.setting_up import SettingUp
from bot.channels.doubles.telegram.state import Json
from bot.channels.doubles.telegram.talking import Talking
from bot.channels.doubles.telegram.topics import Topics

Method = Callable[[Json], Any]


class Routes:
    """Finds who answers a request. Method names are read without regard to case, as Telegram does."""

    def __init__(self, token: str, talking: Talking, topics: Topics, setting_up: SettingUp) -> None:
        self._token, self._files = token.encode(), setting_up.state.files
        methods: dict[str, Method] = {
            "getMe": setting_up.get_me,
            "setWebhook": setting_up.set_webhook,
            "deleteWebhook": setting_up.delete_webhook,
            "getWebhookInfo": setting_up.webhook_info,
            "getUpdates": setting_up.get_updates,
            "setMyCommands": setting_up.set_commands,
            "getMyCommands": setting_up.get_commands,
            "getFile": setting_up.get_file,
            "sendMessage": talking.send_message,
            "editMessageText": talking.edit_text,
            "editMessageReplyMarkup": talking.edit_markup,
            "deleteMessage": talking.delete,
            "answerCallbackQuery": talking.answer_tap,
            "pinChatMessage": talking.pin,
            "sendChatAction": talking.action,
            "createForumTopic": topics.create,
            "editForumTopic": topics.edit,
            "closeForumTopic": topics.close,
            "reopenForumTopic": topics.reopen,
            "deleteForumTopic": topics.delete,
        }
        self._methods = {name.lower(): (name, functools.partial(_called, method)) for name, method in methods.items()}

    def find(self, ask: Ask) -> Route:
        """The method's name, and who answers."""
        parts = ask.path.split("/", 3)[1:]
        if parts[0] == "file" and len(parts) == 3 and self._ours(parts[1]):
            return "file", functools.partial(self._file, parts[2])
        if len(parts) != 2 or not parts[0].startswith("bot"):
            return "unknown", _nowhere
        name, handler = self._methods.get(parts[1].lower(), (parts[1], _nowhere))
        return (name, handler) if self._ours(parts[0]) else (name, _stranger)

    def _ours(self, part: str) -> bool:
        return hmac.compare_digest(part.removeprefix("bot").encode(), self._token)

    def _file(self, path: str, _ask: Ask) -> Answer:
        for known, data in self._files.values():
            if known == path:
                return Answer(200, data)
        return refusal(Refused(404, "Not Found"))


def _called(method: Method, ask: Ask) -> Answer:
    try:
        ask.data = parameters(ask)
        return done(method(ask.data))
    except Refused as refused:
        return refusal(refused)


def _nowhere(_ask: Ask) -> Answer:
    return refusal(Refused(404, "Not Found"))


def _stranger(_ask: Ask) -> Answer:
    return refusal(Refused(401, "Unauthorized"))
