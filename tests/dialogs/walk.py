"""Walks through conversations at random and holds every single turn to what is promised to people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.around import Around, Card, Finding, Found, House, OpenCase
from dialogs.deeds import Completed, EventWish, Filed, TellMine, Turn
from dialogs.heard import Came, Filled, Heard, Left, Picked, Showed, Tapped, Thing, Typed, Withdrew
from dialogs.heard import from_json as heard_from
from dialogs.heard import to_json as heard_to
from dialogs.place import find_place
from dialogs.question import Item
from dialogs.questions import Clock, Day, File, Mail, Moment, Number, Phone, Postcode, Slot
from dialogs.saying import Message
from dialogs.session import Session
from dialogs.tap import Act as Step
from dialogs.tap import FlowTap, read
from dialogs.turn import turn

START = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
MOST_MESSAGES = 5  # LINE takes no more in one reply
CARDS = tuple(
    Card(
        f"article-{n}",
        n + 1,
        f"Title {n}",
        f"Text {n}\n出典:ある本",
        next_step="consultation" if n else "",
        details=f"Details {n}" if n != 1 else "",
        related=(("article-0", "Title 0"), ("article-1", "Title 1"), ("article-2", "Title 2")),
        language="zh" if n == 2 else "",
    )
    for n in range(3)
)
FINDINGS: Sequence[Found | None] = (
    None,
    *(Found(kind, CARDS[:1], question) for kind in Finding for question in (True, False) if kind is not Finding.URGENT),
    Found(Finding.CHOOSE, CARDS, question=True),
    Found(Finding.URGENT, reason="fire", urgent="119"),
)
TEXTS: Sequence[str] = (
    "はい", "いいえ", "もどる", "やめる", "メニュー", "人と話したい", "とばす", "消して", "何を持っていますか",
    "同意する", "同意しない", "english", "やさしい日本語", "日本語", "使い方", "送る", "直す", "このままにする",
    "選びなおす", "これで次へ", "つづける", "いまの文を答えにする", "やめて消す", "すべて消す", "ありません",
    "わからない", "こんにちは", "ありがとう", "相談を申し込む", "the everything form", "1", "２", "③", "1と2",
    "99", "3番です", "窓口", "お金・助成、広報", "no", "Back", "明日", "来週の火曜 午後2時", "2026-12-01",
    "午後3時", "令和8年2月30日", "090-1234-5678", "５人", "a@example.jp", "110-0015",
    "花の会です。二十人で集まります。", "会議室の予約はどうすればいいですか", "", " ", "\u3000\u200b",
    "\u202eabc\u2066", "a\u0000b", "\x1b[31m", "{{7*7}}", "%s %d {0} ${x}", "' OR 1=1--",
    "𠮷野家 葛󠄀 👨‍👩‍👧‍👦 🇯🇵", "か\u3099" * 9, "123456789018", "あ" * 1001, "長" * 5000,
    "\ufff9漢\ufffaかん\ufffb", "a:1:way:desk", "m:menu", "<b>x</b>", "١٢٣", "￥", "？",
)  # fmt: skip
TAPS: Sequence[str] = (
    "", "x", "a:1", "a:1:way:desk", "a:2:way:moon", "a:1:nothing:desk", "a:999999999:way:desk",
    "a:1:tools:broom", "a:1:trouble:money", "d:1:trouble", "d:1", "b:1", "b:1:way", "b:2:consent", "k:1",
    "k:1:way", "k:1:mail", "x:1", "x:1:all:sure", "x:2:all:sure", "c:1:phone", "c:1:story", "r:1", "s:1", "s:2",
    "u:1:title", "u:1:story", "o:1", "w:1:way", "w:1", "e:1:tools", "n:1", "n:2", "p:1:day", "z:1",
    "f:consultation", "f:everything", "f:nothing", "m:menu", "m:person", "m:consent", "m:refuse", "m:forget",
    "m:forget_sure", "m:mine", "m:bot", "m:nothing", "m:skip", "m:back", "m:cancel", "q:article-1", "q:gone",
    "q:article-1:ko", "q:article-1:xx", "i:article-0:1", "i:article-0:9", "i:article-1:2:zh", "i:gone:1", "i:x",
    "v:article-0:1:y", "v:article-0:1:n", "v:x:1:q", "l:en", "l:ja", "l:ja-easy", "l:xx", "a:1:way:desk\n",
    "a:１:way:desk", "a:1:" + "w" * 60, "%00", "💣",
)  # fmt: skip
VALUES: Sequence[str] = ("2026-12-01", "14:30", "2026-12-01T14:30", "1999-01-01", "", "T", "2026-02-30", "あ", "desk")
PICKS: Sequence[str] = ("p:1:day", "p:1:deadline", "p:2:clock", "p:1:moment", "p:1:story", "p:9:day", "m:menu", "x")
FILLS: Sequence[str] = ("story", "phone", "calling", "consent", "way", "mail", "title", "nothing", "")
PROPER: Mapping[type[Any], str] = {
    Clock: "午後3時",
    Day: "明日",
    Mail: "a@example.jp",
    Moment: "明日の午後2時",
    Phone: "03-1234-5678",
    Postcode: "110-0015",
    Slot: "明日の午後2時",
}
CASES: Sequence[OpenCase | None] = (None, OpenCase("K7M-4QH2", False), OpenCase("K7M-4QH2", True))


@dataclass(frozen=True)
class Act:
    """One thing that happens; `at` chooses, by remainder, from whatever there is to choose from then."""

    kind: str
    at: int = 0
    more: int = 0


KINDS = (
    "answer",
    "type",
    "tap",
    "old tap",
    "forge",
    "pick",
    "show",
    "fill",
    "wait",
    "come",
    "leave",
    "desk",
    "shelf",
    "page",
)


@dataclass
class Walker:
    """One person's walk. Every turn is checked as it is made."""

    house: House
    now: datetime = START
    session: Session = field(default_factory=Session)
    last: tuple[Message, ...] = ()
    taps: dict[str, None] = field(default_factory=dict)
    pickers: dict[str, None] = field(default_factory=dict)
    case: OpenCase | None = None
    own: bool = False
    free: int = 4
    filed: int = 0

    def step(self, act: Act) -> None:
        """Let it happen."""
        match act.kind:
            case "wait":
                self.now += timedelta(hours=(1, 9, 30, 24 * 31)[act.at % 4])
            case "desk":
                self.case = CASES[act.at % len(CASES)]
            case "shelf":
                self.free = act.at % 12
            case "page":
                self.own = not self.own
            case _:
                self.hear(self._heard(act), FINDINGS[act.more % len(FINDINGS)])

    def _heard(self, act: Act) -> Heard:
        shown = [button.tap for message in self.last for button in message.buttons] or [""]
        match act.kind:
            case "answer":
                return self._answer(act)
            case "type":
                return Typed(TEXTS[act.at % len(TEXTS)])
            case "tap":
                return Tapped(shown[act.at % len(shown)])
            case "old tap":
                return Tapped(list(self.taps)[act.at % len(self.taps)] if self.taps else "m:menu")
            case "forge":
                return Tapped(TAPS[act.at % len(TAPS)])
            case "pick":
                known = [*self.pickers, *PICKS]
                return Picked(known[act.at % len(known)], VALUES[act.more % len(VALUES)])
            case "fill":
                said = (*VALUES, *TEXTS)[act.more % (len(VALUES) + len(TEXTS))]
                return Filled(self.session.flow or "gone", self.session.run, FILLS[act.at % len(FILLS)], said)
            case _:
                return _other(act)

    def _answer(self, act: Act) -> Heard:
        """What a person would do who simply fills the form in."""
        place = find_place(self.house, self.session, self.around(None))
        if place is None:
            return Tapped("f:everything" if self.session.consented else "m:consent")
        question = place.question
        if question is None:
            return Tapped(place.tap(Step.SEND))
        if self.session.picked:
            return Tapped(place.tap(Step.DONE, question.key))
        if options := question.options(place.scene):
            return Tapped(place.tap(Step.CHOOSE, question.key, options[act.more % len(options)]))
        if isinstance(question, File):
            return Tapped(place.tap(Step.SKIP, question.key))
        said = str(question.at_least) if isinstance(question, Number) else PROPER.get(type(question), "花の会")
        return Filled(place.flow.name, self.session.run, question.key, said)

    def around(self, found: Found | None) -> Around:
        """This moment, with `free` times on both shelves."""
        slots = [
            Item(f"2026-{12 + n // 28}-{n % 28 + 1:02}T14:00".replace("2026-13", "2027-01")) for n in range(self.free)
        ]
        return Around(
            now=self.now,
            ref="K7M-4QH2",
            found=found,
            shelves={
                "consulting_hours": slots,
                "hours": slots,
                "events": [Item("1", "落ち葉の会", "日曜")],
                "grants": [Item("1", "花の助成", "年末まで")],
            },
            own=self.own,
            open_case=self.case,
        )

    def hear(self, heard: Heard, found: Found | None = None) -> Turn:
        """One message through JSON, one turn, all promises."""
        assert heard_from(json.loads(json.dumps(heard_to(heard)))) == heard
        before, around = self.session, self.around(found)
        made = turn(self.house, before, heard, around)
        again = json.loads(json.dumps(made.session.to_json()))
        assert Session.from_json(again) == made.session
        if isinstance(heard, Left | Withdrew):
            assert made == Turn(before)
            return made
        self._check_said(made)
        _check_old(before, heard, made)
        self.session, self.last = made.session, made.messages
        self.filed += sum(isinstance(deed, Filed) for deed in made.deeds)
        if not _person_shown(made.messages):
            menu = turn(self.house, self.session, Typed("メニュー"), self.around(None))
            assert _person_shown(menu.messages)
        return made

    def _check_said(self, made: Turn) -> None:
        assert made.messages or any(isinstance(deed, TellMine | Completed | EventWish) for deed in made.deeds)
        assert len(made.messages) <= MOST_MESSAGES
        for message in made.messages:
            assert message.text.strip()
            assert Message.from_json(json.loads(json.dumps(message.to_json()))) == message
            for button in message.buttons:
                assert button.label.strip()
                assert button.tap.isascii()
                assert len(button.tap) <= 64
                assert read(button.tap) is not None
                self.taps.pop(button.tap, None)
                self.taps[button.tap] = None
            if message.picker:
                assert len(message.picker.tap.encode()) <= 64
                self.pickers[message.picker.tap] = None
        while len(self.taps) > 400:
            del self.taps[next(iter(self.taps))]


