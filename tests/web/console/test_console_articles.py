"""Answers written in the console: kept as versions, checked, shown before they go out, and taken down at once."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.frontdesk import FrontDesk, living_of
from bot.living import Living, Restocking
from bot.mind import Mind
from knowledge.hours import load_centre
from storage import answers, articles, audit
from storage.articles import State
from storage.audit import What
from storage.staff import Role
from tests.ours import ARTICLES, DAY
from tests.web.console.office import Office
from tests.web.console.test_console_knowledge import ask

pytestmark = pytest.mark.anyio
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
    living = Living(FEW, DAY, None, phone="03-0000-0000")
    return Office(
        office.store,
        office.clock,
        replace(mind, look=FrontDesk(living, load_centre(), mind.house.library)),
        office.settings,
    )


@pytest.fixture
def desk(either: Office, mind: Mind) -> Office:
    """An office on either database."""
    return with_few(either, mind)


@pytest.fixture
def lone(office: Office, mind: Mind) -> Office:
    """An office on SQLite."""
    return with_few(office, mind)


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


async def test_N12_an_answer_is_written_from_a_question_published_and_the_question_is_done(desk: Office) -> None:
    ask(desk, desk.case(), "カラスの巣を見つけたら？", "カラスの巣を見つけたら", "バーベキューはできますか")
    async with desk.browser(desk.member("sato")) as browser:
        work = (await browser.get("/console/knowledge")).text
        link = re.search(r'href="(/console/articles/new\?ids=[\d,]+)"', work)
        assert link
        form = (await browser.get(link[1])).text
        assert 'value="カラスの巣を見つけたら' in form
        items = re.search(r'name="items" value="([\d,]+)"', form)
        assert items
        made = await browser.post(HERE, data=FORM | {"items": items[1], "do": "check"})
        assert made.status_code == 303
        check = (await browser.get(made.headers["location"])).text
        assert "待っている質問2件が「済み」になります" in check
        assert "確かめる質問1件のうち、1件が正しい" in check
        assert gets(desk, "カラスの巣を見つけたら？") == ()
        path = made.headers["location"].removesuffix("/check")
        out = await browser.post(f"{path}/settle", data={"after": newest(desk), "do": "public", "why": "質問が来た"})
        assert out.headers["location"] == f"{path}?said=public"
        assert gets(desk, "カラスの巣があるのですが") == (path.rpartition("/")[2],)
        work = (await browser.get("/console/knowledge")).text
        assert "カラスの巣" not in work
        assert "バーベキューはできますか" in work
        page = (await browser.get(path)).text
        assert "公開中" in page
        assert "質問が来た" in page
        assert "確かめる質問1件のうち、1件が正しい" in (await browser.get(HERE)).text


async def test_C32_two_edit_the_same_answer_the_second_sees_the_conflict_and_nothing_is_lost(desk: Office) -> None:
    first, other = desk.member("aoki", "青木"), desk.member("baba", "馬場")
    async with desk.browser(first) as one, desk.browser(other) as two:
        mine = FORM | {"ja-short": "青木の答えです。"}
        await one.post(f"{HERE}/printing", data=mine)
        answer = await two.post(f"{HERE}/printing", data=FORM | {"ja-short": "馬場の答えです。"})
        assert answer.status_code == 409
        assert "ほかの人が先に直しました" in answer.text
        assert "青木の答えです。" in answer.text
        assert "馬場の答えです。" in answer.text
        again = re.search(r'name="after" value="(\d+)"', answer.text)
        assert again
        kept = await two.post(f"{HERE}/printing", data=FORM | {"ja-short": "両方です。", "after": again[1]})
        assert kept.status_code == 303
        assert (await one.post(f"{HERE}/printing", data=mine)).status_code == 409
        first_version = desk.store.read(articles.everything)[0].id
        assert "青木の答えです。" in (await one.get(f"{HERE}/printing?version={first_version}")).text
        stale = await one.post(f"{HERE}/printing/settle", data={"after": str(first_version), "do": "public"})
        assert stale.status_code == 409
    assert [one.by for one in desk.store.read(articles.everything)] == ["青木", "馬場"]


async def test_C32_an_answer_that_a_release_changed_shows_both_and_keeps_the_centres(lone: Office) -> None:
    async with lone.browser(lone.member("sato")) as browser:
        await browser.post(f"{HERE}/printing", data=FORM | {"ja-short": "センターの答えです。"})
        await browser.post(f"{HERE}/printing/settle", data={"after": newest(lone), "do": "public"})
        living = restock(lone)
        changed = tuple(replace(one, review_by=DAY + timedelta(days=9)) if one.id == "printing" else one for one in FEW)
        living.stock = replace(living.stock, shipped=changed, revision=0)
        restock(lone)
        page = (await browser.get(f"{HERE}/printing")).text
        assert "この答えの元の文が変わりました" in page
        assert "センターの答えです。" in page
        assert "2026-12-01" in page
        assert "元の文が変わりました" in (await browser.get(HERE)).text
        await browser.post(f"{HERE}/printing/settle", data={"after": newest(lone), "do": "shipped"})
        assert "この答えの元の文が変わりました" not in (await browser.get(f"{HERE}/printing")).text
        assert {one.id: one for one in restock(lone).stock.out}["printing"] == changed[0]


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


async def test_a_wrong_answer_is_taken_down_by_one_confirmation_whoever_wrote_meanwhile(desk: Office) -> None:
    async with desk.browser(desk.member("sato")) as browser:
        question = {one.id: one for one in FEW}["printing"].words["ja"].question
        assert gets(desk, question) == ("printing",)
        page = (await browser.get(f"{HERE}/printing")).text
        assert page.index("この答えを取り下げる") < page.index('name="ja-title"')
        await browser.post(f"{HERE}/printing", data=FORM)
        down = await browser.post(f"{HERE}/printing/settle", data={"after": "0", "do": "away", "why": "料金がちがう"})
        assert down.status_code == 303
        assert "printing" not in gets(desk, question)
        assert "取り下げ" in (await browser.get(HERE)).text
        await browser.post(f"{HERE}/printing/settle", data={"after": newest(desk), "do": "shipped"})
        assert gets(desk, question) == ("printing",)


async def test_what_is_for_ourselves_no_resident_gets_and_the_box_shows_it_when_asked(lone: Office) -> None:
    async with lone.browser(lone.member("sato")) as browser:
        made = await browser.post(HERE, data=FORM)
        path = made.headers["location"].partition("?")[0]
        await browser.post(f"{path}/settle", data={"after": newest(lone), "do": "internal"})
        assert gets(lone, "カラスの巣を見つけたら") == ()
        for inside, shown in (({}, False), ({"inside": "yes"}, True)):
            page = (await browser.post("/console/knowledge/try", data={"q": "カラスの巣を見つけたら"} | inside)).text
            assert ("センターでは取りません" in page) is shown


async def test_the_box_of_a_draft_shows_what_a_question_would_get_with_it_in(lone: Office) -> None:
    async with lone.browser(lone.member("sato")) as browser:
        made = await browser.post(HERE, data=FORM)
        path = made.headers["location"].partition("?")[0]
        page = (await browser.post(f"{path}/try", data={"q": "木にカラスの巣がある"})).text
        assert "この答えを出します" in page.partition('role="status"')[2]
        assert "センターでは取りません" in page
        assert "答えが変わる質問:1件" in page
        assert (
            "センターでは取りません"
            not in (await browser.post("/console/knowledge/try", data={"q": "木にカラスの巣がある"})).text
        )


@pytest.mark.parametrize("channel", ["line", "telegram", "web"])
async def test_an_answer_is_drawn_for_each_channel_and_language_by_what_draws_it_in_use(
    lone: Office, channel: str
) -> None:
    async with lone.browser(lone.member("sato")) as browser:
        for language, said in (("ja", "役に立った"), ("ko", "※이 답변은 아직 일본어로만 있습니다.")):
            made = await browser.post(HERE, data=FORM)
            path = made.headers["location"].partition("?")[0]
            page = (await browser.get(f"{path}/look?on={channel}&lang={language}")).text
            about: dict[str, Any] = json.loads(page.partition('id="about">')[2].partition("</script>")[0])
            drawn = json.dumps(about["faces"], ensure_ascii=False)
            assert said in drawn
            assert "センターでは取りません" in drawn


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
