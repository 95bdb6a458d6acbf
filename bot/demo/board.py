"""The made-up rooms of the demo, as the menu lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dialogs.question import Item

ROOMS = (
    Item("a", "会議室A(見本)", "20人まで 机といすを動かせます"),
    Item("b", "会議室B(見本)", "8人まで 画面があります"),
    Item("open", "フリースペース(見本)", "予約なしで使えます"),
)


def board(_now: datetime) -> Mapping[str, Sequence[Item]]:
    """What the menu lists."""
    return {"rooms": ROOMS}
