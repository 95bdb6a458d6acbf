"""Where people stand when a release goes out; `python -m tests.deploys.scenes r2` saves them as that release would."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from dialogs.around import Around, Card, Finding, Found
from dialogs.heard import Came, Heard, Tapped, Typed
from dialogs.question import Item
from dialogs.session import Session
from dialogs.turn import turn
from tests.dialogs.everything import house_with

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
SLOTS = ("2026-12-01T14:00", "2026-12-03T10:00")

_BEGUN: Sequence[Heard] = (Came(), Tapped("m:consent"), Tapped("f:consultation"), Tapped("a:1:standing:npo"))
_HALFWAY: Sequence[Heard] = (*_BEGUN, Typed("場所・設備"), Tapped("a:1:urgency:month"), Tapped("a:1:way:phone"))
_STORY: Sequence[Heard] = (
    *_HALFWAY,
    Tapped("a:1:slot:2026-12-01T14:00"),
    Tapped("d:1:slot"),
    Tapped("a:1:more:no"),
    Tapped("a:1:share:nobody"),
)
_CHECK: Sequence[Heard] = (
    *_STORY,
    Typed("花の本を読む集まりに、部屋をさがしています。"),
    Tapped("k:1:calling"),
    Typed("03-1234-5678"),
    Tapped("k:1:reach_time"),
    Tapped("a:1:consent:yes"),
)
SCENES: Mapping[str, Sequence[Heard]] = {
    "greeted": (Came(),),
    "waiting_for_consent": (Came(), Tapped("m:refuse"), Tapped("f:consultation")),
    "halfway": _HALFWAY,
    "many_ticked": (*_BEGUN, Tapped("a:1:trouble:money"), Tapped("a:1:trouble:publicity")),
    "aside": (*_STORY, Typed("会議室の予約はどうすればいいですか")),
    "cancel_asked": (*_HALFWAY, Typed("やめる")),
    "check": _CHECK,
    "reopened": (*_CHECK, Tapped("c:1:urgency")),
    "sent": (*_CHECK, Tapped("s:1")),
    "second_form": (*_CHECK, Tapped("s:1"), Tapped("f:consultation"), Tapped("a:2:standing:school")),
}


def around(heard: Heard | None = None) -> Around:
    """That day at the centre's own page; every question finds the same article."""
    asked = isinstance(heard, Typed) and heard.text.endswith("か")
    card = Card("centre-rooms", 1, "部屋", "部屋のことは、センターの人がお答えします。\n出典:ある本")
    return Around(
        now=NOW,
        ref="K7M-4QH2",
        found=Found(Finding.ANSWER, (card,), question=True) if asked else None,
        shelves={"consulting_hours": [Item(slot) for slot in SLOTS]},
        own=True,
    )


def play(heard: Sequence[Heard]) -> Session:
    """The session that these messages lead to."""
    session = Session()
    for one in heard:
        session = turn(house_with(), session, one, around(one)).session
    return session


def save(release: str) -> None:
    """Write a file for each scene, as this release keeps it."""
    for name, heard in SCENES.items():
        text = json.dumps(play(heard).to_json(), ensure_ascii=False, indent=2)
        (FOLDER / f"{release}_{name}.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    save(sys.argv[1])
