"""Weighs what speaks for an answer, a person or a polite no: small logistic models, their weights in weighing.toml."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import tomli

from knowledge.index import Ranked

WEIGHTS = Path(__file__).parent / "weighing.toml"
MODELS = ("right", "among", "person", "elsewhere")


@dataclass(frozen=True)
class Clues:
    """What is known of a question after looking it up; the names are those of the weights in weighing.toml.

    `score` to `sounds` are of the best article, `rival` and `rival_nearest` of the best article of another topic,
    `person` and `elsewhere` how the nearest wording of a person's matter (of what is not ours) compares with the best
    article, `personal` and `strange` how much it sounds like one, `agreed` 1.0 where the best article has the nearest
    wording too, `latin` where it is written in Latin letters. `by_words`, `by_pairs` and `by_sounds` are 1.0 where that
    way of looking alone would choose the same topic, `rival_words` … what it says of the best other topic at most, and
    `crowd` is the share of the five best articles that the topic has. `persons` and `strangers` are the shares of the
    ten best subjects of all that are a person's matter, or not ours. `told` is 1.0 for a statement, not a question.
    """

    score: float
    nearest: float
    words: float
    pairs: float
    sounds: float
    rival: float
    rival_nearest: float
    person: float
    elsewhere: float
    personal: float
    strange: float
    unknown: float
    size: float
    agreed: float
    uneasy: float
    asks: float
    latin: float
    by_words: float
    by_pairs: float
    by_sounds: float
    rival_words: float
    rival_pairs: float
    rival_sounds: float
    crowd: float
    persons: float
    strangers: float
    told: float

    def values(self) -> tuple[float, ...]:
        """All of them, in the order of the names."""
        return tuple(vars(self).values())


@dataclass(frozen=True)
class Chances:
    """0 to 1: that the best topic is right, or one of three, that it is a person's matter, that it is not ours."""

    right: float
    among: float
    person: float
    elsewhere: float


@dataclass(frozen=True)
class Weights:
    """A model for each chance (a constant, then a weight for each clue), and from which chance on something is done."""

    right: tuple[float, ...]
    among: tuple[float, ...]
    person: tuple[float, ...]
    elsewhere: tuple[float, ...]
    bars: dict[str, float]

    def chances(self, clues: Clues) -> Chances:
        """The chances that these clues give."""
        values = clues.values()
        return Chances(*(_chance(model, values) for model in (self.right, self.among, self.person, self.elsewhere)))


def _chance(model: tuple[float, ...], values: tuple[float, ...]) -> float:
    summed = model[0] + sum(weight * value for weight, value in zip(model[1:], values, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, summed))))


@cache
def weights(path: Path = WEIGHTS) -> Weights:
    """The weights of a file; raises KeyError where a clue has none."""
    table = tomli.loads(path.read_text(encoding="utf-8"))
    names = ("constant", *Clues.__dataclass_fields__)
    models = {model: tuple(float(table[model][name]) for name in names) for model in MODELS}
    bars = {name: float(bar) for name, bar in table["bars"].items()}
    return Weights(models["right"], models["among"], models["person"], models["elsewhere"], bars)


def ratio(one: Ranked | None, other: Ranked | None) -> float:
    """How good one is against the other, at most twice as good; 0 where there is no one."""
    if one is None:
        return 0.0
    return min(2.0, one.score / other.score) if other is not None and other.score > 0 else 2.0
