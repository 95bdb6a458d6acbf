"""The Bot API's methods that set the bot up: who am I, webhook, commands, files."""

from __future__ import annotations

import re
from typing import Any

from bot.channels.doubles.postman import Postman
from bot.channels.doubles.telegram.answers import USUAL, Refused, bad
from bot.channels.doubles.telegram.state import Json, State

DOWNLOAD_MAX = 20_000_000
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")


class SettingUp:
    """Each method takes the call's parameters and gives its result, or raises Refused."""

    def __init__(self, state: State, postman: Postman) -> None:
        self.state, self.postman = state, postman

    def get_me(self, _given: Json) -> Json:
        """The bot itself."""
        return {
            **self.state.me,
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        }

    def set_webhook(self, given: Json) -> bool:
        """Where updates go. Unlike the real one it takes http, for loopback."""
        url, secret = given.get("url", ""), given.get("secret_token", "")
        if url and not url.startswith(("https://", "http://")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if secret and not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        self.postman.url, self.state.secret = url, secret
        if "allowed_updates" in given:
            self.state.allowed = list(given["allowed_updates"])
        if given.get("drop_pending_updates") in {True, "true", "True"}:
            self.postman.failed.clear()
        return True

    def delete_webhook(self, given: Json) -> bool:
        """No webhook; updates wait."""
        return self.set_webhook({**given, "url": ""})

    def webhook_info(self, _given: Json) -> Json:
        """The webhook and what is wrong with it."""
        info: dict[str, Any] = {
            "url": self.postman.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self.postman.failed),
            "max_connections": 40,
        }
        if self.state.allowed:
            info["allowed_updates"] = self.state.allowed
        wrong = next((post for post in reversed(self.postman.posts) if not post.ok), None)
        if wrong is not None:
            reason = wrong.why or f"Wrong response from the webhook: {wrong.status}"
            info.update(last_error_date=self.state.now(), last_error_message=reason)
        return info

    def get_updates(self, _given: Json) -> list[Json]:
        """Not beside a webhook."""
        if self.postman.url:
            raise Refused(409, USUAL[409])
        return list(self.postman.failed)

    def set_commands(self, given: Json) -> bool:
        """The bot's menu of commands."""
        commands = given.get("commands") or []
        for each in commands:
            if not _COMMAND.fullmatch(each.get("command", "")) or not 1 <= len(each.get("description", "")) <= 256:
                raise bad("BOT_COMMAND_INVALID")
        self.state.commands = commands
        return True

    def get_commands(self, _given: Json) -> list[Json]:
        """The bot's menu of commands."""
        return self.state.commands

    def get_file(self, given: Json) -> Json:
        """Where a file can be fetched."""
        file_id = given.get("file_id", "")
        if file_id not in self.state.files:
            raise bad("invalid file_id")
        path, data = self.state.files[file_id]
        if len(data) > DOWNLOAD_MAX:
            raise bad("file is too big")
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(data), "file_path": path}
