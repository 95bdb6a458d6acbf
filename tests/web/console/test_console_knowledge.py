"""The page of the answers: questions nobody could answer, joined with their like, and what a question would get."""

from __future__ import annotations

import re
from functools import partial

import pytest
from sqlalchemy import Connection, select

from storage import answers, people, tables
from storage.audit import What
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio


def ask(office: Office, case_id: int, *texts: str) -> None:
    """Somebody asked what nobody could answer."""

    def job(conn: Connection) -> None:
        person_id = office.head(case_id).person_id or 0
        who = people.load(conn, office.store.vault, [person_id])[person_id]
        rows = [answers.Question(office.clock(), who.id, who.key, "ja", text) for text in texts]
        answers.unknown(conn, office.store.vault, rows)

    office.write(job)


async def test_N12_the_same_question_is_one_item_and_is_settled_as_one(office: Office) -> None:
    ask(office, office.case(), "カラスの巣は？", "バーベキューはできますか", "カラスの巣は?")
    sato = office.member("sato")
    async with office.browser(sato) as browser:
        page = (await browser.get("/console/knowledge")).text
        assert page.index("カラスの巣は") < page.index("バーベキューはできますか")
        assert "2回" in page
        crows = re.search(r'name="ids" value="([\d,]+)"', page)
        assert crows
        assert len(crows[1].split(",")) == 2
        done = await browser.post("/console/knowledge/settle", data={"ids": crows[1]})
        assert done.status_code == 303
        page = (await browser.get(done.headers["location"])).text
        assert "済みにしました。" in page
        assert "カラスの巣" not in page
        assert "バーベキューはできますか" in page
    read = office.store.read(lambda conn: conn.execute(select(tables.audit.c.staff_id, tables.audit.c.what)).all())
    assert (sato, What.QUESTIONS) in [(staff_id, what) for staff_id, what in read]


async def test_what_somebody_asked_is_shown_and_never_run(office: Office) -> None:
    ask(office, office.case(), '"><script>alert(1)</script>')
    async with office.browser(office.member("sato")) as browser:
        page = (await browser.get("/console/knowledge")).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
        page = (await browser.post("/console/knowledge/try", data={"q": '"><img src=x>', "lang": "../x"})).text
        assert "<img src=x" not in page


@pytest.mark.parametrize("ids", ["", "x", "1,-2", "9" * 30, "１", "1;DROP"])
async def test_odd_numbers_settle_nothing(office: Office, ids: str) -> None:
    ask(office, office.case(), "カラスの巣は？")
    async with office.browser(office.member("sato")) as browser:
        await browser.post("/console/knowledge/settle", data={"ids": ids.replace("1", "77")})
        assert "カラスの巣は" in (await browser.get("/console/knowledge")).text


async def test_what_did_not_help_stands_with_its_figures_the_worst_first(office: Office) -> None:
    for name, helped in (("npo-setup-steps", False), ("npo-setup-steps", True), ("group-rules", False)) * 2:
        office.write(partial(answers.count, article=name, helped=helped))
    office.write(lambda conn: answers.count(conn, "group-rules", False))
    async with office.browser(office.member("sato")) as browser:
        page = (await browser.get("/console/knowledge")).text
    assert page.index("役に立った0回、ちがう3回") < page.index("役に立った2回、ちがう2回")


@pytest.mark.parametrize(
    ("asked", "decision", "more"),
    [
        ("NPO法人はどうやって作りますか", "この答えを出します", "設立総会を開き"),
        ("助成", "どれかを選んでもらいます", "助成金"),
        ("もう死にたい", "危険の言葉として", "119"),
        ("メンバーともめています", "人におつなぎします", "人が"),
        ("あしたの天気は", "", ""),
    ],
)
async def test_the_box_shows_what_a_resident_would_get_and_why(
    office: Office, asked: str, decision: str, more: str
) -> None:
    async with office.browser(office.member("sato")) as browser:
        page = (await browser.post("/console/knowledge/try", data={"q": asked})).text
    shown = page.partition('<div class="notice" role="status">')[2].partition("</div>")[0]
    assert shown
    assert decision in shown
    assert more in shown


async def test_S12_who_stands_apart_from_somebody_reads_none_of_their_questions(office: Office) -> None:
    case, sato, baba = office.case(), office.member("sato"), office.member("baba")
    ask(office, case, "カラスの巣は？")
    async with office.browser(sato) as browser, office.browser(baba) as colleague:
        await browser.post(f"/console/cases/{case}/apart")
        assert "カラスの巣" not in (await browser.get("/console/knowledge")).text
        assert "カラスの巣" in (await colleague.get("/console/knowledge")).text
