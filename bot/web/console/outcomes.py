"""What people said when they were asked how it went: in the history of a case, and in figures."""

from __future__ import annotations

from dataclasses import dataclass

import anyio.to_thread
from starlette.requests import Request
from starlette.responses import Response

from bot.web.badge import room_of
from bot.web.console.words import known, word
from bot.web.drawing import draw
from dialogs.after import ANSWERS
from storage import after, places
from storage.staff import Member


@dataclass(frozen=True)
class Share:
    """One answer: how often it was given, and in how many of a hundred cases."""

    name: str
    n: int
    percent: int


@dataclass(frozen=True)
class Asked:
    """One question, and what came back."""

    name: str
    n: int
    shares: list[Share]


def said_of(stage: str, answer: str) -> str:
    """An answer in words, for the history of a case."""
    return f"{known('outcome', stage, 'close')}: {known('outcome', f'{stage}_{answer}', 'other')}"


def asked(figures: dict[tuple[str, str], int]) -> list[Asked]:
    """Every question with its answers, also those that nobody gave yet."""
    found = []
    for stage, answers in ANSWERS.items():
        counts = {one: figures.get((stage.value, one), 0) for one in answers}
        whole = sum(counts.values())
        shares = [
            Share(word(f"outcome.{stage.value}_{one}"), n, round(100 * n / whole) if whole else 0)
            for one, n in counts.items()
        ]
        found.append(Asked(word(f"outcome.{stage.value}"), whole, shares))
    return found


async def show(request: Request, member: Member) -> Response:
    """GET /console/outcomes."""
    store = room_of(request).store
    figures = await anyio.to_thread.run_sync(store.read, after.figures)
    came = await anyio.to_thread.run_sync(store.read, places.counts)
    return draw(request, "console/outcomes.html", member=member, questions=asked(figures), came=came)
