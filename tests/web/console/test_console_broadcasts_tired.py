"""A tired coordinator at the broadcasts: what is over, pressed twice, corrected too early."""

from __future__ import annotations

import pytest

from storage import broadcasts
from storage.broadcasts import State
from tests.web.console.office import Office
from tests.web.console.test_console_broadcasts import SURE, do, form, newest, ready

pytestmark = pytest.mark.anyio


async def test_B04_what_is_over_by_now_is_not_agreed_to(office: Office) -> None:
    aoki, baba, version = await ready(office)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        await a.post("/console/broadcasts", data=form(version, expires="2026-11-22T20:00"))
        assert (await do(a, office, "ask", **SURE)).status_code == 303
        office.clock.on(hours=9)
        answer = await do(b, office, "approve", expected="10", **SURE)
        assert (answer.status_code, "期限を過ぎています" in answer.text) == (422, True)


async def test_a_broadcast_that_runs_is_stopped_and_corrected_by_one_press_each(office: Office) -> None:
    aoki, baba, version = await ready(office)
    async with office.browser(aoki) as a, office.browser(baba) as b:
        await a.post("/console/broadcasts", data=form(version))
        await do(a, office, "ask", **SURE)
        await do(b, office, "approve", expected="10", **SURE)
        one = newest(office)
        assert office.write(lambda conn: broadcasts.start(conn, one, office.clock()))
        part = await a.get(f"/console/broadcasts/{one.id}/progress")
        assert 'hx-trigger="every 1s"' in part.text
        early = await do(a, office, "correct")  # more people get it while one writes
        assert (early.status_code, "先に「今すぐ止める」" in early.text) == (409, True)
        assert [(await do(who, office, "stop")).status_code for who in (a, a, b)] == [303, 303, 303]
        assert (newest(office).state, newest(office).stopper) == (State.STOPPED, "aoki")
        assert "今すぐ止める" not in part.text  # the button stays where it is, with whoever has the focus on it
        over = await a.get(f"/console/broadcasts/{one.id}/progress")
        assert "every 1s" not in over.text
        assert "訂正を送る" in over.text  # in its place: a page left open has no button that means nothing any more
        press = {"do": "correct", "mark": one.mark}
        answer, again = [await a.post(f"/console/broadcasts/{one.id}", data=press) for _ in range(2)]
        assert (answer.status_code, answer.headers["location"]) == (303, again.headers["location"])
        draft = newest(office).draft
        assert (draft.corrects_id, draft.segment_id, draft.title) == (one.id, one.draft.segment_id, "訂正: 清掃")
        page = (await a.get(answer.headers["location"])).text
        assert f"No.{one.id}の訂正です" in page
