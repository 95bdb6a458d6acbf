"""A flow: questions in order, declared as a class; its path and its check page follow from the answers alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from dialogs.question import Question, Scene
from dialogs.session import Answers
from dialogs.words import Words

MOST_ON_A_TAP = 51  # bytes for question and option: Telegram allows 64, act and run take up to 13


class FlowWrong(Exception):
    """A flow cannot work; the message names file, question and mend, and stops the start."""


class Mode(StrEnum):
    """Where the content of a talk may be written."""

    PRIVATE = "private"  # only on the centre's own page
    OPEN = "open"  # in the chat


@dataclass(frozen=True)
class Row:
    """One line of the check page, kept with the record exactly as it was shown."""

    key: str
    label: str
    value: str
    private: bool


@dataclass(frozen=True)
class Walk:
    """The way some answers lead through a flow: its questions, and the answers that count, under present names."""

    flow: str
    questions: tuple[Question[Any], ...]
    answers: Answers

    def current(self, reopened: str | None = None) -> Question[Any] | None:
        """The question to ask now: the reopened one while it is on the way, else the first without an answer."""
        if reopened and (again := self.find(reopened)):
            return again
        return next((question for question in self.questions if question.key not in self.answers), None)

    def previous(self, key: str | None) -> Question[Any] | None:
        """The question before `key` (None: before the check page), or None at the start."""
        at = next((i for i, question in enumerate(self.questions) if question.key == key), len(self.questions))
        return self.questions[at - 1] if at else None

    def find(self, key: str) -> Question[Any] | None:
        """The question of that name, also by an earlier name, while it is on the way."""
        return next((question for question in self.questions if key in question.names), None)

    def rows(self, scene: Scene) -> tuple[Row, ...]:
        """The check page: every answered question, as shown."""
        rows = []
        for question in self.questions:
            if question.key in self.answers:
                raw = self.answers[question.key]
                passed = question.passed(raw)
                value = scene.words.say("common.passed") if passed else question.show(raw, scene)
                label = scene.words.say(f"{self.flow}.{question.key}.label")
                rows.append(Row(question.key, label, value, question.private and not passed))
        return tuple(rows)

    def record(self) -> dict[str, Any]:
        """The answers as JSON; passed-over ones are left out."""
        kept = [question for question in self.questions if question.key in self.answers]
        return {one.key: self.answers[one.key] for one in kept if not one.passed(self.answers[one.key])}


class Flow:
    """Subclass with `name`, `revision` and questions as attributes; nothing else is needed.

    `shelves` names what must be handed in as data (free slots, my groups); without `in_menu` it is offered elsewhere.
    Without `opens_case` the answers are carried out at once, and whoever does so says what came of it.
    """

    name: ClassVar[str] = ""
    revision: ClassVar[int] = 1
    shelves: ClassVar[tuple[str, ...]] = ()
    in_menu: ClassVar[bool] = True
    opens_case: ClassVar[bool] = True
    questions: ClassVar[tuple[Question[Any], ...]] = ()

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        cls.questions = tuple(value for value in vars(cls).values() if isinstance(value, Question))
        _check_structure(cls)

    @classmethod
    def walk(cls, answers: Answers) -> Walk:
        """The questions that these answers make relevant, in order; an answer off the path influences nothing."""
        questions: list[Question[Any]] = []
        counted: dict[str, Any] = {}
        for question in cls.questions:
            when = question.when
            if when is None or when.holds(counted):
                questions.append(question)
                if question.key in answers or question.was:
                    raw = question.raw(answers)
                    if raw is not None:
                        counted[question.key] = raw
        return Walk(cls.name, tuple(questions), counted)

    @classmethod
    def current(cls, answers: Answers, reopened: str | None = None) -> Question[Any] | None:
        """The question that these answers lead to, or None at the check page."""
        return cls.walk(answers).current(reopened)

    @classmethod
    def find(cls, key: str) -> Question[Any] | None:
        """The question of that name, also by an earlier name."""
        return next((question for question in cls.questions if key in question.names), None)

    # What a flow may say about itself beyond its questions.

    @classmethod
    def stop(cls, answers: Answers) -> str | None:
        """The last part of a word key when these answers end the flow with nothing filed (`{name}.stop_{it}`)."""
        return None

    @classmethod
    def mode(cls, answers: Answers, free: frozenset[str]) -> Mode:
        """Where `private` questions are asked; `free` are the topics that the centre lets into the chat itself."""
        return Mode.OPEN

    @classmethod
    def topics(cls, answers: Answers) -> tuple[str, ...]:
        """What the case is about, most telling first."""
        return (cls.name,)

    @classmethod
    def urgency_of(cls, answers: Answers) -> str:
        """How soon it is needed: none, month, week, today."""
        return "none"


def _check_structure(cls: type[Flow]) -> None:
    """Refuse a flow that could never work, at import. Raises FlowWrong."""
    file = f"{cls.__module__.replace('.', '/')}.py"
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,23}", cls.name):
        raise FlowWrong(f"{file}: {cls.__name__} needs name = '…' of small letters; give it one")
    if not cls.questions:
        raise FlowWrong(f"{file}: {cls.__name__} has no questions; declare at least one")
    names: set[str] = set()
    for question in cls.questions:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,23}", question.key):
            raise FlowWrong(f"{file}: {question.key} must be small letters, at most 24; rename it and use was=")
        for condition_key in question.when.keys if question.when else ():
            if condition_key not in names:
                raise FlowWrong(f"{file}: {question.key} looks at {condition_key}, which is asked later; move it down")
        _check_options(question, file)
        for name in (question.key, *question.was):
            if name in names:
                raise FlowWrong(f"{file}: {name} is used twice; a question and an earlier name must differ")
            names.add(name)


def _check_options(question: Question[Any], file: str) -> None:
    for option in question.stored():
        if not re.fullmatch(r"[A-Za-z0-9_:-]{1,40}", option) or len(question.key) + len(option) > MOST_ON_A_TAP:
            raise FlowWrong(f"{file}: {question.key}: option {option} does not fit on a button; make it shorter")


def check_words(flow: type[Flow], library: Mapping[str, Words]) -> None:
    """Refuse a flow that lacks words in some language. Raises FlowWrong naming file, question and mend."""
    for language, words in library.items():
        wanted = [f"{flow.name}.title", f"{flow.name}.sent"]
        wanted += [f"{flow.name}.{q.key}.{part}" for q in flow.questions for part in q.word_keys()]
        for key in wanted:
            if not words.has(key):
                question = key.split(".")[1]
                raise FlowWrong(f"dialogs/words/{language}.toml: {flow.name}, question {question}: add {key}")
