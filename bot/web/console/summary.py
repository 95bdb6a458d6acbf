"""What somebody who took a case over must know, taken from the record word for word: nothing made up or reworded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.letters import cut, units
from bot.web.console.bubbles import Bubble
from bot.web.console.words import word

_SENTENCE = re.compile(r"[^。！？!?\n]*(?:[。！？!?]+|\n|$)")
_QUESTION = re.compile(r"[?？]|(?:か|かな|かね|でしょう)[。\s]*$")
_DATE = re.compile(
    r"[0-9０-９一二三四五六七八九十]+\s*(?:月|日|時|/|／)|(?:今|来|再来|先)(?:週|月|年)|[月火水木金土日]曜"
    r"|明日|あした|明後日|あさって|今日|きょう|本日|締切|締め切り|〆切|期限"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\btomorrow\b|\btoday\b|\bnext (?:week|month)\b",
    re.IGNORECASE,
)
_MOST, _LAST = 5, 3
_LONG = 120


@dataclass(frozen=True)
class Passage:
    """A sentence, who said it and when."""

    at: datetime
    name: str
    text: str


@dataclass(frozen=True)
class Summary:
    """What was said before a case was given on: questions without a reply, days that were named, the last words."""

    questions: list[Passage]
    dates: list[Passage]
    last: list[Passage]

    @property
    def parts(self) -> list[tuple[str, list[Passage]]]:
        """Each with its heading."""
        said = {"questions": self.questions, "dates": self.dates, "last": self.last}
        return [(word("passed." + name), passages) for name, passages in said.items()]


def summary(talk: Sequence[Bubble], until: datetime) -> Summary:
    """Of the talk up to a moment. It is worked out when it is shown: what is taken back is gone from here, too."""
    said = [one for one in talk if one.at <= until and one.who in {"person", "staff", "call"} and one.text.strip()]
    since = max((place for place, one in enumerate(said) if one.who == "staff"), default=-1)
    asked = [found for one in said[since + 1 :] if one.who == "person" for found in _saying(one, _QUESTION)]
    dates = [found for one in said for found in _saying(one, _DATE)]
    last = [Passage(one.at, one.name, _short(one.text)) for one in said[-_LAST:]]
    return Summary(asked[-_MOST:], dates[-_MOST:], last)


def _saying(one: Bubble, what: re.Pattern[str]) -> list[Passage]:
    """The sentences of a line in which it is found."""
    sentences = (found.strip() for found in _SENTENCE.findall(one.text))
    return [Passage(one.at, one.name, _short(text)) for text in sentences if text and what.search(text)]


def _short(text: str) -> str:
    return cut(" ".join(text.split()), _LONG, units)
