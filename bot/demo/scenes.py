"""The made-up residents and coordinators of the demo, and what they did before you came."""

from __future__ import annotations

from dataclasses import dataclass

STAFF = (("sato", "佐藤"), ("suzuki", "鈴木"), ("tanaka", "田中"))


@dataclass(frozen=True)
class Scene:
    """One resident: what they wrote so many hours ago, and what the desk did then.

    `said`: plain lines are typed; ">> key" taps the newest button that says what this key of the words says.
    `desk`: (who, deed, words) with deed claim, reply, note, release or close. `receives`: the news they asked for.
    """

    channel: str
    user: str
    name: str
    hours_ago: float
    said: tuple[str, ...]
    desk: tuple[tuple[str, str, str], ...] = ()
    receives: tuple[str, ...] = ()


BEGIN = (">> common.agree",)
FORM = (*BEGIN, ">> consultation.title")

SCENES = (
    Scene("line", "U" + "e5" * 16, "小林 花(あなた)", 0, ()),
    Scene("telegram", "410009", "加藤 進(あなた)", 0, ()),
    Scene(
        "line",
        "U" + "a1" * 16,
        "山田 和子",
        50,
        (
            *FORM,
            ">> consultation.standing.planning",
            ">> consultation.trouble.place",
            ">> common.done",
            ">> consultation.urgency.month",
            ">> consultation.way.text",
            ">> common.no",
            ">> consultation.share.nobody",
            "月に二回、十五人くらいで集まれる部屋をさがしています。",
            ">> common.agree",
            ">> common.send",
        ),
        (
            ("sato", "claim", ""),
            ("sato", "note", "会議室Aの空きを確かめてから返事。"),
            ("sato", "reply", "山田さん、佐藤です。土曜の午後は会議室Aが空いています。見に来られますか。"),
        ),
        receives=("events", "courses"),
    ),
    Scene(
        "line",
        "U" + "b2" * 16,
        "鈴木 一郎",
        26,
        (*BEGIN, "団体の帳簿はどうつけますか", ">> answer.helped"),
        receives=("events", "grants"),
    ),
    Scene(
        "telegram",
        "410001",
        "李 美玲",
        20,
        (*BEGIN, "人と話したい"),
    ),
    Scene(
        "line",
        "U" + "c3" * 16,
        "高橋 節子",
        5,
        (
            *FORM,
            ">> consultation.standing.neighbourhood",
            ">> consultation.trouble.publicity",
            ">> common.done",
            ">> consultation.urgency.week",
            ">> consultation.way.phone",
        ),
        receives=("events",),
    ),
    Scene(
        "telegram",
        "410002",
        "佐々木 健",
        30,
        (
            *FORM,
            ">> consultation.standing.npo",
            ">> consultation.trouble.event",
            ">> consultation.trouble.place",
            ">> common.done",
            ">> consultation.urgency.week",
            ">> consultation.way.text",
            ">> common.no",
            ">> consultation.share.ward",
            ">> common.done",
            "公園で小さな音楽会を開きたいと思っています。準備の順番から、いっしょに考えてほしいです。",
            ">> common.agree",
            ">> common.send",
        ),
        (
            ("suzuki", "claim", ""),
            ("suzuki", "reply", "鈴木です。公園の使い方は、公園の係に聞いてからお返事します。"),
            ("suzuki", "close", ""),
        ),
        receives=("grants", "rooms"),
    ),
    Scene(
        "line",
        "U" + "d4" * 16,
        "中村 みどり",
        2,
        (*BEGIN, "会の中で、会長と会計がもめていて困っています", ">> person.yes"),
    ),
)
