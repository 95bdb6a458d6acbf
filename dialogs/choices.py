"""Questions answered by exactly one of a few options: yes or no, one of a list, agreement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from dialogs.problem import Problem
from dialogs.question import Condition, Question, Scene, T
from dialogs.session import Answers
from dialogs.words import plain, plain_label

Option = TypeVar("Option", bound=StrEnum)

LONGEST = 80  # signs of one option as somebody types it
# What is said around an option: 窓口です, 電話がいいです, オンラインでお願いします, 电话吧, 전화로 할게요.
_AROUND = re.compile(
    "(?:(?:が|で)?(?:いい|良い)|[をで]?お(?:願|ねが)い(?:します|いたします)|に(?:します|する)|です|で"
    "|吧|(?:就)?可以|이?요|이?에요|예요|입니다|(?:으?로)?(?:할게요|부탁(?:합니다|해요|드립니다|드려요))|[이가]좋아요)++$"
)
_NUMBER = re.compile("第?([0-9]{1,4})(?:番目?|[个個号]|번째?)?")


@lru_cache(maxsize=1024)
def _parts(label: str) -> frozenset[str]:
    """The names a label joins: お金・助成 is found by either."""
    return frozenset(plain(part) for part in re.split("[・、,/]", label))


class Choice(Question[T]):
    """A question with options; typing a label or its number is as good as a tap."""

    def match(self, text: str, scene: Scene) -> str | None:
        """The option that was typed: its number as counted on screen, its label, or a part that only it has."""
        if len(text) > LONGEST:
            return None
        written = plain(text)
        said = _AROUND.sub("", written)
        options = self.options(scene)
        number = _NUMBER.fullmatch(said)
        if number and 1 <= int(number[1]) <= len(options):
            return options[int(number[1]) - 1]
        labels = {option: self.label(option, scene) for option in options}
        for whole in (written, said):
            if found := next((option for option, label in labels.items() if plain_label(label) == whole), None):
                return found
        holding = [option for option, label in labels.items() if said in _parts(label)] if len(said) > 1 else []
        return holding[0] if len(holding) == 1 else None

    def spoken(self, text: str, scene: Scene) -> str:
        """The global word that was typed, such as yes, or nothing."""
        return scene.words.spoken.get(plain(text), "") if len(text) <= LONGEST else ""

    def read(self, text: str, scene: Scene) -> Any | Problem | None:
        """See Question."""
        option = self.match(text, scene)
        return None if option is None else self.tapped(option, scene)


class YesNo(Choice[bool]):
    """Yes or no; stored as true or false."""

    takes = frozenset({"yes", "no"})

    def load(self, raw: Any) -> bool | None:
        """See Question."""
        return raw if isinstance(raw, bool) else None

    def options(self, scene: Scene) -> tuple[str, ...]:
        """See Question."""
        return ("yes", "no")

    def label(self, option: str, scene: Scene) -> str:
        """The flow's own words for yes and no where it has them, else the common ones."""
        own = f"{scene.flow}.{self.key}.{option}"
        return scene.words.say(own if scene.words.has(own) else f"common.{option}")

    def read(self, text: str, scene: Scene) -> bool | None:
        """Also はい, ええ, no, いいえ and their like."""
        return self.tapped(self.match(text, scene) or self.spoken(text, scene), scene)

    def tapped(self, option: str, scene: Scene) -> bool | None:
        """See Question."""
        return {"yes": True, "no": False}.get(option)

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        return self.label("yes" if raw else "no", scene)

    def is_(self, wanted: bool) -> Condition:
        """Holds when the answer is `wanted`."""
        return Condition(lambda answers: answers.get(self.key) is wanted, ((self, "= yes" if wanted else "= no"),))


class OneOf(Choice[Option]):
    """Exactly one option of an enum; stored by its value, never by its label."""

    def __init__(self, kinds: type[Option], **rest: Any) -> None:
        super().__init__(**rest)
        self.kinds: Mapping[str, Option] = {one.value: one for one in kinds}

    def load(self, raw: Any) -> Option | None:
        """See Question."""
        return self.kinds.get(raw) if isinstance(raw, str) else None

    def options(self, scene: Scene) -> tuple[str, ...]:
        """See Question."""
        return tuple(self.kinds)

    def tapped(self, option: str, scene: Scene) -> str | None:
        """See Question."""
        return option if option in self.kinds else None

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        return self.label(str(raw), scene)

    def stored(self) -> tuple[str, ...]:
        """See Question."""
        return tuple(self.kinds)

    def is_(self, *wanted: Option) -> Condition:
        """Holds when the answer is one of `wanted`."""
        values = frozenset(one.value for one in wanted)
        names = " or ".join(one.value for one in wanted)
        return Condition(lambda answers: answers.get(self.key) in values, ((self, f"= {names}"),))


@dataclass(frozen=True)
class Agreed:
    """What was agreed to: the version of the text that was shown."""

    version: str


class Consent(Choice[Agreed]):
    """Agreement to a text of a version; a new version is asked again. A refusal is an answer too (see Flow.stop)."""

    takes = frozenset({"yes", "no", "consent", "refuse"})

    def __init__(self, version: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.version = version

    def load(self, raw: Any) -> Agreed | None:
        """See Question."""
        return Agreed(self.version) if raw in (self.version, f"no:{self.version}") else None

    def given(self, answers: Answers) -> bool | None:
        """True when agreed, False when refused, None when not asked yet."""
        raw = self.raw(answers)
        return None if raw is None else raw == self.version

    def options(self, scene: Scene) -> tuple[str, ...]:
        """See Question."""
        return ("yes", "no")

    def label(self, option: str, scene: Scene) -> str:
        """See Question."""
        return scene.words.say("common.agree" if option == "yes" else "common.refuse")

    def read(self, text: str, scene: Scene) -> str | None:
        """See Question; はい and いいえ count too."""
        said = self.spoken(text, scene)
        option = self.match(text, scene) or {"consent": "yes", "refuse": "no"}.get(said, said)
        return self.tapped(option, scene)

    def tapped(self, option: str, scene: Scene) -> str | None:
        """See Question."""
        return {"yes": self.version, "no": f"no:{self.version}"}.get(option)

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        return self.label("yes" if raw == self.version else "no", scene)


class Listed(Choice[str]):
    """Exactly one thing of the shelf `of`, stored by its key; whether it is still to be had is decided elsewhere."""

    def __init__(self, of: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.of = of

    def load(self, raw: Any) -> str | None:
        """See Question."""
        return raw if isinstance(raw, str) else None

    def options(self, scene: Scene) -> tuple[str, ...]:
        """The first nine, as many as a screen shows."""
        return tuple(item.key for item in scene.shelves.get(self.of, ()))[:9]

    def label(self, option: str, scene: Scene) -> str:
        """See Question; what is gone from the shelf keeps its number."""
        return next((item.label for item in scene.shelves.get(self.of, ()) if item.key == option), option)

    def tapped(self, option: str, scene: Scene) -> str | None:
        """See Question; also one further down the shelf, whose button stood elsewhere."""
        return next((item.key for item in scene.shelves.get(self.of, ()) if item.key == option), None)

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        found = next((item for item in scene.shelves.get(self.of, ()) if item.key == raw), None)
        return str(raw) if found is None else " ".join(filter(None, (found.label, found.detail)))
