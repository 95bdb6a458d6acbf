"""A coordinator's own chat on LINE or Telegram: linked by a code, told of danger and no word of it, undone anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest
from sqlalchemy import select

from dialogs.heard import Tapped
from storage import Store, linking, people, staff, standings, ways
from storage.casefile import CaseHead
from storage.push_tables import line_menu
from storage.staff import Role
from storage.standings import Kind, New
from tests.bot.correspondence import Correspondence
from tests.bot.desk import write
from tests.bot.post import post_office
from tests.channels.samples import HANAKO
from tests.clock import Clock

pytestmark = pytest.mark.anyio
DANGER = "もう死にたい"
ALERT = "⚠ 急ぎの相談が入りました。"


@pytest.fixture
async def centre(store: Store, now: datetime) -> AsyncIterator[Correspondence]:
    async with post_office(store, Clock(now)) as post:
        yield Correspondence.at(store, post)


def code_of(centre: Correspondence, login: str = "sato") -> str:
    """The code of a new coordinator."""
    member = centre.member(login)
    return write(centre, lambda conn: linking.make_code(conn, member.id, centre.now))


async def linked(centre: Correspondence) -> None:
    """Hanako's LINE is Sato's."""
    await centre.write(f"担当　{code_of(centre).lower()}")


async def danger(centre: Correspondence, who: str = "U9") -> CaseHead:
    """Somebody else writes that they are in danger; what goes out because of it has gone."""
    centre.begin(who, "web")
    centre.say(who, DANGER, "web")
    centre.later(1)
    await centre.post.carry()
    return next(one for one in centre.cases() if one.urgency == "today")


def menu(centre: Correspondence) -> str | None:
    """The menu that Hanako's LINE is to have."""
    stage: str | None = centre.store.read(lambda conn: conn.execute(select(line_menu.c.stage)).scalar())
    return stage


async def test_N20_danger_reaches_a_coordinators_own_line_and_says_nothing_of_it(centre: Correspondence) -> None:
    await linked(centre)
    assert "Satoさんの連絡先として登録しました。" in centre.post.shown()[-1]
    case = await danger(centre)
    alert = centre.post.line.delivered(HANAKO)[-1]
    assert alert["altText"].startswith(ALERT)
    assert f"/console/cases/{case.id}" in str(alert)
    assert "死" not in str(alert)
    assert case.ref not in str(alert)
    before = len(centre.post.shown())
    centre.say("U9", DANGER, "web")
    await centre.post.carry()
    assert len(centre.post.shown()) == before  # once in a while for one case


async def test_N20_a_telegram_chat_is_told_as_well(centre: Correspondence) -> None:
    await centre.telegram(f"/staff {code_of(centre)}")
    await danger(centre)
    assert centre.post.told()[-1].startswith(ALERT)


async def test_a_code_works_once_and_a_wrong_one_links_nobody(centre: Correspondence) -> None:
    code = code_of(centre)
    await centre.write("/staff AAAAA-AAAAA")
    await centre.telegram(f"/staff {code}")
    await centre.write(f"/staff {code}")
    assert "番号" in centre.post.shown()[-1]
    assert centre.store.read(lambda conn: ways.of_member(conn, 1)) == ["telegram"]


async def test_a_link_is_undone_in_the_chat(centre: Correspondence) -> None:
    await linked(centre)
    assert menu(centre) == "staff"
    await centre.write("担当 解除")
    assert centre.post.shown()[-1].startswith("お知らせをやめました。")
    assert menu(centre) == "new"
    said = len(centre.post.shown())
    await danger(centre)
    assert len(centre.post.shown()) == said


async def test_only_a_coordinators_menu_leads_to_the_console(centre: Correspondence) -> None:
    centre.receive(centre.event(HANAKO, Tapped("z:console")))
    await centre.work()
    assert "/console" not in str(centre.post.line.delivered(HANAKO))
    await linked(centre)
    centre.receive(centre.event(HANAKO, Tapped("z:console")))
    await centre.work()
    assert "/console" in str(centre.post.line.delivered(HANAKO)[-1])


async def test_whoever_may_not_take_the_case_is_not_told(centre: Correspondence) -> None:
    await linked(centre)
    await centre.telegram(f"/staff {code_of(centre, 'ito')}")
    write(centre, lambda conn: staff.set_role(conn, 2, Role.AUDITOR))
    centre.begin("U9", "web")
    centre.say("U9", "人と話したい", "web")
    (case,) = centre.cases()
    write(centre, lambda conn: standings.put(conn, New(Kind.APART, 1, None), case, centre.now))
    said = len(centre.post.shown()), len(centre.post.told())
    centre.say("U9", DANGER, "web")
    await centre.post.carry()
    assert (len(centre.post.shown()), len(centre.post.told())) == said


async def test_who_left_the_centre_is_told_nothing(centre: Correspondence) -> None:
    await linked(centre)
    write(centre, lambda conn: staff.set_active(conn, 1, False))
    said = len(centre.post.shown())
    await danger(centre)
    assert len(centre.post.shown()) == said


async def test_the_codes_leave_no_trace_in_a_talk_and_a_forgotten_chat_is_no_longer_theirs(
    centre: Correspondence,
) -> None:
    centre.begin(HANAKO)
    before = len(centre.lines(HANAKO))
    await linked(centre)
    assert len(centre.lines(HANAKO)) == before
    who = centre.person_of(HANAKO)
    write(centre, lambda conn: people.forget(conn, who, centre.now))
    assert centre.store.read(lambda conn: ways.of_member(conn, 1)) == []


async def test_a_coordinator_in_danger_is_not_told_of_themselves(centre: Correspondence) -> None:
    await linked(centre)
    await centre.write(DANGER)
    assert not any(ALERT in one for one in centre.post.shown())
