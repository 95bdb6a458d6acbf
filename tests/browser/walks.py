"""What residents do while their phones are photographed: each kind of message, and the words that must stand on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Deed(StrEnum):
    """What is done, by the resident's thumb or at the desk."""

    BEGIN = "begin"  # add as a friend, start, or press the page's button
    LOOK = "look"  # nothing: see what is there
    TOUCH = "touch"  # the newest button with these words (a key of the words, or the words)
    SAY = "say"
    SEND = "send"  # a thing of this kind
    STRANGE = "strange"  # something that no bot has ever heard of
    UNSEND = "unsend"
    PICK = "pick"  # open the native picker behind this button
    OPEN = "open"  # open the centre's own page behind this button
    SHUT = "shut"  # what slid over the screen
    CLAIM = "claim"
    REPLY = "reply"
    RELEASE = "release"
    OFFLINE = "offline"  # write without a line


@dataclass(frozen=True)
class Step:
    """One deed; with a `kind` there is a picture of what is then seen, on which these keys of the words stand."""

    deed: Deed
    value: str = ""
    kind: str = ""
    shows: tuple[str, ...] = ()
    web: bool = True  # whether the web chat has such a thing
    phone: bool = True  # whether LINE and Telegram have it
    telegram: bool = True


@dataclass(frozen=True)
class Walk:
    """What one person does; `language` is what they are answered in."""

    steps: tuple[Step, ...]
    language: str = "ja"


LONG = "土曜の集まりのことで、三つお知らせします。" + "".join(
    f"{number}つめに、{what}をご用意ください。時間は午後1時から4時までで、入口は南側です。"
    for number, what in enumerate(("参加する人の名簿", "会場の図", "当日の進め方"), 1)
)
VERY_LONG = LONG * 20
ANSWER = "佐藤です。会議室Aは土曜の午後が空いています。見に来られますか。\nhttps://centre.example/rooms/a"

