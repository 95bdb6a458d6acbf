"""Cases as the queue shows them: everything already in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.web.console.due import Due, Scene, due, span
from bot.web.console.words import known, word
from dialogs.words import Words, shown
from storage.cases import CaseHead, State
from storage.worklist import Item

_SHOWN = 2


@dataclass(frozen=True)
class Row:
    """One line of the list. `heat` is "hot", "warm" or "" and colours the urgency."""

    id: int
    ref: str
    title: str
    urgency: str
    heat: str
    state: str
    holder: str
    held: str
    waited: str
    channel: str
    language: str
    current: bool
    due: Due | None
    excerpt: str = ""
    tags: tuple[str, ...] = ()


def row(item: Item, staff_id: int, current: int | None, scene: Scene) -> Row:
    """A case of the list for one member."""
    head = item.head
    closed = head.state is State.CLOSED
    return Row(
        id=head.id,
        ref=head.ref,
        title=title(head, scene.book),
        urgency=urgency(head),
        heat=heat(head),
        state=word("state." + head.state.value),
        holder=holder(head, staff_id),
        held="" if closed else "nobody" if head.holder is None else "me" if head.holder == staff_id else "other",
        waited=word(_waited(head), time=span(scene.now - since(head))),
        channel=known("channel", item.channel or "none", "none"),
        language=known("language", head.language, "ja"),
        current=head.id == current,
        due=due(head, scene),
    )


def _waited(head: CaseHead) -> str:
    """Whether the time since the last words is one of waiting for us."""
    if head.state is State.CLOSED:
        return "row.since"
    return "row.waiting" if head.asked_at or head.first_reply_at is None else "row.silent"


def since(head: CaseHead) -> datetime:
    """From when the centre is waited for: the person's last words, else the beginning."""
    return head.last_in_at or head.opened_at


def title(head: CaseHead, book: Words) -> str:
    """What the case is about: its topics, or why it began when there was no form."""
    if head.flow == "" and head.why != "split":  # what is split off was given a topic
        return known("why", head.why)
    topics = head.topics or (head.topic,)
    named = "・".join(topic(one, book) for one in topics[:_SHOWN])
    return named if len(topics) <= _SHOWN else named + " " + word("row.others", n=len(topics) - _SHOWN)


def topic(key: str, book: Words) -> str:
    """The name of a topic; the key itself for one that this release does not know."""
    place = "consultation.trouble." + key
    return book.say(place) if book.has(place) else shown(key)


def urgency(head: CaseHead) -> str:
    """How soon, in words."""
    return known("urgency", "urgent" if head.why == "urgent" else head.urgency, "none")


def heat(head: CaseHead) -> str:
    """How loudly the list says it."""
    if head.state is State.CLOSED:
        return ""
    if head.why == "urgent" or head.urgency == "today":
        return "hot"
    return "warm" if head.urgency == "week" else ""


def holder(head: CaseHead, staff_id: int) -> str:
    """Who has it."""
    if head.holder == staff_id:
        return word("row.you")
    return head.holder_name or word("row.nobody")


def topics(counted: Mapping[str, int], book: Words) -> list[tuple[str, str, int]]:
    """(key, name, how many) of each topic that has open cases, the fullest first."""
    named = [(key, topic(key, book), n) for key, n in counted.items()]
    return sorted(named, key=lambda one: (-one[2], one[1]))
