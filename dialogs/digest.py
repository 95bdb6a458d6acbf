"""What was gathered for somebody, as one message: few lines, the lists a tap away, why it came and how to stop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dialogs.dates import say_day
from dialogs.events import when
from dialogs.happening import Happening
from dialogs.saying import Link, Message
from dialogs.wishing import under_announcement
from dialogs.words import Words

SHOWN = 5


@dataclass(frozen=True)
class New:
    """One new thing: an event with its next date, or a call with its last day."""

    title: str
    of: Happening | date


@dataclass(frozen=True)
class Digest:
    """All that is new for one person, and where the lists are."""

    news: tuple[New, ...]
    events_url: str
    grants_url: str


def digest(of: Digest, words: Words) -> Message:
    """The message; what does not fit is counted."""
    lines = [words.say("digest.head"), *(_line(one, words) for one in of.news[:SHOWN])]
    if more := len(of.news) - SHOWN:
        lines += [words.say("digest.more", count=more)] if more > 0 else []
    links = []
    if any(isinstance(one.of, Happening) for one in of.news):
        links.append(Link(words.say("digest.events"), of.events_url))
    if any(isinstance(one.of, date) for one in of.news):
        links.append(Link(words.say("digest.grants"), of.grants_url))
    text = "\n\n".join([*lines, words.say("announce.foot")])
    return Message(text, under_announcement(words, 0), links=tuple(links))


def _line(one: New, words: Words) -> str:
    if isinstance(one.of, Happening):
        return words.say("digest.event", title=one.title, when=when(one.of, words))
    return words.say("digest.grant", title=one.title, day=say_day(one.of, words))
