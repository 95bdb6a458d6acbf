"""Where a person stands in a running flow: worked out from the session once, for everything that looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dialogs.around import Around, House
from dialogs.flow import Flow, Mode, Row, Walk
from dialogs.question import Question, Scene
from dialogs.session import Session
from dialogs.tap import Act, flow_tap
from dialogs.words import Words


@dataclass(frozen=True)
class Place:
    """A running flow as these answers make it; `question` is to be answered now, None stands for the check page."""

    flow: type[Flow]
    session: Session
    walk: Walk
    question: Question[Any] | None
    scene: Scene
    own: bool
    free: frozenset[str]

    @property
    def words(self) -> Words:
        """The words of the person's language."""
        return self.scene.words

    @property
    def reviewed(self) -> bool:
        """Whether the question has an answer already and is asked only because the person wished to see it again."""
        return self.question is not None and self.question.key in self.walk.answers

    def tap(self, act: Act, question: str = "", option: str = "") -> str:
        """The payload of a button of this run."""
        return flow_tap(act, self.session.run, question, option)

    def elsewhere(self, question: Question[Any]) -> bool:
        """Whether this question must not be answered in this chat but on the centre's own page."""
        if self.own or not question.private:
            return False
        return question.personal or self.flow.mode(self.walk.answers, self.free) is Mode.PRIVATE

    def rows(self) -> tuple[Row, ...]:
        """What has been answered, as it is shown and filed."""
        return self.walk.rows(self.scene)


def find_place(house: House, session: Session, around: Around, before: Place | None = None) -> Place | None:
    """The place of a session, or None when no flow of this release runs. `before` is the last one, for its walk."""
    flow = house.flows.get(session.flow or "")
    if flow is None:
        return None
    if before is None or before.flow is not flow:
        before = None
    walk = before.walk if before and before.session.answers is session.answers else flow.walk(session.answers)
    words = house.library[session.language]
    half = session.half or ""
    if before and before.words is words and before.scene.half == half:
        scene = before.scene
    else:
        scene = Scene(words, around.now, flow.name, around.shelves, half)
    return Place(flow, session, walk, walk.current(session.reopened), scene, around.own, house.free)