TALK = Walk(
    (
        Step(Deed.LOOK, kind="welcome"),
        Step(Deed.BEGIN, kind="greeting", shows=("common.agree", "common.refuse", "command.person")),
        Step(Deed.TOUCH, "common.agree", "menu", ("menu.ask", "consultation.title", "command.events")),
        Step(Deed.SAY, "NPO法人はどうやって作りますか", "answer", ("answer.helped", "answer.more")),
        Step(Deed.SAY, "助成", "choice", ("answer.which",)),
        Step(Deed.SAY, "asdfgh", "not-found", ("nothing.found",)),
        Step(Deed.TOUCH, "command.events", "events", ("events.look",)),
        Step(Deed.SEND, "sticker", "sticker", web=False),
        Step(Deed.SEND, "image", "picture", ("thing_kept.no",), web=False),
        Step(Deed.STRANGE, kind="unknown", shows=("thing.unknown",), web=False),
        Step(Deed.SAY, "まちがえた文", web=False, telegram=False),
        Step(Deed.UNSEND, kind="unsent", web=False, telegram=False),
        Step(Deed.OFFLINE, "つながらないときの文", "not-sent", phone=False),
        Step(Deed.SAY, "メニュー"),
        Step(Deed.TOUCH, "consultation.title", "question", ("consultation.standing.ask", "command.cancel")),
        Step(Deed.TOUCH, "consultation.standing.voluntary", "many", ("consultation.trouble.ask",)),
        Step(Deed.TOUCH, "consultation.trouble.place", "ticks", ("common.done", "common.again")),
        Step(Deed.TOUCH, "common.done"),
        Step(Deed.TOUCH, "consultation.urgency.month"),
        Step(Deed.TOUCH, "consultation.way.phone", "slots", ("consultation.slot.ask",)),
        Step(Deed.TOUCH, "command.back"),
        Step(Deed.TOUCH, "consultation.way.text", "yes-no", ("common.yes", "common.no")),
        Step(Deed.TOUCH, "common.yes"),
        Step(Deed.TOUCH, "command.skip", "picker", ("consultation.deadline.ask",)),
        Step(Deed.PICK, "common.pick_date", "picker-open", web=False, telegram=False),
        Step(Deed.SHUT, web=False, telegram=False),
        Step(Deed.TOUCH, "command.skip"),
        Step(Deed.TOUCH, "command.skip"),
        Step(Deed.TOUCH, "command.skip"),
        Step(Deed.SAY, "たくさん", "not-understood", ("problem.not_a_number",)),
        Step(Deed.TOUCH, "command.skip"),
        Step(Deed.TOUCH, "command.skip"),
        Step(Deed.TOUCH, "command.skip"),
        Step(Deed.TOUCH, "command.skip"),
        Step(Deed.TOUCH, "consultation.share.nobody"),
        Step(Deed.SAY, "花の本を読む集まりをします。二十人入れる部屋をさがしています。"),
        Step(Deed.TOUCH, "command.skip", "consent", ("common.agree", "common.refuse")),
        Step(Deed.TOUCH, "common.agree", "check", ("check.ask", "common.send", "common.change")),
        Step(Deed.TOUCH, "common.send", "sent", ("command.menu",)),
        Step(Deed.CLAIM, kind="claimed"),
        Step(Deed.REPLY, ANSWER, "coordinator"),
        Step(Deed.SAY, "ありがとうございます。土曜にうかがいます。", "with-coordinator"),
        Step(Deed.REPLY, LONG, "long"),
        Step(Deed.REPLY, VERY_LONG, "very-long"),
        Step(Deed.RELEASE, kind="released", shows=("person.left",)),
    )
)
PRIVATE = Walk(
    (
        Step(Deed.BEGIN),
        Step(Deed.TOUCH, "common.agree"),
        Step(Deed.TOUCH, "consultation.title"),
        Step(Deed.TOUCH, "consultation.standing.individual"),
        Step(Deed.TOUCH, "consultation.trouble.inside"),
        Step(Deed.TOUCH, "common.done"),
        Step(Deed.TOUCH, "consultation.urgency.week"),
        Step(Deed.TOUCH, "consultation.way.text"),
        Step(Deed.TOUCH, "common.no"),
        Step(Deed.TOUCH, "consultation.share.nobody", "private-link", ("private.open",), web=False),
        Step(Deed.OPEN, "private.open", "private-page", ("private.open",), web=False),
        Step(Deed.SHUT, web=False),
    )
)
EASY = Walk(
    (
        Step(Deed.BEGIN),
        Step(Deed.TOUCH, "やさしい日本語(にほんご)", "easy", ("common.agree", "common.refuse")),
        Step(Deed.TOUCH, "common.agree", "easy-menu", ("consultation.title",)),
        Step(Deed.SAY, "会議室を借りたいです", "easy-answer", ("answer.helped",)),
    ),
    "ja-easy",
)
URGENT = Walk(
    (
        Step(Deed.BEGIN),
        Step(Deed.TOUCH, "English"),
        Step(Deed.TOUCH, "common.agree", "english-menu", ("menu.ask", "consultation.title")),
        Step(Deed.SAY, "How do I start an NPO?", "english-answer", ("answer.helped",)),
        Step(Deed.SAY, "もう死にたい", "danger", ("urgent.told", "command.person")),
    ),
    "en",
)
WALKS = (TALK, PRIVATE, EASY, URGENT)


def steps(channel: str, walk: Walk) -> Iterator[Step]:
    """What of a walk can be done on this channel."""
    for step in walk.steps:
        if step.web if channel == "web" else step.phone and (step.telegram or channel != "telegram"):
            yield step


def pictures(channel: str) -> dict[str, tuple[Walk, Step]]:
    """Every picture of a channel, by its kind."""
    return {step.kind: (walk, step) for walk in WALKS for step in steps(channel, walk) if step.kind}
