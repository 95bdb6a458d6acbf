"""The made-up events of the demo, dated from today so that they are never past."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.mind import Mind
from knowledge.event import Content, Help, Target, Way, What
from storage import events
from storage.events import Change, Span

_FAIR: tuple[tuple[int, int, Content], ...] = (
    (
        4,
        10,
        Content(
            title="落ち葉そうじと焼きいもの会(見本)",
            organiser="中央公園を愛する会(見本)",
            place="中央公園(浅草の近く)",
            free=True,
            targets=(Target.CHILDREN, Target.PARENTS),
            helps=(Help.WHEELCHAIR,),
            way=Way.BOT,
            capacity=20,
            about="公園の落ち葉を集めて、焼きいもを作ります。軍手はこちらで用意します。",
            easy="公園のそうじをします。そのあと、いもを焼いて食べます。お金はいりません。",
            contact="センター 窓口",
        ),
    ),
    (
        9,
        14,
        Content(
            title="団体づくり はじめの一歩講座(見本)",
            what=What.COURSE,
            organiser="協働支援センター(見本)",
            place="センター 会議室A",
            cost="資料代 300円",
            targets=(Target.GROUPS,),
            helps=(Help.SIGN, Help.CHILDCARE),
            way=Way.BOT,
            capacity=2,
            closes_days=1,
            about="会則と会計の作り方を、例を見ながら学びます。受講証が出ます。",
        ),
    ),
    (
        15,
        18,
        Content(
            title="町会とNPOの交流会(見本)",
            organiser="協働支援センター(見本)",
            place="センター 広間",
            free=True,
            targets=(Target.GROUPS,),
            way=Way.ELSEWHERE,
            sign_up_note="電話で申し込んでください。",
            about="地域の団体どうしが、困っていることと得意なことを話します。",
        ),
    ),
    (
        18,
        13,
        Content(
            title="やさしい日本語で話す会(見本)",
            organiser="にほんごの会(見本)",
            place="センター 会議室B",
            free=True,
            targets=(Target.FOREIGNERS,),
            helps=(Help.EASY,),
            way=Way.BOT,
            about="ゆっくり、やさしい日本語で話します。",
            easy="ゆっくり話します。だれでも来てください。",
        ),
    ),
)


def put_up(conn: Connection, mind: Mind, who: tuple[int, int], now: datetime) -> None:
    """Write them down as one member, and publish them as another."""
    today = mind.local(now).replace(minute=0, second=0, microsecond=0)
    for days, hour, content in _FAIR:
        start = (today + timedelta(days=days)).replace(hour=hour)
        spans = [Span(start + timedelta(weeks=n), start + timedelta(weeks=n, hours=2)) for n in range(2)]
        made = events.find(conn, events.add(conn, Change(content, spans, who[0]), now))
        if made is not None:
            events.publish(conn, made, who[1], now)
