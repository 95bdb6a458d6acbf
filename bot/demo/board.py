"""Made-up grants and rooms, dated from today so that nothing is ever past."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dialogs.dates import say_day, say_moment
from dialogs.question import Item
from dialogs.words import ORIGINAL, library


@dataclass(frozen=True)
class Happening:
    """Something in so many days; `hour` None for a deadline."""

    key: str
    label: str
    in_days: int
    hour: int | None
    detail: str


GRANTS = (
    Happening("seed", "はじめての活動 応援助成(見本)", 21, None, "上限10万円 締切 {when} 必着"),
    Happening("town", "まちの居場所づくり助成(見本)", 35, None, "上限50万円(費用の4分の3) 締切 {when} 消印有効"),
)
ROOMS = (
    Happening("a", "会議室A(見本)", 0, None, "20人まで 机といすを動かせます"),
    Happening("b", "会議室B(見本)", 0, None, "8人まで 画面があります"),
    Happening("open", "フリースペース(見本)", 0, None, "予約なしで使えます"),
)


def board(now: datetime) -> Mapping[str, Sequence[Item]]:
    """What the menu lists, as of this moment on the centre's clock."""
    return {
        "grants": [_item(one, now) for one in GRANTS],
        "rooms": [_item(one, now) for one in ROOMS],
    }


def _item(one: Happening, now: datetime) -> Item:
    words = library()[ORIGINAL]
    day = now + timedelta(days=one.in_days)
    when = say_day(day.date(), words) if one.hour is None else say_moment(day.replace(hour=one.hour, minute=0), words)
    return Item(one.key, one.label, one.detail.format(when=when))
