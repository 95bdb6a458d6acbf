"""Questions answered in a person's own words, figures, dates or files."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from dialogs import fields
from dialogs.dates import say_day, say_moment, say_time
from dialogs.heard import Showed, Thing
from dialogs.problem import Problem
from dialogs.question import Question, Scene
from dialogs.saying import PickerKind
from dialogs.when import read_date, read_moment, read_time


class Text(Question[str]):
    """A few words, at most `at_most` characters as people count them."""

    free = True

    def __init__(self, at_most: int = 60, **rest: Any) -> None:
        super().__init__(**rest)
        self.at_most = at_most

    def load(self, raw: Any) -> str | None:
        """See Question."""
        return raw if isinstance(raw, str) and raw else None

    def read(self, text: str, scene: Scene) -> str | Problem | None:
        """See Question."""
        return fields.read_text(text, self.at_most)


class LongText(Text):
    """A story of several lines."""

    long = True

    def __init__(self, at_most: int = 1000, **rest: Any) -> None:
        super().__init__(at_most, **rest)


class Number(Question[int]):
    """A whole number within bounds."""

    def __init__(self, at_least: int = 0, at_most: int = 999_999, **rest: Any) -> None:
        super().__init__(**rest)
        self.at_least, self.at_most = at_least, at_most

    def load(self, raw: Any) -> int | None:
        """See Question."""
        fits = isinstance(raw, int) and not isinstance(raw, bool) and self.at_least <= raw <= self.at_most
        return raw if fits else None

    def read(self, text: str, scene: Scene) -> int | Problem | None:
        """See Question."""
        return fields.read_number(text, self.at_least, self.at_most)


class Phone(Question[str]):
    """A telephone number in Japan."""

    def load(self, raw: Any) -> str | None:
        """See Question."""
        return raw if isinstance(raw, str) and raw else None

    def read(self, text: str, scene: Scene) -> str | Problem | None:
        """See Question."""
        return fields.read_phone(text)


class Mail(Phone):
    """A mail address."""

    def read(self, text: str, scene: Scene) -> str | Problem | None:
        """See Question."""
        return fields.read_mail(text)


class Postcode(Phone):
    """A Japanese postcode."""

    def read(self, text: str, scene: Scene) -> str | Problem | None:
        """See Question."""
        return fields.read_postcode(text)


class Day(Question[date]):
    """A date; `future` refuses days that have passed."""

    picker = PickerKind.DATE

    def __init__(self, *, future: bool = False, **rest: Any) -> None:
        super().__init__(**rest)
        self.future = future

    def load(self, raw: Any) -> date | None:
        """See Question."""
        try:
            return date.fromisoformat(raw)
        except (TypeError, ValueError):
            return None

    def read(self, text: str, scene: Scene) -> str | Problem | None:
        """See Question."""
        said = read_date(text, scene.now.date())
        if isinstance(said, Problem):
            return said
        if self.future and said < scene.now.date():
            return Problem("too_early")
        return said.isoformat()

    def over(self, raw: Any, now: datetime) -> bool:
        """See Question."""
        return self.future and not self.passed(raw) and date.fromisoformat(raw) < now.date()

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        day = date.fromisoformat(raw)
        said = say_day(day, scene.words)
        return said if day.year == scene.now.year else scene.words.say("when.year", year=day.year, day=said)


class Clock(Question[time]):
    """A time of day."""

    picker = PickerKind.TIME

    def load(self, raw: Any) -> time | None:
        """See Question."""
        try:
            return time.fromisoformat(raw)
        except (TypeError, ValueError):
            return None

    def read(self, text: str, scene: Scene) -> str | Problem | None:
        """See Question."""
        said = read_time(text)
        return said if isinstance(said, Problem) else said.isoformat(timespec="minutes")

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        return say_time(datetime.combine(scene.now.date(), time.fromisoformat(raw)), scene.words)


class Moment(Question[datetime]):
    """A date and a time in the centre's zone, not in the past."""

    picker = PickerKind.MOMENT

    def load(self, raw: Any) -> datetime | None:
        """See Question."""
        try:
            return datetime.fromisoformat(raw)
        except (TypeError, ValueError):
            return None

    def read(self, text: str, scene: Scene) -> str | Problem | None:
        """See Question."""
        now = scene.now.replace(tzinfo=None)
        said = read_moment(text, now, scene.half)
        if isinstance(said, Problem):
            return said
        return Problem("too_early") if said < now else said.isoformat(timespec="minutes")

    def over(self, raw: Any, now: datetime) -> bool:
        """See Question."""
        return not self.passed(raw) and datetime.fromisoformat(raw) < now.replace(tzinfo=None)

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        return say_moment(datetime.fromisoformat(raw), scene.words)


class File(Question[str]):
    """A picture or a document; the answer keeps the platform's id of its content and its name."""

    def load(self, raw: Any) -> str | None:
        """See Question."""
        return str(raw["ref"]) if isinstance(raw, dict) and raw.get("ref") else None

    def read(self, text: str, scene: Scene) -> Problem:
        """Words are not a file."""
        return Problem("file_wanted")

    def showed(self, thing: Showed) -> dict[str, str] | None:
        """See Question."""
        if thing.thing not in (Thing.PICTURE, Thing.FILE) or not thing.ref:
            return None
        return {"ref": thing.ref, "name": thing.name, "kind": thing.thing.value}

    def show(self, raw: Any, scene: Scene) -> str:
        """See Question."""
        return str(raw["name"]) or scene.words.say(f"thing_name.{raw['kind']}")
