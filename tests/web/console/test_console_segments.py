"""The page of segments, as its forms post it: built of rows, counted exactly, refused by name, kept with its record."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.web.console.segment_form import Draft, Joined, Row, rows_of
from knowledge.segment import All, And, Asked, Did, Has, Not, Or, Refusal, Took
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


async def test_by_group_and_by_taking_part_as_the_form_posts_it(office: Office) -> None:
    receivers.fill(office.store, 900, office.clock())
    rows: dict[str, Any] = {
        "row": ["0", "1", "2"],
        "asked-0": "took", "joined-0": "and", "did-0": "signed", "of-0": "any", "days-0": "365",
        "asked-1": "form", "joined-1": "or", "code-1": ["npo", "voluntary"],
        "asked-2": "took", "joined-2": "not", "did-2": "came", "of-2": "7", "days-2": "３０",
    }  # fmt: skip
    means = And(
        (Or((Took(Did.SIGNED, "any", 365), Has(Asked.FORM, ("npo", "voluntary")))), Not(Took(Did.CAME, "7", 30)))
    )
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.post("/console/segments", data=FORM | rows)).text
        assert "(この365日のうちに「催しか講座のどれか」に申し込んだ人、または団体の種類が" in page
        assert "この30日のうちに「No.7 催し7」に来た人は除く" in page
        assert people_in(page) == office.store.read(lambda c: segments.count(c, means, office.clock())).total > 0
        more = (await browser.post("/console/segments", data=FORM | rows | {"do": "add-took"})).text
        assert 'name="days-3" inputmode="numeric" autocomplete="off" maxlength="3" size="4" value="180"' in more
        assert (await browser.post("/console/segments", data=FORM | rows | {"do": "save"})).status_code == 303
        (kept,) = office.store.read(segments.everything)
        assert kept.means == means
        opened = (await browser.get(f"/console/segments?edit={kept.number}")).text
        assert people_in(opened) == people_in(page)
        for name, wrong in {
            "days-0": "0", "days-2": "731", "of-0": "party", "of-2": "7; drop", "did-0": "heard", "code-1": "gold",
        }.items():  # fmt: skip
            answer = await browser.post("/console/segments", data=FORM | rows | {name: wrong, "do": "save"})
            assert answer.status_code == 422, name


async def test_B01_everybody_only_with_their_number_and_nobody_never(office: Office) -> None:
    receivers.fill(office.store, 60, office.clock())
    everybody = office.store.read(lambda conn: segments.count(conn, All(), office.clock())).total
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


ROW = st.one_of(
    st.sampled_from(["events", "courses", "grants"]).map(lambda code: Has(Asked.TOPIC, (code,))),
    st.sampled_from(["npo", "unset"]).map(lambda code: Has(Asked.FORM, (code,))),
    st.builds(Took, st.sampled_from(Did), st.sampled_from(["any", "course", "12"]), st.integers(1, 730)),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Joined), ROW), min_size=1, max_size=6))
def test_rows_that_are_kept_and_opened_again_mean_the_same(
    drawn: list[tuple[Joined, Has | Took]],
) -> None:
    rows = tuple(Row(joined, means) for joined, means in drawn)
    means = Draft(rows=rows).means()
    assert not isinstance(means, Refusal)
    again = Draft(rows=rows_of(means)).means()
    assert again == means


def test_one_row_is_just_that() -> None:
    row = Row(Joined.AND, Has(Asked.LANGUAGE, ("en",)))
    assert Draft(rows=(row,)).means() == Has(Asked.LANGUAGE, ("en",))
