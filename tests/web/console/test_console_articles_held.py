"""Answers written in the console are held to the checks: what is no hole, too long, missing, broken or not allowed."""

from __future__ import annotations

import json

import pytest

from storage import answers, articles, audit
from storage.articles import State
from storage.audit import What
from storage.staff import Role
from tests.web.console.office import Office
from tests.web.console.test_console_knowledge import ask
from tests.web.console.written import FORM, HERE, gets, newest, restock

pytestmark = pytest.mark.anyio


TEMPLATES = {
    "jinja": ("{{ 7*7 }}", "{ 7*7 }"),
    "attribute": ("{{ ''.__class__.__mro__ }}", "{ &#39;&#39;.__class__"),
    "format": ("{0.__class__}", "{0.__class__}"),
    "loop": ("{% for x in range(9**9) %}a{% endfor %}", "{% for x in range("),
    "cycler": ("{{ cycler.__init__.__globals__ }}", "{ cycler.__init__"),
    "unknown": ("電話は{telephone}です", "{telephone}"),
    "unset": ("{mail}へ", "{mail}"),
    "half": ("{phone", "{phone"),
    "nested": ("{a{phone}}", "{a"),
}


@pytest.mark.parametrize("what", TEMPLATES)
async def test_C23_no_template_is_run_and_what_is_no_hole_is_named(lone: Office, what: str) -> None:
    typed, named = TEMPLATES[what]
    async with lone.browser(lone.member("sato")) as browser:
        for field in ("ja-short", "ja-asks", "en-table", "source-1-title", "tests"):
            answer = await browser.post(HERE, data=FORM | {field: typed})
            assert answer.status_code == 422
            assert named in answer.text
            assert "使えません" in answer.text
            assert "カラスの巣を見つけたら" in answer.text  # what was typed is still there
    assert lone.store.read(articles.newest) == 0


async def test_C23_a_megabyte_is_refused_with_its_field_and_signs_that_nobody_sees_are_gone(lone: Office) -> None:
    async with lone.browser(lone.member("sato")) as browser:
        for size, said in ((1_000_000, "この画面:長すぎます"), (700, "短い答え:長すぎます")):
            answer = await browser.post(HERE, data=FORM | {"ja-short": "a" * size})
            assert (answer.status_code, said in answer.text) == (422, True)
        odd = FORM | {"ja-title": "カラス\x00\x07\u202e\ufff9の巣", "ja-details": "<script>alert(1)</script>{phone}"}
        made = await browser.post(HERE, data=odd)
        page = (await browser.get(made.headers["location"])).text
        assert 'value="カラスの巣"' in page
        assert "<script>alert" not in page
        (version,) = lone.store.read(articles.everything)
        look = (await browser.get(f"{HERE}/{version.name}/look?on=web")).text
        assert "<script>alert" not in look
        assert json.loads(lone.store.read(lambda conn: articles.bodies(conn, [version.id]))[version.id])["text"]["ja"][
            "details"
        ].endswith("{phone}")


async def test_what_is_missing_is_said_in_plain_words_and_keeps_it_from_residents(lone: Office) -> None:
    async with lone.browser(lone.member("sato")) as browser:
        bare = FORM | {
            "source-1-title": "",
            "source-1-publisher": "",
            "topic": "",
            "ja-easy-title": "巣",
            "ja-short": "",
        }
        made = await browser.post(HERE, data=bare)
        path = made.headers["location"].partition("?")[0]
        page = (await browser.get(f"{path}/check")).text
        assert "出典：1つ書いてください" in page
        assert "テーマ：選んでください" in page
        assert "日本語：短い答え：書かれていません" in page
        assert "まだ公開できません" in page
        refused = await browser.post(f"{path}/settle", data={"after": newest(lone), "do": "public"})
        assert refused.status_code == 422
        assert "まだ公開できません" in refused.text
    assert [one.state for one in lone.store.read(articles.everything)] == [State.DRAFT]


async def test_it_begins_and_ends_on_the_centres_days_and_a_wrong_pair_of_days_is_refused(lone: Office) -> None:
    async with lone.browser(lone.member("sato")) as browser:
        made = await browser.post(HERE, data=FORM)
        path = made.headers["location"].partition("?")[0]
        for start, end in (("2026-12-02", "2026-12-01"), ("", "2026-11-01")):
            form = {"after": newest(lone), "do": "public", "start": start, "end": end}
            assert (await browser.post(f"{path}/settle", data=form)).status_code == 422
        form = {"after": newest(lone), "do": "public", "start": "2026-11-24", "end": "2026-11-24"}
        await browser.post(f"{path}/settle", data=form)
        assert "これから出る" in (await browser.get(path)).text
        got = []
        for _ in range(3):
            got.append(bool(gets(lone, "カラスの巣を見つけたら")))
            lone.clock.on(days=1)
        got.append(bool(gets(lone, "カラスの巣を見つけたら")))
        assert got == [False, False, True, False]


