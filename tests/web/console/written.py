"""What tests of written answers share: an office with few answers, a form that is whole, and what residents get."""

from __future__ import annotations

from dataclasses import replace

from bot.frontdesk import FrontDesk, living_of
from bot.living import Living, Restocking
from bot.mind import Mind
from knowledge.rules import load_centre
from storage import articles
from tests.ours import ARTICLES, DAY
from tests.web.console.office import Office

FEW = tuple(one for one in ARTICLES if one.topic in {"T38", "T39"})[-6:]
HERE = "/console/articles"
FORM = {
    "after": "0",
    "topic": "T01",
    "area": "taito",
    "mode": "open",
    "matter": "way",
    "confidence": "high",
    "next_step": "person",
    "checked": "2026-11-22",
    "review_by": "2027-09-01",
    "ja-title": "カラスの巣",
    "ja-question": "カラスの巣を見つけたら？",
    "ja-short": "カラスの巣は、センターでは取りません。区の係にご連絡ください。",
    "ja-details": "巣に近づくと、親のカラスが人を追うことがあります。",
    "ja-next": "場所を書いて、センターの人に聞いてください。",
    "ja-asks": "カラスの巣を見つけたら\r\nカラスが巣を作った\r\n木にカラスの巣がある",
    "source-1-title": "カラスの相談",
    "source-1-publisher": "台東区",
    "tests": "カラスの巣があるのですが",
}


def with_few(office: Office, mind: Mind) -> Office:
    """The same office with few answers, which can be changed without any other test knowing."""
    living = Living(FEW, DAY, holes=lambda: {"phone": "03-0000-0000"})
    return Office(
        office.store,
        office.clock,
        replace(mind, look=FrontDesk(living, load_centre, mind.house.library)),
        office.settings,
    )


def restock(office: Office) -> Living:
    """What the loop of each process does within a second."""
    living = living_of(office.mind.look)
    assert living is not None
    Restocking(office.store, living, office.clock).now()
    return living


def newest(office: Office) -> str:
    """The number of the newest version."""
    return str(office.store.read(articles.newest))


def gets(office: Office, question: str) -> tuple[str, ...]:
    """The articles that a question shows to residents."""
    decision = restock(office).shelf.decide(question, "ja", DAY)[0]
    return tuple(one.id for one in decision.articles)
