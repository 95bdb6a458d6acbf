"""What hearing needs besides the database: the same for everybody, and what the centre sets as it holds now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import ourselves
from bot.billboard import Billboard
from bot.grant_board import GrantBoard
from bot.look import Look, danger
from bot.ports import Itself
from bot.rulebook import Rulebook
from dialogs.around import Found, House
from dialogs.heard import Heard, Tapped, Typed
from dialogs.question import Item
from dialogs.stopping import stops
from dialogs.tap import AppointmentTap, CommandTap, EventTap, GrantAct, GrantTap, LanguageTap, OutcomeTap, WishTap, read
from dialogs.words import plain, plain_label
from knowledge.asking import asks_like_question
from knowledge.clocks import Clocks
from knowledge.hours import Calendar

_BESIDES = OutcomeTap | AppointmentTap | EventTap | WishTap
SHORT = 40  # signs: a global word is said alone
SLOT_DAYS, SLOTS_SHOWN = 14, 9

Board = Callable[[datetime], Mapping[str, Sequence[Item]]]


@dataclass(frozen=True)
class Mind:
    """What the centre has set, the search, the centre's zone, and where our own pages are."""

    book: Rulebook
    look: Look
    zone: ZoneInfo
    public_url: str
    learns: bool = True  # from what people say of answers
    board: Board | None = None  # events, grants and rooms, as the menu lists them
    known: Mapping[str, Itself] = field(default_factory=dict)  # fills when the platforms have told
    prefix: str = ""  # how a line in a group begins that is meant for us
    billboard: Billboard = field(init=False, repr=False, compare=False)
    grants: GrantBoard = field(init=False, repr=False, compare=False)
    _of_minute: dict[tuple[int, datetime], Sequence[Item]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def house(self) -> House:
        """The engine's house, under the name that the centre has now."""
        return self.book.house

    @property
    def calendar(self) -> Calendar:
        """When somebody is there."""
        return self.book.now.centre.opening

    @property
    def clocks(self) -> Clocks:
        """By when the centre answers."""
        return self.book.now.clocks

    @property
    def asked(self) -> frozenset[str]:
        """The questions that are asked after a case."""
        return self.book.now.asked

    def alone(self, channel: str) -> str:
        """The address that opens a talk with us alone on a platform, "" while nobody knows it."""
        return ourselves.alone(channel, self.known)

    def __post_init__(self) -> None:
        object.__setattr__(self, "billboard", Billboard(self.zone, self.public_url))
        object.__setattr__(self, "grants", GrantBoard(self.zone, self.public_url))

    def danger(self, heard: Heard, language: str) -> Found | None:
        """The fixed words for words of danger; None for all else. Costs nothing beside a search."""
        return danger(heard.text, language, self.book.now.emergency) if isinstance(heard, Typed) else None

    def asking(self, heard: Heard) -> bool:
        """Whether words sound like a question; True for all that is not words."""
        return not isinstance(heard, Typed) or asks_like_question(heard.text)

    def local(self, moment: datetime) -> datetime:
        """A moment on the centre's own clock."""
        return moment.astimezone(self.zone)

    def promise(self, now: datetime) -> datetime | None:
        """When somebody reads it: the next opening, or None while the centre is open."""
        local = self.local(now)
        return None if self.calendar.is_open(local) else self.calendar.next_open(local)

    def by(self, now: datetime, minutes: int | None) -> datetime | None:
        """By when somebody answers, if replies take so many minutes of opening time; None when nobody knows."""
        return None if minutes is None else self.local(self.clocks.bound(self.local(now), minutes))

    def opening_in(self, now: datetime, days: int) -> datetime:
        """The first moment the centre is open, so many days from now."""
        day = (self.local(now) + timedelta(days=days)).replace(hour=0, minute=0, second=0, microsecond=0)
        return self.calendar.next_open(day)

    def wish(self, heard: Heard) -> str | None:
        """The global word that was said or tapped, or the language; None for everything else."""
        match heard:
            case Tapped(raw):
                tap = read(raw)
                return (
                    tap.name if isinstance(tap, CommandTap) else tap.language if isinstance(tap, LanguageTap) else None
                )
            case Typed(text) if stops(text):
                return "stop"
            case Typed(text) if len(text) < SHORT:
                books, form = self.house.library.values(), plain(text)
                if any(plain_label(book.say("forget.yes")) == form for book in books):
                    return "forget_sure"
                return next((book.spoken[form] for book in books if form in book.spoken), None)
            case _:
                return None

    def answer(self, heard: Heard) -> OutcomeTap | AppointmentTap | None:
        """How an earlier case went, or what a person says to an appointment: the bot answers, whoever holds a case."""
        tap = read(heard.tap) if isinstance(heard, Tapped) else None
        return tap if isinstance(tap, OutcomeTap | AppointmentTap) else None

    def besides(self, heard: Heard) -> bool:
        """Whether it is about announcements, an earlier case, a meeting, a sign-up or a grant: the bot answers, whoever
        holds a case of theirs. Help with a grant is what that coordinator is for.
        """
        tap = read(heard.tap) if isinstance(heard, Tapped) else None
        if isinstance(tap, GrantTap):
            return tap.act not in {GrantAct.READ, GrantAct.WRITE, GrantAct.MORE}
        return isinstance(tap, _BESIDES) or self.wish(heard) in ("receive", "why")

    def shelves(self, now: datetime) -> Mapping[str, Sequence[Item]]:
        """What flows may ask for, as of now."""
        board = self.board(self.local(now)) if self.board else {}
        return {**board, "consulting_hours": self._hours(now.replace(second=0, microsecond=0))}

    def _hours(self, minute: datetime) -> Sequence[Item]:
        """The next free hours, worked out once a minute: they begin on whole ones."""
        centre, known = self.book.now.centre, (self.book.turn, minute)
        if known not in self._of_minute:
            self._of_minute.clear()
            slots = centre.consulting.slots(self.local(minute), SLOT_DAYS, centre.slot_minutes)[:SLOTS_SHOWN]
            self._of_minute[known] = tuple(Item(slot.strftime("%Y-%m-%dT%H:%M")) for slot in slots)
        return self._of_minute[known]
