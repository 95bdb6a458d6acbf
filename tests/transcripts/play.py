"""Plays a written conversation through the engine and the real search, as JSON between messages, and writes it down.

A transcript holds, line by line:

    # a comment                          kept
    :: own                               from here on the centre's own page (private questions are asked there)
    :: chat                              from here on a chat (the default)
    :: group [prefix]                    from here on a group of residents, where only what is said to us is heard
    :: agreed                            the greeting and the consent are behind us
    :: form {answers}                    so are these answers of the consultation, as JSON
    @ 20h                                time passes (h, d)
    >>> word                             the person adds the bot or comes back, through a link with that word
    > words                              what the person types (\\n for a new line, \\u202e for a sign nobody sees)
    >* number words                      the same, that often
    >> label                             a tap on the button with that label, the newest one that has it
    >> raw tap                           any other tap, as an old or a forged button would send it
    >~ value                             a value from the native picker of the newest question
    >! sticker                           something that is not words
    >+ question value                    an answer given on the centre's own page
    !! case | claimed | none             what the desk does meanwhile
    !! joined                            the person has another channel, joined by a code
    !! code fits | own | wrong | …       what the next words are worth as a code of another channel

Everything else is written by the player: what the bot said, its buttons in [ ], and what came of it after =>.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.frontdesk import FrontDesk
from bot.look import Look, danger
from dialogs.around import Around, Code, House, OpenCase, Promise
from dialogs.circle import turn_in_circle
from dialogs.deeds import Deed
from dialogs.flow import Row
from dialogs.flows import ALL
from dialogs.grant import Grant, Miss
from dialogs.happening import Happening
from dialogs.heard import Came, Filled, Heard, Picked, Showed, Tapped, Thing, Typed
from dialogs.heard import from_json as heard_from
from dialogs.heard import to_json as heard_to
from dialogs.question import Item
from dialogs.saying import Message
from dialogs.session import Session
from dialogs.turn import turn
from dialogs.wishes import Receiving
from dialogs.words import bracketed, library
from knowledge import rules
from knowledge.asking import asks_like_question
from tests.ours import shelf

FOLDER = Path(__file__).parent
ZONE = ZoneInfo("Asia/Tokyo")
START = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)  # a Tuesday
SLOTS = ((1, 10), (1, 14), (3, 14), (7, 14))  # days from now, and the hour
LONG = 200  # longer words are shortened in a transcript
_ESCAPE = re.compile(r"\\n|\\u([0-9a-f]{4})")
EVENTS = (
    Happening(
        "1",
        "落ち葉そうじの会",
        starts=datetime(2026, 11, 29, 10, 0, tzinfo=ZONE),
        ends=datetime(2026, 11, 29, 12, 0, tzinfo=ZONE),
        place="中央公園",
        free=True,
    ),
)


GRANTS = (
    Grant(
        "7",
        "はじめての活動 応援助成",
        funder="みほん財団",
        ceiling=100_000,
        rate=75,
        closes=date(2027, 1, 8),
        costs="会場費、印刷費",
        checked=date(2026, 11, 20),
        source="https://example.jp/",
        url="https://centre.example/grants/7",
        known=True,
        misses=(Miss("years_from", True, number=3),),
    ),
    Grant("8", "まちの居場所助成", funder="みほん基金", closes=date(2026, 12, 1), delivery="postmark", known=True),
)
WAYS = ((7, "line"), (8, "telegram"))
MEANT = {"topic": frozenset({"events", "courses"}), "area": frozenset({"asakusa"})}  # of every announcement here


@cache
def look() -> Look:
    """The real front desk before the real search."""
    return FrontDesk(shelf(), rules.load_centre, library())


@cache
def house() -> House:
    """The flows and words of this release for a made-up centre."""
    names = {
        "ja": "みほんセンター",
        "ja-easy": "みほんセンター",
        "en": "the sample centre",
        "zh": "样例中心",
        "ko": "견본 센터",
    }
    return House(ALL, library(), names)


@dataclass
class Player:
    """One conversation; `out` is the transcript as it was played."""

    house: House = field(default_factory=house)
    look: Look = field(default_factory=look)
    now: datetime = START
    own: bool = False
    group: bool = False
    prefix: str = ""
    case: OpenCase | None = None
    joined: bool = False
    code: Code | None = None
    receiving: Receiving = field(default_factory=partial(Receiving, ways=WAYS[:1]))
    session: Session = field(default_factory=Session)
    shown: list[Message] = field(default_factory=list)
    out: list[str] = field(default_factory=list)

    def play(self, script: str) -> str:
        """Play every line of a person; what the bot said before is written anew."""
        for line in script.splitlines():
            if line.startswith((">", "@", "::", "!!", "#")) or not line.strip():
                self._line(line)
        return "\n".join(self.out).rstrip() + "\n"

    def _line(self, line: str) -> None:
        self.out.append(line)
        if line.startswith("@ "):
            amount, unit = int(line[2:-1]), line[-1]
            self.now += timedelta(hours=amount * (24 if unit == "d" else 1))
        elif line.startswith(":: "):
            self._set(line[3:].strip())
        elif line.startswith("!! "):
            self._desk(line[3:].strip())
        elif line.startswith(">"):
            self.hear(self._heard(line))

    def _desk(self, state: str) -> None:
        if state == "joined":
            self.joined, self.receiving = True, replace(self.receiving, ways=WAYS)
        elif state.startswith("code "):
            self.code = Code(state[5:])
        else:
            self.case = None if state == "none" else OpenCase("K7M-4QH2", state == "claimed")

    def _set(self, stage: str) -> None:
        kind, _, rest = stage.partition(" ")
        match kind:
            case "own" | "chat":
                self.own = kind == "own"
            case "group":
                self.group, self.prefix = True, rest
            case "agreed":
                now = self.now.isoformat(timespec="seconds")
                self.session = replace(self.session, met=True, consented=self.house.consent_version, seen_at=now)
            case "form":
                self._set("agreed")
                self.session = replace(self.session, flow="consultation", revision=1, run=1, answers=json.loads(rest))
            case _:
                raise ValueError(f"the player does not know the stage: {stage}")

    def _heard(self, line: str) -> Heard:
        kind, _, rest = line.partition(" ")
        match kind:
            case ">":
                return Typed(_typed(rest))
            case ">*":
                number, _, words = rest.partition(" ")
                return Typed(_typed(words) * int(number))
            case ">>":
                return Tapped(self._tap(rest))
            case ">~":
                picker = next(m.picker for m in reversed(self.shown) if m.picker)
                return Picked(picker.tap, rest)
            case ">!":
                return Showed(Thing(rest))
            case ">+":
                question, _, value = rest.partition(" ")
                return Filled(self.session.flow or "", self.session.run, question, value)
            case ">>>":
                return Came(rest)
            case _:
                raise ValueError(f"the player does not know: {line}")

    def _tap(self, label: str) -> str:
        for message in reversed(self.shown):
            for button in message.buttons:
                if bracketed(button.label) == label:
                    return button.tap
        return label

    def _slots(self) -> list[str]:
        """Free times of the next days, by the clock of the conversation."""
        moments = (self.now.replace(hour=hour) + timedelta(days=days) for days, hour in SLOTS)
        return [moment.strftime("%Y-%m-%dT%H:%M") for moment in moments]

    def hear(self, heard: Heard) -> tuple[Message, ...]:
        """One message, everything through JSON as it would be between two processes."""
        heard = heard_from(json.loads(json.dumps(heard_to(heard), ensure_ascii=False)))
        around = Around(
            now=self.now,
            ref="K7M-4QH2",
            found=danger(heard.text, self.session.language) if isinstance(heard, Typed) else None,
            asking=not isinstance(heard, Typed) or asks_like_question(heard.text),
            code=self.code,
            joined=self.joined,
            later=partial(self.look, heard, self.session.language, self.now.date(), self.session.answered),
            shelves={"consulting_hours": [Item(slot) for slot in self._slots()], "events": EVENTS, "grants": GRANTS},
            own=self.own,
            promise=Promise(self.now.replace(hour=9) + timedelta(days=1)),
            open_case=self.case,
            alone="https://line.me/R/ti/p/%40nakodo",
            prefix=self.prefix,
            receives=lambda: self.receiving,
            meant=lambda _: MEANT,
        )
        self.code = None
        made = (turn_in_circle if self.group else turn)(self.house, self.session, heard, around)
        self.session = Session.from_json(json.loads(json.dumps(made.session.to_json(), ensure_ascii=False)))
        for deed in made.deeds:
            self.receiving = self.receiving.after(deed, self.now)
        messages = tuple(
            Message.from_json(json.loads(json.dumps(m.to_json(), ensure_ascii=False))) for m in made.messages
        )
        for message in messages:
            self.shown.append(message)
            self.out += list(_lines(message))
        self.out += [f"  => {_deed(deed)}" for deed in made.deeds]
        return messages


def _typed(written: str) -> str:
    """What a line of a transcript stands for: escapes become the signs that a page cannot show."""
    return _ESCAPE.sub(lambda found: "\n" if found[0] == "\\n" else chr(int(found[1], 16)), written)


def _written(said: str) -> str:
    """The inverse for what nobody could see on the page: controls, and marks that turn or hide text."""
    return "".join(f"\\u{ord(sign):04x}" if unicodedata.category(sign) in ("Cc", "Cf") else sign for sign in said)


def _lines(message: Message) -> Iterator[str]:
    for line in bracketed(message.text).split("\n"):
        yield f"  {_written(line) or '¶'}"
    if message.buttons or message.picker or message.page:
        labels = [f"[{bracketed(button.label)}]" for button in message.buttons]
        if message.picker:
            labels.insert(0, f"[◷ {message.picker.label}]")
        if message.page:
            labels.insert(0, f"[→ {message.page.label}]")
        yield "  " + " ".join(labels)


def _deed(deed: Deed) -> str:
    values = {f.name: _plain(getattr(deed, f.name)) for f in fields(deed)}
    return " ".join([type(deed).__name__, *([json.dumps(values, ensure_ascii=False)] if values else [])])


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _written(value) if len(value) < LONG else f"{_written(value[:20])}… ({len(value)} characters)"
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Row):
        return f"{value.label}:{value.value}"
    return value
