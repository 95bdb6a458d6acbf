"""What a button carries: short ASCII that names the run and the question it belongs to, never a label."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Act(StrEnum):
    """What a tap inside a running flow asks for."""

    CHOOSE = "a"  # an option of a question
    DONE = "d"  # enough chosen
    PICK = "p"  # a native picker of a question
    BACK = "b"
    SKIP = "k"
    CANCEL = "x"
    CHANGE = "c"  # ask this question again
    ROWS = "r"  # show what can be changed
    SEND = "s"
    KEEP = "u"  # take the words that were answered as a question as the answer after all
    RESUME = "o"
    AS_IS = "w"  # seen again, and left as it was
    AGAIN = "e"  # take back all ticks
    FRESH = "n"  # the same form once more from its beginning


@dataclass(frozen=True)
class FlowTap:
    """A tap that belongs to one run of a flow, and mostly to one of its questions."""

    act: Act
    run: int
    question: str = ""
    option: str = ""

    def __str__(self) -> str:
        return flow_tap(self.act, self.run, self.question, self.option)


def flow_tap(act: Act, run: int, question: str = "", option: str = "") -> str:
    """The payload of a button of one run of a flow."""
    if option:
        return f"{act.value}:{run}:{question}:{option}"
    return f"{act.value}:{run}:{question}" if question else f"{act.value}:{run}"


@dataclass(frozen=True)
class StartTap:
    """Begin a flow."""

    flow: str

    def __str__(self) -> str:
        return f"f:{self.flow}"


@dataclass(frozen=True)
class CommandTap:
    """One of the global ways: menu, person, languages …"""

    name: str

    def __str__(self) -> str:
        return f"m:{self.name}"


@dataclass(frozen=True)
class ArticleTap:
    """Show this article; `language` where the person asked in another one than the talk is in."""

    article: str
    language: str = ""

    def __str__(self) -> str:
        return f"q:{self.article}:{self.language}" if self.language else f"q:{self.article}"


@dataclass(frozen=True)
class DetailsTap:
    """Show all that this article says; `version` is the one whose short answer was shown."""

    article: str
    version: int
    language: str = ""

    def __str__(self) -> str:
        return f"i:{self.article}:{self.version}" + (f":{self.language}" if self.language else "")


@dataclass(frozen=True)
class VerdictTap:
    """Whether the article, as shown in that version, helped."""

    article: str
    version: int
    helped: bool

    def __str__(self) -> str:
        return f"v:{self.article}:{self.version}:{'y' if self.helped else 'n'}"


@dataclass(frozen=True)
class LanguageTap:
    """Speak this language from now on."""

    language: str

    def __str__(self) -> str:
        return f"l:{self.language}"


class Stage(StrEnum):
    """When somebody is asked how it went: at the end of a case, after two weeks, after three months, and about telling
    others of it.
    """

    CLOSE = "close"
    WEEKS = "weeks"
    MONTHS = "months"
    PUBLIC = "public"


LATER = (Stage.WEEKS, Stage.MONTHS)  # a no then means that it is not over


@dataclass(frozen=True)
class OutcomeTap:
    """How it went with a case: y, n, or p for partly."""

    stage: Stage
    ref: str
    answer: str

    def __str__(self) -> str:
        return f"o:{self.stage.value}:{self.ref}:{self.answer}"


class Attend(StrEnum):
    """What somebody says to an appointment."""

    YES = "y"
    OTHER = "o"  # another day
    CANCEL = "x"


@dataclass(frozen=True)
class AppointmentTap:
    """An answer to the appointment of this number, as it was when the button was made."""

    number: int
    sequence: int
    answer: Attend

    def __str__(self) -> str:
        return f"at:{self.number}:{self.sequence}:{self.answer.value}"


@dataclass(frozen=True)
class WishTap:
    """What somebody wants to receive: `kind` is what is said (topic, often …), `code` the choice."""

    kind: str
    code: str

    def __str__(self) -> str:
        return f"w:{self.kind}:{self.code}"


@dataclass(frozen=True)
class StepTap:
    """First steps: the answers so far, which travel in the button and are kept nowhere."""

    answers: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ":".join(("t", *self.answers)) if self.answers else "t:begin"


class EventAct(StrEnum):
    """What a button of an event does."""

    MORE = "more"  # the next ones of what was looked for
    NARROW = "narrow"
    SHOW = "show"
    JOIN = "join"
    MINE = "mine"
    LEAVE = "leave"
    TAKE = "take"  # the place that was offered
    PASS = "pass"  # noqa: S105 - let it go to the next in line
    RATE = "rate"


@dataclass(frozen=True)
class EventTap:
    """A button of an event or of a sign-up; `key` names it, `said` is y, p or n where it is rated."""

    act: EventAct
    key: str = ""
    said: str = ""

    def __str__(self) -> str:
        return f"h:{self.act.value}" + (f":{self.key}" if self.key else "") + (f":{self.said}" if self.said else "")


class GrantAct(StrEnum):
    """What a button of a call for grants does."""

    MORE = "more"  # the next ones
    SHOW = "show"
    USE = "use"
    APPLIED = "applied"
    NOT_US = "not"
    READ = "read"  # help me read it
    WRITE = "write"  # help me write
    DROP = "drop"  # what was said of the group goes


@dataclass(frozen=True)
class GrantTap:
    """A button of a call for grants, by its number."""

    act: GrantAct
    key: str = ""

    def __str__(self) -> str:
        return f"g:{self.act.value}" + (f":{self.key}" if self.key else "")


Dated = AppointmentTap | EventTap | GrantTap
Tap = (
    FlowTap
    | StartTap
    | CommandTap
    | ArticleTap
    | DetailsTap
    | VerdictTap
    | LanguageTap
    | OutcomeTap
    | Dated
    | WishTap
    | StepTap
)

_NAME = r"[A-Za-z][A-Za-z0-9_-]{0,39}"
_FLOW = re.compile(rf"([a-z]):(\d{{1,9}})(?::({_NAME}))?(?::([A-Za-z0-9_:-]{{1,40}}))?")
_OTHER = re.compile(rf"([fml]):({_NAME})")
_ARTICLE = re.compile(rf"q:({_NAME})(?::(zh|ko))?")
_DETAILS = re.compile(rf"i:({_NAME}):(\d{{1,9}})(?::(zh|ko))?")
_VERDICT = re.compile(rf"v:({_NAME}):(\d{{1,9}}):([yn])")
_OUTCOME = re.compile(r"o:(close|weeks|months|public):([0-9A-Z]{3}-[0-9A-Z]{4}):([ynp])")
_APPOINTMENT = re.compile(r"at:(\d{1,9}):(\d{1,6}):([yox])")
_WISH = re.compile(r"w:(topic|area|role|often|quiet|day|time|way|page|take|later|again|why):([A-Za-z0-9_-]{1,40})")
_STEP = re.compile(r"t((?::[a-z_]{1,12}){1,3})")
_EVENT = re.compile(rf"h:({'|'.join(EventAct)})(?::([A-Za-z0-9]{{1,18}})(?::([ypn]))?)?")
_GRANT = re.compile(rf"g:({'|'.join(GrantAct)})(?::(\d{{1,9}}))?")
_LONGEST = 64  # what Telegram takes
_ACTS = {act.value for act in Act}
_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Tap]], ...] = (
    (_VERDICT, lambda found: VerdictTap(found[1], int(found[2]), found[3] == "y")),
    (_EVENT, lambda found: EventTap(EventAct(found[1]), found[2] or "", found[3] or "")),
    (_GRANT, lambda found: GrantTap(GrantAct(found[1]), found[2] or "")),
    (_OUTCOME, lambda found: OutcomeTap(Stage(found[1]), found[2], found[3])),
    (_APPOINTMENT, lambda found: AppointmentTap(int(found[1]), int(found[2]), Attend(found[3]))),
    (_DETAILS, lambda found: DetailsTap(found[1], int(found[2]), found[3] or "")),
    (_ARTICLE, lambda found: ArticleTap(found[1], found[2] or "")),
    (_WISH, lambda found: WishTap(found[1], found[2])),
    (_STEP, lambda found: StepTap(() if found[1] == ":begin" else tuple(found[1][1:].split(":")))),
)


def read(raw: str) -> Tap | None:
    """The tap behind `raw`, or None for anything we did not write ourselves."""
    return _read(raw) if len(raw) <= _LONGEST else None


@lru_cache(maxsize=1024)  # a turn asks several times, and most people tap the same few buttons
def _read(raw: str) -> Tap | None:
    if found := _FLOW.fullmatch(raw):
        act, run, question, option = found.groups()
        return FlowTap(Act(act), int(run), question or "", option or "") if act in _ACTS else None
    for shape, tap in _SHAPES:
        if found := shape.fullmatch(raw):
            return tap(found)
    if found := _OTHER.fullmatch(raw):
        kind, name = found.groups()
        match kind:
            case "f":
                return StartTap(name)
            case "m":
                return CommandTap(name)
            case _:
                return LanguageTap(name)
    return None
