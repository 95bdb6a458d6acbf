"""The first manager of a new centre is led through three steps, which can be left, gone on with, and end for good."""

from __future__ import annotations

import pytest

from storage.engine import Store
from storage.staff import Role
from tests import ours
from tests.clock import Clock
from tests.web.console.conftest import settings_of
from tests.web.console.office import Office
from tests.web.console.test_console_settings import MONDAY, _asked
from tests.web.console.test_console_signin import GOOD

pytestmark = pytest.mark.anyio


@pytest.fixture
def desk(store: Store) -> Office:
    """A new centre, once on each database."""
    return Office(store, Clock(MONDAY), ours.own_mind(), settings_of())


async def test_from_the_link_to_the_first_question_in_three_steps(desk: Office) -> None:
    chief = desk.member("chief", role=Role.MANAGER)
    async with desk.browser() as browser:
        came = await browser.post("/login/once", data={"t": desk.link(chief), "new": GOOD})
        assert came.headers["location"] == "/console/begin"
        assert "開いている時間と電話" in (await browser.get("/console/begin")).text
        assert "はじめの3つのこと(1つ目)" in (await browser.get("/console")).text
        hours = {"do": "hours", "open.mon": "10時から", "phone": "03-1111-2222"}
        wrong = await browser.post("/console/begin", data=hours)
        assert (wrong.status_code, "読めない時間があります" in wrong.text) == (422, True)
        assert 'value="03-1111-2222"' in wrong.text
        assert (await browser.post("/console/begin", data=hours | {"open.mon": "10:00-16:00"})).status_code == 303
        assert "03-1111-2222" in _asked(desk, "電話番号")
        assert "リンクを作って" in (await browser.get("/console/begin")).text
        await browser.post("/console/people", data={"login": "aoki", "name": "青木", "role": "coordinator"})
        assert "はじめの3つのこと(3つ目)" in (await browser.get("/console")).text
        asked = await browser.post("/console/begin", data={"do": "try", "q": "何時まで開いていますか"})
        assert "これで終わりです" in asked.text
        assert "10:00〜16:00" in asked.text
        assert "はじめの3つのこと" not in (await browser.get("/console")).text
        assert (await browser.get("/console/begin")).headers["location"] == "/console"


async def test_it_can_be_left_for_good_and_nobody_else_sees_it(desk: Office) -> None:
    chief, second = desk.member("chief", role=Role.MANAGER), desk.member("second", role=Role.MANAGER)
    async with desk.browser(chief) as first, desk.browser(second) as other:
        assert (await other.get("/console/begin")).headers["location"] == "/console"
        assert "はじめの3つのこと" not in (await other.get("/console")).text
        assert (await first.post("/console/begin", data={"do": "skip"})).headers["location"] == "/console"
        assert "はじめの3つのこと" not in (await first.get("/console")).text
        assert (await first.get("/console/begin")).headers["location"] == "/console"
