"""What came of a turn besides words: things to be filed, handed over or remembered, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dialogs.flow import Mode, Row
from dialogs.saying import Message
from dialogs.session import Session
from dialogs.tap import LATER, Attend, EventAct, GrantAct, Stage
from dialogs.wishes import Wishes, WishesAsked


@dataclass(frozen=True)
class Filed:
    """A flow was finished and sent: a case for the coordinators."""

    ref: str
    flow: str
    revision: int
    topics: tuple[str, ...]
    urgency: str
    mode: Mode
    rows: tuple[Row, ...]
    record: Mapping[str, Any]


@dataclass(frozen=True)
class PersonWanted:
    """The person wants a human, or must have one. `words` are theirs, if any; `why` is asked, missed or sensitive."""

    ref: str
    why: str
    words: str
    rows: tuple[Row, ...] = ()
    flow: str = ""


@dataclass(frozen=True)
class Alarm:
    """Words of danger: staff are told first, before anything else. `reason` is the kind, such as self_harm."""

    ref: str
    words: str
    reason: str = ""


@dataclass(frozen=True)
class Shown:
    """An article was shown as the answer."""

    article: str
    version: int
    language: str


@dataclass(frozen=True)
class Judged:
    """The person said whether an article helped; `version` is 0 where that was typed and not tapped.

    `words` are the question it was the answer to, where that is known.
    """

    article: str
    version: int
    helped: bool
    words: str = ""


@dataclass(frozen=True)
class Missed:
    """Words that found no answer."""

    words: str


@dataclass(frozen=True)
class Consented:
    """Agreement to the consent text of a version; `version` is None when it was refused or withdrawn."""

    version: str | None


@dataclass(frozen=True)
class ForgetMe:
    """「消して」, confirmed: everything about the person goes."""


@dataclass(frozen=True)
class TellMine:
    """「何を持っていますか」: what is kept about the person is shown to them."""


@dataclass(frozen=True)
class CodeWanted:
    """The person wants a code by which another channel of theirs can be joined to this one."""


@dataclass(frozen=True)
class JoinWanted:
    """The person agreed that this channel and the one whose code they typed are theirs: one person from now on."""


@dataclass(frozen=True)
class JoinDeclined:
    """The person does not want to be joined to whoever drew the code they typed."""


@dataclass(frozen=True)
class PartWanted:
    """The person wants their channels apart again."""


@dataclass(frozen=True)
class Outcome:
    """How it went with an earlier case of theirs: at `stage` the person says y, n or p for partly."""

    stage: Stage
    ref: str
    answer: str

    @property
    def reopens(self) -> bool:
        """Whether it says that it is not over."""
        return self.stage in LATER and self.answer == "n"


@dataclass(frozen=True)
class Attending:
    """What the person says to an appointment of theirs, as it was when they were asked."""

    number: int
    sequence: int
    answer: Attend


@dataclass(frozen=True)
class Completed:
    """A flow that opens no case was sent: whoever carries it out says what came of it."""

    flow: str
    record: Mapping[str, Any]


@dataclass(frozen=True)
class EventWish:
    """A button about a sign-up of theirs: not to come, to take an offered place or let it pass, what it was like."""

    act: EventAct
    key: str
    said: str = ""


@dataclass(frozen=True)
class GrantWish:
    """How somebody stands to a call for grants from now on, by its number; or what they said of their group goes."""

    act: GrantAct
    key: str


Errand = Completed | EventWish | GrantWish
Joining = CodeWanted | JoinWanted | JoinDeclined | PartWanted
Wishing = Wishes | WishesAsked
Deed = (
    Filed
    | PersonWanted
    | Alarm
    | Shown
    | Judged
    | Missed
    | Consented
    | ForgetMe
    | TellMine
    | Outcome
    | Attending
    | Joining
    | Wishing
    | Errand
)


def moves(deed: Deed) -> bool:
    """Whether somebody is another person afterwards, or in another case."""
    return isinstance(deed, JoinWanted | PartWanted) or (isinstance(deed, Outcome) and deed.reopens)


@dataclass(frozen=True)
class Turn:
    """The outcome of hearing one message: the new session, what is said, what is to be done."""

    session: Session
    messages: tuple[Message, ...] = ()
    deeds: tuple[Deed, ...] = ()
