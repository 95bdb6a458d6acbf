"""Read a date, a time or both from what a person typed, or say exactly what is wrong with it; never guess.

Everything typed must be understood: a word that is not known (以外, だめ, not) makes the whole a Problem, because a
date read past it could be the opposite of what was meant. Which day 来週 or a bare 火曜 means: see `dialogs.days`.
Which hour 2時 or 夜7時 means: see `dialogs.clock`. Local time without a zone throughout.

Problems, with their values (dates and times in ISO 8601):
  empty                            nothing but spaces
  not_a_date, not_a_time, not_a_moment   not understood
  no_such_date     said            2月30日, 昭和64年1月8日
  no_such_time     said            25時, 午前14時
  several_dates, several_times     24日か25日
  which_day        first, second   two dates: 来週の火曜 said on a Sunday, 火曜 said on a Tuesday
  weekday_differs  date            11月24日(月), and the date is a Tuesday
  which_half       hour            2時 without 午前 or 午後
  noon_or_midnight                 12時 with 午前, 午後 or 夜; 24時
  date_missing                     午後2時 where both are asked
  time_missing     date            明日 where both are asked
  too_early        earliest        from `within`
  too_late         latest          from `within`
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar, assert_never

from dialogs.clock import Clock, Half, clock_at, time_of
from dialogs.days import Days, Weekday, day_at, settle
from dialogs.fold import fold, with_digits
from dialogs.kana import one_spelling
from dialogs.problem import Problem

_LONGEST = 200  # signs; an answer to "when?" is shorter, and what is longer is not read in part

# Words that change nothing about the date beside them. Nothing that excludes, shifts or denies may ever enter here.
_POLITE = (
    r"[ 、。,!?…「」・]", r"ー+", r"\.(?![0-9])", r"t(?=[0-9]{2}:)",
    "えーっと", "えーと", "ええと", "えっと", "えと", "あのう?ー*", "うーん", "じゃあ", "それでは", "それじゃあ?", "では",
    "はい", "できれば", "出来れば", "なるべく", "だいたい", "大体", "およそ", "約", "ちょうど", "ごろ", "頃", "ころ", "くらい", "ぐらい",
    "あたり", "(?:第[1-3])?希望(?:です|します|いたします)?", "予約(?:したい|します|をお願いします)?", "必着", "締切", "締め切り", "期限",
    "お?(?:願|ねが)い(?:します|いたします|致します|できますか|したい)?", "たのみます", "頼みます", "よろしく", "宜しく", "どうぞ",
    "(?:にして)?(?:ください|下さい)", "にします", "にしたい", "[いよ良]い", "よろしい", "都合", "どう", "でしょうか", "でしょう",
    "お?(?:伺い|うかがい)(?:します|したい)?", "(?:伺|うかが)います", "(?:行き|いき)(?:ます|たい)", "(?:行け|いけ)ます", "参ります",
    "空いて(?:い)?ます", "大丈夫", "(?:と)?(?:思い|おもい)ます", "と思う", "ですが", "ですね?", "ます", "ので", "かなあ?", "かしら",
    "の", "に", "は", "が", "を", "で", "ね", "よ",
)  # fmt: skip
_POLITE_ENGLISH = (
    "i'd like", "i would like", "would be", "please", "thank you", "thanks", "let's say", "how about", "in the", "around",
    "about", "maybe", "hello", "hi", "sorry", "good", "great", "fine", "best", "works", "for me", "will do", "on", "at", "the",
    "is", "ok", "okay", "so", "well", "um", "it's", "it",
)  # fmt: skip
_ENGLISH = "|".join(sorted(_POLITE_ENGLISH, key=len, reverse=True))
_FILLER = re.compile(f"(?:{'|'.join(_POLITE)}|(?:{_ENGLISH})(?![a-z']))")
_UNTIL = re.compile(r"まで(?:に)?|by(?![a-z])")
_BETWEEN = re.compile(r"または|もしくは|あるいは|から|か|と|や|~|-|/|(?:or|and|to|from)(?![a-z])")

T = TypeVar("T", date, datetime, time)


@dataclass
class _Said:
    """What was found in a text: every part, and what could not be understood."""

    days: list[Days] = field(default_factory=list)
    weekdays: set[int] = field(default_factory=set)
    clocks: list[Clock] = field(default_factory=list)
    halves: list[Half] = field(default_factory=list)
    wrong: Problem | None = None
    until: bool = False
    between: bool = False
    understood: bool = True

    def add(self, part: Days | Weekday | Clock | Half | Problem) -> None:
        match part:
            case Days():
                self.days.append(part)
            case Weekday():
                self.weekdays.add(part.number)
            case Clock():
                self.clocks.append(part)
            case Half():
                self.halves.append(part)
            case Problem():
                self.wrong = self.wrong or part
            case _:
                assert_never(part)


def _take(text: str, today: date) -> _Said:
    said, at = _Said(), 0
    while at < len(text):
        if found := day_at(text, at, today) or clock_at(text, at):
            part, at = found
            said.add(part)
        elif match := _FILLER.match(text, at):
            at = match.end()
        elif match := _UNTIL.match(text, at):
            said.until, at = True, match.end()
        elif match := _BETWEEN.match(text, at):
            said.between, at = True, match.end()
        else:
            said.understood = False
            break
    return said


# Spaces mean nothing beside Japanese signs and inside 11 / 24; between letters and digits they part words.
_LOOSE_SPACE = re.compile(r"(?<=[^0-9a-z:.,/-]) | (?=[^0-9a-z:.,/-])|(?<=[0-9]) (?=[:/-] ?[0-9])|(?<=[0-9][:/-]) (?=[0-9])")


def _plain(text: str, code: str) -> str | Problem:
    bare = text.strip()
    if len(bare) > _LONGEST:
        return Problem(code)
    plain = fold(bare)
    if not plain:
        return Problem("empty")
    if len(plain) > _LONGEST:  # one sign can unfold to eighteen
        return Problem(code)
    return with_digits(one_spelling(_LOOSE_SPACE.sub("", plain)))


def _day(said: _Said, today: date) -> date | Problem | None:
    """The day said; None when there was none or when it is only an end of something else."""
    if said.wrong:
        return said.wrong
    if not said.understood:
        return None
    day = settle(said.days, said.weekdays, today)
    return None if said.between and isinstance(day, date) else day


def _time(said: _Said) -> time | Problem | None:
    """The time said; None when there was none or the rest was not understood."""
    if not said.understood or not said.clocks:
        return None
    times = [time_of(clock, said.halves) for clock in said.clocks]
    if len({clock if isinstance(clock, Problem) else clock.isoformat() for clock in map(_keyed, times)}) > 1:
        return Problem("several_times")
    return None if said.between else times[0]
