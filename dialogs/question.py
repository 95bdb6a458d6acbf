"""What every kind of question has in common: when it is asked, how its answer is kept, read and shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from dialogs.heard import Showed
from dialogs.problem import Problem
from dialogs.saying import PickerKind
from dialogs.session import SKIPPED, Answers
from dialogs.words import Words

T = TypeVar("T")


@dataclass(frozen=True)
class Item:
    """One thing on a shelf: a free slot, an event, a group. `key` is what is stored, `label` what is shown."""

    key: str
    label: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Scene:
    """What a question may know while it reads and shows: the words, the clock (centre's own zone), the shelves."""

    words: Words
    now: datetime
    flow: str
    shelves: Mapping[str, Sequence[Item]] = field(default_factory=dict)
    half: str = ""  # see Problem.half: what the last words for this question said of a day or a time


@dataclass(frozen=True)
class Condition:
    """When a question is asked; `holds` looks at the answers of the path so far, under their present names.

    `of` holds each question looked back at, with what is wanted of it in words. The questions themselves are kept, not
    their keys: inside a flow's class body they have no name yet.
    """

    holds: Callable[[Answers], bool]
    of: tuple[tuple[Question[Any], str], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The questions it looks back at."""
        return tuple(question.key for question, _ in self.of)

    def __str__(self) -> str:
        return " and ".join(f"{question.key} {wanted}" for question, wanted in self.of)

    def __and__(self, other: Condition) -> Condition:
        return Condition(lambda answers: self.holds(answers) and other.holds(answers), self.of + other.of)


class Question(Generic[T]):
    """One thing to ask. The answer is stored as JSON under `key`, the attribute's name in its flow.

    `when` says when it is asked; `optional` that it may be passed over; `private` that in private mode it is asked on
    the centre's own page only, `personal` that it is asked there in every mode; `was` names it had in earlier releases.
    """

    key = ""
    picker: PickerKind | None = None
    many = False
    long = False
    free = False  # any words at all would be an answer
    takes: frozenset[str] = frozenset()  # global words, such as yes, that are an answer here

    def __init__(
        self,
        *,
        when: Condition | None = None,
        optional: bool = False,
        private: bool = False,
        personal: bool = False,
        was: tuple[str, ...] = (),
    ) -> None:
        self.when = when
        self.optional = optional
        self.private = private or personal
        self.personal = personal
        self.was = was
        self.names: tuple[str, ...] = was

    def __set_name__(self, owner: type, name: str) -> None:
        self.key = name
        self.names = (name, *self.was)

    # What the kinds differ in.

    def load(self, raw: Any) -> T | None:
        """The typed answer behind stored JSON, or None when it no longer fits (then it is asked again)."""
        raise TypeError(f"{type(self).__name__} does not say how to load an answer")

    def read(self, text: str, scene: Scene) -> Any | Problem | None:
        """JSON for what was typed; a Problem when it is understood but not acceptable; None when not understood."""
        raise TypeError(f"{type(self).__name__} does not say how to read an answer")

    def show(self, raw: Any, scene: Scene) -> str:
        """The stored answer as the person reads it on the check page."""
        return str(raw)

    def options(self, scene: Scene) -> tuple[str, ...]:
        """The keys of the options, in order; empty for an open question."""
        return ()

    def hint(self, scene: Scene) -> str:
        """A line below the question that depends on what is offered now; nothing for most."""
        return ""

    def label(self, option: str, scene: Scene) -> str:
        """What the button of an option says."""
        return scene.words.say(f"{scene.flow}.{self.key}.{option}")

    def tapped(self, option: str, scene: Scene) -> Any | None:
        """JSON for a tapped option, or None when there is no such option."""
        return None

    def showed(self, thing: Showed) -> Any | None:
        """JSON for a picture or file, where one is wanted."""
        return None

    def stored(self) -> tuple[str, ...]:
        """The options that the flow itself names, as they are stored; each has its phrase."""
        return ()

    def over(self, raw: Any, now: datetime) -> bool:
        """Whether the stored answer was about a time that has passed, so that it must be asked again."""
        return False

    def word_keys(self) -> tuple[str, ...]:
        """The phrases this question needs, below its own key."""
        return ("ask", "label", *self.stored())

    # What they share.

    def raw(self, answers: Answers) -> Any | None:
        """The stored JSON, also under an earlier name; None when unanswered or no longer fitting."""
        for name in self.names:
            if name in answers:
                raw = answers[name]
                return raw if self.load(raw) is not None or self.passed(raw) else None
        return None

    def passed(self, raw: Any) -> bool:
        """Whether the question was passed over, and may be."""
        return self.optional and bool(raw == SKIPPED)

    def answer(self, answers: Answers) -> T | None:
        """The typed answer, or None when unanswered or passed over."""
        raw = self.raw(answers)
        return None if raw is None or self.passed(raw) else self.load(raw)