def _other(act: Act) -> Heard:
    match act.kind:
        case "show":
            return Showed(list(Thing)[act.at % len(Thing)], ref=("", "id")[act.more % 2], name="")
        case "come":
            return Came(("", "consultation", "everything", "nothing")[act.at % 4])
        case _:
            return Left() if act.at % 2 else Withdrew("m1")


def _check_old(before: Session, heard: Heard, made: Turn) -> None:
    """A button of another run than the one that runs changes nothing but the clock, and files nothing."""
    if not isinstance(heard, Tapped) or not before.met:
        return
    tapped = read(heard.tap)
    if isinstance(tapped, FlowTap) and (before.flow is None or tapped.run != before.run):
        still = replace(made.session, seen_at=before.seen_at, wants=before.wants)
        assert made.deeds == ()
        passed = len(still.answers) < len(before.answers)  # a time may have passed meanwhile
        assert still == before or passed


def _person_shown(messages: Sequence[Message]) -> bool:
    return any(button.tap == "m:person" for message in messages for button in message.buttons)


def random_act(chance: Random) -> Act:
    """An act as people do them: mostly words and the buttons they see."""
    kind = chance.choices(KINDS, weights=(40, 20, 30, 5, 5, 4, 3, 4, 2, 2, 1, 2, 2, 2))[0]
    return Act(kind, chance.randrange(10_000), chance.randrange(10_000))
