"""What a platform can do wrong, on request: a closed set of faults, each used up by one call."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

ANY = "*"


@dataclass(frozen=True)
class Refuse:
    """Answer with an error without having accepted anything. `retry_after` (seconds) is only ever said by Telegram."""

    status: int = 500
    message: str = ""
    retry_after: int | None = None


@dataclass(frozen=True)
class FailAfter:
    """Accept and act, then answer with an error all the same."""

    status: int = 500


@dataclass(frozen=True)
class Hang:
    """Never answer; `accepted` says whether it was acted upon first."""

    accepted: bool


@dataclass(frozen=True)
class Reset:
    """Cut the connection; `accepted` says whether it was acted upon first."""

    accepted: bool


@dataclass(frozen=True)
class Empty:
    """Accept and act, then answer 200 with `{}` where more was promised."""


@dataclass(frozen=True)
class Slow:
    """Accept and act, and answer only after so many seconds."""

    seconds: float


Fault = Refuse | FailAfter | Hang | Reset | Empty | Slow


class Faults:
    """The faults that wait to happen, per endpoint, in the order they were asked for."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)

    def next(self, endpoint: str, *faults: Fault, times: int = 1) -> None:
        """Let the next calls of `endpoint` ("reply", "sendMessage", or `ANY`) meet these faults, one each."""
        self._waiting[endpoint].extend(faults * times)

    def take(self, endpoint: str) -> Fault | None:
        """The fault this call of `endpoint` must meet, used up by asking."""
        for name in (endpoint, ANY) if self._waiting else ():
            if waiting := self._waiting.get(name):
                return waiting.popleft()
        return None

    def clear(self) -> None:
        """Everything works again."""
        self._waiting.clear()
