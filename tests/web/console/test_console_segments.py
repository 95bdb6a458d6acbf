"""The page of segments, as its forms post it: built of rows, counted exactly, refused by name, kept with its record."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.console.segment_form import Draft, Joined, Row, rows_of
from knowledge.segment import All, Asked, Has, Refusal
from storage import audit, segments
from tests.bench import receivers
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
FORM: dict[str, Any] = {"number": "0", "after": "0", "who": "some", "name": "浅草の催し"}
ROWS: dict[str, Any] = {
    "row": ["0", "1", "2"],
    "asked-0": "topic", "joined-0": "and", "code-0": ["events", "courses"],
    "asked-1": "area", "joined-1": "and", "code-1": ["asakusa", "unset"],
    "asked-2": "channel", "joined-2": "not", "code-2": "web",
}  # fmt: skip


def people_in(page: str) -> int:
    """The large number of the page."""
    found = re.search(r'<strong class="many">([\d,]+)人', page)
    assert found is not None
    return int(found[1].replace(",", ""))


async def test_built_of_rows_said_in_a_sentence_counted_and_kept(office: Office) -> None:
    receivers.fill(office.store, 400, office.clock())
    aoki = office.member("aoki")
    async with office.browser(aoki) as browser:
        assert "まだありません" in (await browser.get("/console/segments")).text
        page = (await browser.post("/console/segments", data=FORM | ROWS)).text
        assert "で、しかも(地域が「浅草」の人、または地域を選んでいない人)。ただし、" in page
        more = (await browser.post("/console/segments", data=FORM | ROWS | {"do": "add-role"})).text
        assert more.count('name="row"') == 4
        less = (await browser.post("/console/segments", data=FORM | ROWS | {"do": "drop-1"})).text
        assert people_in(less) > people_in(page) > 0
        answer = await browser.post("/console/segments", data=FORM | ROWS | {"do": "save"})
        assert answer.status_code == 303
        (kept,) = office.store.read(segments.everything)
        assert kept.counted == people_in(page)
        opened = (await browser.get(f"/console/segments?edit={kept.number}")).text
        assert people_in(opened) == people_in(page)
        assert opened.count("checked") == 1 + 5
        listed = (await browser.get("/console/segments")).text
        assert "浅草の催し" in listed
        stale = {"number": str(kept.number), "after": "0", "do": "gone"}
        assert (await browser.post("/console/segments", data=FORM | ROWS | stale)).status_code == 409
        assert (
            await browser.post("/console/segments", data=FORM | ROWS | stale | {"after": str(kept.id)})
        ).status_code == 303
    assert office.store.read(segments.everything) == []
    record = office.store.read(audit.latest)
    assert [one.what for one in record].count(audit.What.SEGMENT) == 2


async def test_B01_everybody_only_with_their_number_and_nobody_never(office: Office) -> None:
    receivers.fill(office.store, 60, office.clock())
    everybody = office.store.read(lambda conn: segments.count(conn, All())).total
    none = {"row": "0", "asked-0": "topic", "joined-0": "and"}
    wrong: dict[str, dict[str, Any]] = {
        "空": FORM,
        "しるしなし": FORM | none,
        "知らない条件": FORM | none | {"asked-0": "weight", "code-0": "x"},
        "知らない値": FORM | none | {"code-0": "gold"},
        "名前なし": FORM | ROWS | {"name": " "},
        "全員": FORM | {"who": "everyone"},
        "全員、ちがう数": FORM | {"who": "everyone", "typed": str(everybody - 1)},
    }
    async with office.browser(office.member("aoki")) as browser:
        for name, form in wrong.items():
            assert (await browser.post("/console/segments", data=form | {"do": "save"})).status_code == 422, name
        page = (await browser.post("/console/segments", data=wrong["全員"])).text
        assert f"人数({everybody})" in page
        assert people_in(page) == everybody
        assert office.store.read(segments.everything) == []
        answer = await browser.post(
            "/console/segments", data=FORM | {"who": "everyone", "typed": str(everybody), "do": "save"}
        )
        assert answer.status_code == 303
    (kept,) = office.store.read(segments.everything)
    assert (kept.means, kept.counted) == (All(), everybody)


ROW = st.sampled_from(["events", "courses", "grants"]).map(lambda code: (Asked.TOPIC, (code,)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Joined), ROW), min_size=1, max_size=6))
def test_rows_that_are_kept_and_opened_again_mean_the_same(
    drawn: list[tuple[Joined, tuple[Asked, tuple[str, ...]]]],
) -> None:
    rows = tuple(Row(joined, asked, codes) for joined, (asked, codes) in drawn)
    means = Draft(rows=rows).means()
    assert not isinstance(means, Refusal)
    again = Draft(rows=rows_of(means)).means()
    assert again == means


def test_one_row_is_just_that() -> None:
    row = Row(Joined.AND, Asked.LANGUAGE, ("en",))
    assert Draft(rows=(row,)).means() == Has(Asked.LANGUAGE, ("en",))
