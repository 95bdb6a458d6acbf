"""Questions that take several options: many of a list, and free times."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dialogs.choices import LONGEST, Choice, Option
from dialogs.dates import say_moment
from dialogs.problem import Problem
from dialogs.question import Condition, Scene, T
from dialogs.saying import PickerKind
from dialogs.session import Answers
from dialogs.when import read_moment

_PARTED = re.compile(r"(\s*[\s,、，・/]\s*|(?<=\d)(?:と|和|와|과)(?=\d))")  # between two options, and kept


class Many(Choice[T]):
    """A question that takes several options, at most `at_most`; `alone` options stand for themselves ("nobody")."""

    many = True
    at_most = 99
    alone: frozenset[str] = frozenset()

    def toggled(self, picked: Sequence[str], option: str) -> tuple[str, ...]:
        """What is ticked after a tap on `option`."""
        if option in picked:
            return tuple(one for one in picked if one != option)
        if option in self.alone:
            return (option,)
        return (*(one for one in picked if one not in self.alone), option)

    def accept(self, picked: Sequence[str], scene: Scene) -> list[str] | Problem:
        """The ticked options as an answer, in the order of the options."""
        chosen = [one for one in self.options(scene) if one in picked]
        if not chosen:
            return Problem("choose_one")
        if len(chosen) > self.at_most:
            return Problem("too_many", {"at_most": self.at_most})
        return chosen

    def read(self, text: str, scene: Scene) -> list[str] | Problem | None:
        """Labels or numbers, one or several, parted by spaces or commas: 「1と3」, 「お金・助成、広報」."""
        parts = _PARTED.split(text.strip()) if len(text) <= LONGEST * 10 else []
        found: list[str] = []
        at = 0
        while at < len(parts):  # a label may hold a comma itself: the longest that fits counts
            ends = [end for end in range(min(len(parts), at + 5), at, -1) if (end - at) % 2]
            fits = ((end, self.match("".join(parts[at:end]), scene)) for end in ends)
            end, option = next(((end, option) for end, option in fits if option), (0, ""))
            if not option:
                return None
            found.append(option)
            at = end + 1  # past the comma
        return self.accept(found, scene) if found else None

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        return scene.words.say("common.comma").join(self.label(one, scene) for one in raw)


class ManyOf(Many[tuple[Option, ...]]):
    """One or more options of an enum; stored as a list of values."""

    def __init__(self, kinds: type[Option], *, alone: Sequence[Option] = (), **rest: Any) -> None:
        super().__init__(**rest)
        self.kinds: Mapping[str, Option] = {one.value: one for one in kinds}
        self.alone = frozenset(one.value for one in alone)

    def load(self, raw: Any) -> tuple[Option, ...] | None:
        """Options that no longer exist are dropped; nothing left means unanswered."""
        if not isinstance(raw, list):
            return None
        return tuple(self.kinds[one] for one in raw if isinstance(one, str) and one in self.kinds) or None

    def raw(self, answers: Answers) -> Any | None:
        """See Question; also what is filed holds no option that is gone."""
        raw = super().raw(answers)
        gone = isinstance(raw, list) and not all(one in self.kinds for one in raw)
        return [one for one in raw or () if one in self.kinds] if gone else raw

    def options(self, scene: Scene) -> tuple[str, ...]:
        """See Question."""
        return tuple(self.kinds)

    def stored(self) -> tuple[str, ...]:
        """See Question."""
        return tuple(self.kinds)

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        return super().show([one.value for one in self.load(raw) or ()], scene)

    def has(self, *wanted: Option) -> Condition:
        """Holds when any of `wanted` was chosen."""
        values = frozenset(one.value for one in wanted)
        names = " or ".join(one.value for one in wanted)
        return Condition(lambda answers: not values.isdisjoint(answers.get(self.key, ())), ((self, f"has {names}"),))


class Slot(Many[tuple[str, ...]]):
    """Up to `at_most` of the free times on the shelf `of`, as wished for; stored as ISO moments in the centre's zone.

    When the shelf is empty a typed moment is taken as a wish.
    """

    picker = PickerKind.MOMENT

    def __init__(self, of: str, *, at_most: int = 3, **rest: Any) -> None:
        super().__init__(**rest)
        self.of = of
        self.at_most = at_most

    def load(self, raw: Any) -> tuple[str, ...] | None:
        """See Question."""
        try:
            return tuple(datetime.fromisoformat(one).isoformat(timespec="minutes") for one in raw) or None
        except (TypeError, ValueError):
            return None

    def over(self, raw: Any, now: datetime) -> bool:
        """Over when none of the times is still to come."""
        today = now.replace(tzinfo=None)
        return not self.passed(raw) and all(datetime.fromisoformat(one) < today for one in raw)

    def options(self, scene: Scene) -> tuple[str, ...]:
        """See Question."""
        return tuple(item.key for item in scene.shelves.get(self.of, ()))

    def hint(self, scene: Scene) -> str:
        """How to write a time: one of those that are free, so that nobody is led to one that is not."""
        free = self.options(scene)
        if not free:
            return scene.words.say("common.write_time")
        return scene.words.say("common.like_time", example=self.label(free[0], scene))

    def label(self, option: str, scene: Scene) -> str:
        """See Question."""
        return say_moment(datetime.fromisoformat(option), scene.words)

    def read(self, text: str, scene: Scene) -> list[str] | Problem | None:
        """A number or label of the list, or a moment in words that is on it."""
        listed = super().read(text, scene)
        if listed is not None:
            return listed
        said = read_moment(text, scene.now.replace(tzinfo=None), scene.half)
        if isinstance(said, Problem):
            return None if said.code.startswith("not_a") else said
        key = said.isoformat(timespec="minutes")
        free = self.options(scene)
        if free and key not in free:
            return Problem("not_free", {"moment": say_moment(said, scene.words)}, half=said.date().isoformat())
        return [key] if said > scene.now.replace(tzinfo=None) else Problem("too_early")
