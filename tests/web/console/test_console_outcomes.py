"""Coordinators see what people said afterwards: in the history of a case, and in figures."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.outcomes import note_outcome
from dialogs.deeds import Outcome
from dialogs.tap import Stage
from storage import after
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio


async def test_N08_what_people_said_stands_in_the_history_and_in_the_figures(office: Office) -> None:
    sato = office.member("sato")
    case = office.case()
    head = office.head(case)
    async with office.browser(sato) as browser:
        page = (await browser.get("/console/outcomes")).text
        assert page.count("答えは、まだありません。") == 4
        await browser.post(f"/console/cases/{case}/claim")
        await browser.post(f"/console/cases/{case}/close")
        due = office.write(lambda conn: after.due(conn, office.clock() + timedelta(days=15), 9))
        assert [one.stage for one in due] == ["weeks"]
        office.write(lambda conn: after.asked(conn, due[0].id, office.clock()))
        for stage, answer in ((Stage.CLOSE, "n"), (Stage.WEEKS, "n")):
            said = Outcome(stage, head.ref, answer)
            office.write(partial(note_outcome, person_id=head.person_id or 0, said=said, now=office.clock()))
        shown = (await browser.get(f"/console/cases/{case}")).text
        assert "終わったとき: 役に立たなかった" in shown
        assert "2週間後: まだ困っている" in shown
        page = (await browser.get("/console/outcomes")).text
        assert page.count("1件(100%)") == 2
        assert page.count("0件(0%)") == 3
        assert 'href="/console/outcomes"' in (await browser.get("/console")).text