async def test_C35_a_second_click_publishes_once_and_begins_one_article(lone: Office) -> None:
    async with lone.browser(lone.member("sato")) as browser:
        one, two = [await browser.post(HERE, data=FORM) for _ in "12"]
        assert one.headers["location"] == two.headers["location"]
        path = one.headers["location"].partition("?")[0]
        form = {"after": newest(lone), "do": "public"}
        assert [(await browser.post(f"{path}/settle", data=form)).status_code for _ in "12"] == [303, 303]
        again = FORM | {"after": newest(lone), "ja-short": "ほかの文です。"}
        assert [(await browser.post(path, data=again)).status_code for _ in "12"] == [303, 303]
    assert [one.state for one in lone.store.read(articles.everything)] == [State.DRAFT, State.PUBLIC, State.DRAFT]


async def test_a_specialist_writes_drafts_and_neither_publishes_nor_reads_residents_questions(lone: Office) -> None:
    ask(lone, lone.case(), "カラスの秘密の巣は？")
    async with lone.browser(lone.member("kato", role=Role.SPECIALIST)) as browser:
        assert "カラスの秘密" not in (await browser.get(f"{HERE}/new?ids=1")).text
        made = await browser.post(HERE, data=FORM | {"items": "1", "do": "check"})
        page = (await browser.get(made.headers["location"])).text
        assert "住民に公開する" not in page
        assert "カラスの秘密" not in page
        path = made.headers["location"].removesuffix("/check")
        assert (await browser.post(f"{path}/settle", data={"after": newest(lone), "do": "away"})).status_code == 404
        assert "取り下げる" not in (await browser.get(path)).text
    (version,) = lone.store.read(articles.everything)
    assert version.items == ()


async def test_what_did_not_help_counts_anew_once_the_answer_is_mended(lone: Office) -> None:
    for _ in range(3):
        lone.write(lambda conn: answers.count(conn, "printing", False))
    async with lone.browser(lone.member("sato")) as browser:
        assert "ちがう3回" in (await browser.get("/console/knowledge")).text
        await browser.post(f"{HERE}/printing", data=FORM)
        await browser.post(f"{HERE}/printing/settle", data={"after": newest(lone), "do": "public"})
        assert "ちがう3回" not in (await browser.get("/console/knowledge")).text
        lone.write(lambda conn: answers.count(conn, "printing", False))
        assert "ちがう1回" in (await browser.get("/console/knowledge")).text


async def test_a_broken_version_is_named_and_an_earlier_one_is_read(lone: Office) -> None:
    sato = lone.member("sato")
    async with lone.browser(sato) as browser:
        await browser.post(f"{HERE}/printing", data=FORM)
        first = newest(lone)
        broken = articles.New(sato, "printing", int(first), State.PUBLIC, "{")
        lone.write(lambda conn: articles.add(conn, broken, lone.clock()))
        restock(lone)
        assert "読めないため、住民に出していない答えがあります" in (await browser.get(HERE)).text
        assert "この版は読めません" in (await browser.get(f"{HERE}/printing")).text
        assert 'value="カラスの巣"' in (await browser.get(f"{HERE}/printing?version={first}")).text
        assert (await browser.get(f"{HERE}/printing?version=99")).status_code == 404


async def test_each_version_and_each_decision_is_in_the_record(lone: Office) -> None:
    sato = lone.member("sato")
    async with lone.browser(sato) as browser:
        made = await browser.post(HERE, data=FORM)
        path = made.headers["location"].partition("?")[0]
        await browser.post(f"{path}/settle", data={"after": newest(lone), "do": "public"})
    done = [one.what for one in lone.store.read(audit.latest) if one.staff_id == sato]
    assert done == [What.PUBLISHED, What.ARTICLE]


async def test_an_expired_answer_is_named_on_the_page_of_the_answers(lone: Office) -> None:
    lone.clock.on(days=400)
    async with lone.browser(lone.member("sato")) as browser:
        page = await browser.get("/console/knowledge")
    assert page.status_code == 200
    assert "過ぎています" in page.text
