"""What a question gets, as data: the kind of it, the articles that were found, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.weighing import Chances


class Kind(StrEnum):
    """What a question gets."""

    ANSWER = "answer"
    CHOOSE = "choose"
    PERSON = "person"
    URGENT = "urgent"
    DECLINE = "decline"


@dataclass(frozen=True)
class Found:
    """An article that was found, of which version, and how well it fits: the higher, the better."""

    id: str
    version: int
    topic: str
    score: float


@dataclass(frozen=True)
class Decision:
    """What to do with a question.

    `articles` holds one for ANSWER, one to three for CHOOSE, the expired one for PERSON with reason "expired", else
    none. `also` are what the other questions of the same message are about, beside the ANSWER to the first. `topics`
    are the articles' or, for "unknown", the topic it seems to be about. `reason` is a group of safety.toml, or "found",
    "learnt" (people confirmed it), "more" (the last answer again, with all there is to say), "several", "questions"
    (more than one was asked), "danger" (it sounds like it, no wording says so), "sensitive", "unease", "expired",
    "unknown", "out_of_scope", "empty". `chances` are those that decided, where it came to that.
    """

    kind: Kind
    articles: tuple[Found, ...]
    topics: tuple[str, ...]
    reason: str
    asks_like_question: bool
    chances: Chances | None = None
    also: tuple[Found, ...] = ()
