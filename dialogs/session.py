"""What is remembered of a conversation between messages: answers, never a position."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

# An optional question that was passed over: an answer of its own, else it would be asked for ever.
SKIPPED: Mapping[str, bool] = {"skipped": True}

Answers = Mapping[str, Any]


@dataclass(frozen=True)
class Finished:
    """A run that has ended, so that its old buttons can say what they were about."""

    run: int
    flow: str
    on: str  # ISO date
    sent: bool


@dataclass(frozen=True)
class Session:
    """The state between two messages of one person; JSON through and through."""

    language: str = "ja"
    met: bool = False
    consented: str | None = None
    refused: bool = False  # asked for consent and said no: nothing of their words is kept
    wants: str | None = None  # what waits for consent ("person", a flow), or a yes-or-no put to them ("?cancel" …)
    flow: str | None = None
    revision: int = 0
    run: int = 0  # counts the flows begun; every button carries it
    answers: Answers = field(default_factory=dict)
    reopened: str | None = None  # a question the person asked to see again
    picked: tuple[str, ...] = ()  # ticked so far, in a question that takes many
    half: str | None = None  # the day or the time said so far, where both are asked (see Problem.half)
    unclear: int = 0  # times in a row that an answer was not understood
    missed: int = 0  # times in a row that a question found no answer
    aside: str | None = None  # words taken for a question, which may have been the answer
    finding: Mapping[str, Any] | None = None  # what was last looked for among events (dialogs.happening.Wanted)
    answered: str | None = None  # the article that was shown last: 「費用は?」 goes on from it
    posed: str | None = None  # the words that led to an answer or a choice, for whoever agreed that words are kept
    offered: tuple[str, ...] = ()  # the articles that those words led to
    asked: str | None = None  # the last words that found no answer: handed over with the person
    album: str | None = None  # the set of pictures that the last one came in: it is answered once
    finished: tuple[Finished, ...] = ()
    seen_at: str | None = None  # ISO moment of the last message

    def kept(self, **changes: Any) -> Session:
        """A copy with these changes; made without going through every field again, for it happens in every turn."""
        copy = object.__new__(Session)
        copy.__dict__.update(self.__dict__, **changes)
        return copy

    def without(self, words: str) -> Session:
        """The session with nothing left of words that were taken back: an answer made of them is asked again."""
        said = words.strip()
        return replace(
            self,
            answers={key: value for key, value in self.answers.items() if value != said},
            aside=None if self.aside and self.aside.strip() == said else self.aside,
            posed=None if self.posed and self.posed.strip() == said else self.posed,
            asked=None if self.asked and self.asked.strip() == said else self.asked,
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON data; what is at its default is left out."""
        out = {name: value for name, value in vars(self).items() if value != _FRESH[name]}
        if self.finished:
            out["finished"] = [asdict(one) for one in self.finished]
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Session:
        """The inverse of `to_json`; keys of another release are ignored."""
        kept = {key: value for key, value in (data or {}).items() if key in _FRESH}
        for name in _TUPLES & kept.keys():
            kept[name] = tuple(kept[name])
        if "finished" in kept:
            kept["finished"] = tuple(Finished(**one) for one in kept["finished"])
        return _NEW.kept(**{"answers": {}, **kept})


_NEW = Session()
_FRESH: Mapping[str, Any] = vars(_NEW)
_TUPLES = frozenset({"picked", "offered"})
