"""Answers written in the console: kept as versions, shown before they go out, published, and taken down at once."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from storage import articles
from tests.ours import DAY
from tests.web.console.office import Office
from tests.web.console.test_console_knowledge import ask
from tests.web.console.written import FEW, FORM, HERE, gets, newest, restock

pytestmark = pytest.mark.anyio


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
