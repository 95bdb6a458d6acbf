"""How the Bot API words its answers and its refusals, and how it reads parameters."""

from __future__ import annotations

import json
import urllib.parse
from typing import Any

from bot.channels.doubles.door import Answer, Ask
from bot.channels.doubles.faults import Refuse

USUAL = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}
# Parameters that are structures; in a form they come as JSON text.
_STRUCTURES = frozenset(
    {"reply_markup", "entities", "allowed_updates", "reply_parameters", "commands", "scope", "link_preview_options"}
)
_NUMBERS = frozenset({"chat_id", "message_id", "message_thread_id", "icon_color"})


class Refused(Exception):
    """A call the Bot API turns down: `code` is the HTTP status, `parameters` what ResponseParameters would hold."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


def bad(description: str) -> Refused:
    """A 400 in Telegram's words."""
    return Refused(400, f"Bad Request: {description}")


def done(result: Any) -> Answer:
    """A call that worked."""
    return Answer(200, {"ok": True, "result": result})


def refusal(refused: Refused) -> Answer:
    """A call that did not."""
    payload: dict[str, Any] = {"ok": False, "error_code": refused.code, "description": refused.description}
    if refused.parameters:
        payload["parameters"] = refused.parameters
    return Answer(refused.code, payload)


def faulty(fault: Refuse) -> Answer:
    """The answer of a refusal on request."""
    message = fault.message or USUAL.get(fault.status, "Error")
    if fault.retry_after is None:
        return refusal(Refused(fault.status, message))
    message = fault.message or f"{message}: retry after {fault.retry_after}"
    return refusal(Refused(fault.status, message, retry_after=fault.retry_after))


def parameters(ask: Ask) -> dict[str, Any]:
    """The call's parameters from query and body, JSON or form, with structures and ids in their own types."""
    given: dict[str, Any] = dict(urllib.parse.parse_qsl(ask.query))
    kind = ask.headers.get("content-type", "")
    try:
        if kind.startswith("application/json"):
            given.update(json.loads(ask.body))
        elif kind.startswith("application/x-www-form-urlencoded"):
            text = ask.body.decode()
            given.update(urllib.parse.parse_qsl(text, keep_blank_values=True))
        for name in given.keys() & (_STRUCTURES | _NUMBERS):
            given[name] = _typed(name, given[name])
    except (ValueError, TypeError) as unreadable:
        raise bad("can't parse parameters") from unreadable
    return given


def _typed(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if name in _STRUCTURES:
        return json.loads(value)
    return int(value) if value.lstrip("-").isdigit() else value
