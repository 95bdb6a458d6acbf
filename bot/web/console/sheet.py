"""Cases and their talk as rows of a file, in the words of the console, each row with the mark of whose file it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.told import answered, in_japanese
from bot.web.console.bubbles import Beside, bubbles
from bot.web.console.rows import title, urgency
from bot.web.console.words import known, word
from dialogs.around import House
from storage.casefile import Case, Mode
from storage.exports import Export, Wanted
from storage.talk import Said

_CASE = ("ref", "title", "urgency", "state", "mode", "language", "opened", "closed", "holder", "answers", "mark")
_TALK = ("ref", "at", "who", "words", "mark")


@dataclass(frozen=True)
class Stamp:
    """Whose file it is: every row ends with who took it out, when, why, and under which number."""

    one: Export
    zone: ZoneInfo

    def at(self, moment: datetime | None) -> str:
        """A moment on the centre's clock; empty for none."""
        return "" if moment is None else f"{moment.astimezone(self.zone):%Y-%m-%d %H:%M}"

    def on(self, row: Sequence[str]) -> list[str]:
        """A row with the mark at its end."""
        one = self.one
        mark = word("sheet.stamp", number=one.id, name=one.staff_name, at=self.at(one.at), why=one.reason)
        return [*row, mark]


def head_of(wanted: Wanted) -> list[str]:
    """The names of the columns."""
    return [word("sheet." + name) for name in (_CASE if wanted.case_id is None else _TALK)]


def case_rows(found: Iterable[Case], house: House, stamp: Stamp) -> list[list[str]]:
    """One row for each case; what was told in private stays out unless the file is for it."""
    return [stamp.on([*_cover(case, house, stamp), _told(case, house, stamp.one.wanted)]) for case in found]


def _cover(case: Case, house: House, stamp: Stamp) -> list[str]:
    head = case.head
    return [
        head.ref,
        title(head, house.library["ja"]),
        urgency(head),
        word("state." + head.state.value),
        word("mode." + head.mode.value),
        known("language", head.language, "ja"),
        stamp.at(head.opened_at),
        stamp.at(head.closed_at),
        head.holder_name or "",
    ]


def _told(case: Case, house: House, wanted: Wanted) -> str:
    if case.head.mode is Mode.PRIVATE and not wanted.secrets:
        return word("sheet.private")
    return "\n".join(f"{label}: {value}" for label, value in answered(in_japanese(case, house), house.library))


def talk_rows(case: Case, said: Sequence[Said], house: House, stamp: Stamp) -> list[list[str]]:
    """One row for each line of the talk of a case; at the beginning of the file also for each answer of its form."""
    ref, rows = case.head.ref, []
    if stamp.one.parts == 0:
        told = answered(in_japanese(case, house), house.library)
        rows = [[ref, stamp.at(case.head.opened_at), label, value] for label, value in told]
    shown = bubbles(said, Beside({}, {}, {}, case.head))
    rows += [[ref, stamp.at(one.at), one.name, one.text or one.doing] for one in shown]
    return [stamp.on(row) for row in rows]
