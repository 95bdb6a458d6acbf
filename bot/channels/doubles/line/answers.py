"""How LINE words its answers and its refusals."""

from __future__ import annotations

import json
from typing import Any

from bot.channels.doubles.door import Answer, Ask
from bot.channels.doubles.line.complaints import Complaints
from bot.channels.doubles.line.state import State

BODY_MAX = 2_097_152
USUAL = {
    400: "The request body has 1 error(s)",
    401: "Authentication failed. Confirm that the access token in the authorization header is valid.",
    403: "Access to this API is not available for your account",
    404: "Not found",
    409: "The retry key is already accepted",
    429: "The API rate limit has been exceeded. Try again later.",
    500: "Internal Server Error",
}


def answer(state: State, status: int, payload: Any, *headers: tuple[bytes, bytes]) -> Answer:
    """An answer with its request id."""
    return Answer(status, payload, ((b"x-line-request-id", state.request_id().encode()), *headers))


def told(done: Answer) -> str:
    """The request id of an answer."""
    return done.headers[0][1].decode()


def refusal(state: State, status: int, message: str = "") -> Answer:
    """An error as LINE words it."""
    return answer(state, status, {"message": message or USUAL.get(status, "Error")})


def invalid(state: State, found: Complaints) -> Answer:
    """400 with what was found wrong."""
    payload = {"message": f"The request body has {len(found)} error(s)", "details": list(found)}
    return answer(state, 400, payload)


def read_json(state: State, ask: Ask) -> dict[str, Any] | Answer:
    """The JSON object in the body, or the refusal it deserves."""
    if len(ask.body) > BODY_MAX:
        return refusal(state, 413, "Request Entity Too Large")
    try:
        ask.data = json.loads(ask.body)
    except (ValueError, RecursionError):
        return refusal(state, 400, "The request body could not be parsed as JSON")
    if not isinstance(ask.data, dict):
        return refusal(state, 400, "The request body could not be parsed as JSON")
    return ask.data
