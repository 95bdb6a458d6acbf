"""The made-up grants of the demo, with last days relative to today so that some are always open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.notices import Pen
from knowledge.grant import Content
from storage import grants
from storage.grants import Change

# Days until the last one, days since somebody checked it, and what it says. No such grants exist.
_FUNDS: tuple[tuple[int, int, dict[str, Any]], ...] = (
    (
        16,
        2,
        {
            "name": "はじめての活動 応援助成(見本)",
            "funder": "みほん財団(見本)",
            "who": "活動を始めて5年以内の団体",
            "about": "地域で新しく始める活動",
            "years_to": 5,
            "budget_to": 1_000_000,
            "ceiling": 100_000,
            "costs": "会場費、印刷費、講師への謝礼",
            "delivery": "arrive",
            "papers": "申請書、会則、今年の計画と予算",
            "result": "締切から2か月後",
        },
    ),
    (
        35,
        10,
        {
            "name": "まちの居場所づくり助成(見本)",
            "funder": "まちづくり見本基金(見本)",
            "about": "子どもや高齢の方が集まる場所をつくる活動",
            "fields": ["children", "welfare", "town"],
            "areas": ["part", "ward"],
            "ceiling": 500_000,
            "rate": 75,
            "costs": "備品、会場費、保険料。人件費は対象外",
            "delivery": "postmark",
            "briefing": "毎週水曜日の午後、センターで",
        },
    ),
    (
        60,
        30,
        {
            "name": "NPO基盤強化助成(見本)",
            "funder": "見本信託(見本)",
            "forms": ["npo", "association"],
            "years_from": 3,
            "budget_from": 3_000_000,
            "ceiling": 2_000_000,
            "rate": 50,
            "delivery": "online",
        },
    ),
    (
        90,
        190,
        {
            "name": "みどりを育てる助成(見本)",
            "funder": "緑の見本会(見本)",
            "fields": ["nature"],
            "ceiling": 300_000,
            "delivery": "arrive",
        },
    ),
)


def set_out(pen: Pen, who: tuple[int, int]) -> None:
    """Write them down as one member, and check them as another."""
    today = pen.mind.local(pen.now).date()
    for days, ago, said in _FUNDS:
        source = {"closes": today + timedelta(days=days), "url": f"{pen.mind.public_url}/grants"}
        made = grants.find(
            pen.conn, grants.add(pen.conn, Change(Content.model_validate(said | source), who[0]), pen.now)
        )
        if made is not None:
            grants.check(pen.conn, made, who[1], today - timedelta(days=ago), pen.now)
