"""What the queue can be narrowed down by, and the ways to look at it that were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.web.console.words import known, word
from dialogs.words import LANGUAGES
from storage import staff, tags, views
from storage.crypt import Vault
from storage.may import Deed, Reach, may
from storage.sight import Sight
from storage.staff import Member
from storage.views import View
from storage.worklist import WHATEVER, Narrow

_URGENCIES = ("urgent", "today", "week", "month", "none")


@dataclass(frozen=True)
class Choice:
    """One field of the form: its options as (value, words), and what is chosen."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str

    @property
    def said(self) -> str:
        """The words of what is chosen; empty for whatever."""
        return dict(self.options).get(self.chosen, "")


@dataclass(frozen=True)
class Lens:
    """The form, and one's ways to look; `tags` are what can be offered, `asked` how it is looked at now."""

    choices: Sequence[Choice]
    views: Sequence[View]
    tags: Sequence[str]
    colleagues: Sequence[Member]
    asked: str
    on: bool


def lens(conn: Connection, vault: Vault, now: tuple[Narrow, str], member: Member, sees: Sight) -> Lens:
    """For whoever sees this much; `now` is what it is narrowed to, and the whole as the end of an address."""
    narrow, asked = now
    everybody = [one for one in staff.everybody(conn) if one.active and may(one.role, Deed.WORK) is not Reach.NONE]
    people = [one for one in everybody if not sees.own or one.id == member.id]
    offered = tags.offered(conn, vault, sees)
    choices = [
        Choice("urgency", word("narrow.urgency"), [(one, known("urgency", one)) for one in _URGENCIES], narrow.urgency),
        Choice(
            "language", word("narrow.language"), [(one, known("language", one, "ja")) for one in LANGUAGES],
            narrow.language,
        ),
        Choice("holder", word("narrow.holder"), [(str(one.id), one.name) for one in people], _told(narrow.holder)),
        Choice("tag", word("narrow.tag"), [(str(one.id), one.words) for one in offered], _told(narrow.tag)),
    ]  # fmt: skip
    return Lens(
        choices=choices,
        views=views.seen(conn, vault, member.id),
        tags=[one.words for one in offered],
        colleagues=[one for one in people if one.id != member.id],
        asked=asked,
        on=narrow != WHATEVER,
    )


def _told(number: int) -> str:
    return str(number) if number else ""
