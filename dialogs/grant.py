"""A call for grants as the shelf holds it for one person: what it says, how their group stands to it, what they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dialogs.question import Item

LADDER = (30, 14, 3)  # days before the last one on which whoever makes use of a call hears of it


@dataclass(frozen=True)
class Miss:
    """A rule that a group does not keep (`fails`), or to be asked about: options as our words key them, years, yen."""

    rule: str
    fails: bool
    options: tuple[str, ...] = ()
    number: int = 0


@dataclass(frozen=True)
class Grant(Item):
    """`key` names it, `label` is its name. `closes` is the last day, `delivery` what that means.

    `known` tells that the person said something of their group; `misses` are then the rules that it does not simply
    keep. `state` is what they said of this call: using, applied, not_us or nothing. `url` is our page, `source` theirs.
    """

    funder: str = ""
    who: str = ""
    about: str = ""
    ceiling: int = 0
    rate: int = 0
    closes: date = date.max
    delivery: str = "arrive"
    costs: str = ""
    papers: str = ""
    briefing: str = ""
    result: str = ""
    checked: date | None = None
    stale: bool = False
    source: str = ""
    url: str = ""
    known: bool = False
    misses: tuple[Miss, ...] = ()
    state: str = ""

    @property
    def fails(self) -> bool:
        """Whether a rule is certainly not kept."""
        return any(one.fails for one in self.misses)
