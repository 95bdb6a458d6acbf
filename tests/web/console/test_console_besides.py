"""Laying aside, giving on, ready words, replies for later and calls, as the forms of the console post them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest

from bot.bell import Bell
from bot.watchman import Watchman
from storage import canned, news, timed
from storage.cases import Mode, State
from tests.knowledge.test_hours import at
from tests.web.console.office import Office, at_once, key, seen
from tests.web.console.test_console_deeds import HOSTILE

pytestmark = pytest.mark.anyio


def draft(page: str) -> str:
    """What stands in the reply box."""
    found = re.search(r'<textarea id="reply-text"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return unescape(found[1]).removeprefix("\n")


def kept(office: Office, case_id: int) -> list[timed.Timed]:
    return list(office.store.read(lambda conn: timed.of_case(conn, office.store.vault, case_id)))


async def test_laid_aside_until_a_day_of_ones_own_and_among_the_news_when_it_is_due(office: Office) -> None:
    office.clock.now = at("2026-11-24 10:00")  # a Tuesday
    aoki, case_id, path = office.member("aoki"), office.case(), "/console/cases/1"
    async with office.browser(aoki) as browser:
        await browser.post(f"{path}/claim")
        for told, until in (({"for": "monday"}, "2026-11-30"), ({"for": "day", "day": "2026-12-08"}, "2026-12-08")):
            for _ in range(2):
                assert (await browser.post(f"{path}/wait", data=told)).status_code == 303
            head = office.head(case_id)
            assert (head.state, head.pending_until) == (State.PENDING, at(f"{until} 10:00"))
        for wrong in ("", "2026-02-30", "2026-11-24", "2026-11-01", "2028-01-01", "9999-12-31", "x" * 5000):
            assert (await browser.post(f"{path}/wait", data={"for": "day", "day": wrong})).status_code == 409
        assert office.steps(case_id).count("state") == 2
    office.clock.now = at("2026-12-08 10:00")
    watchman = Watchman(office.store, office.mind, office.room.desk, Bell(), office.clock)
    await watchman.round()
    await watchman.round()
    assert office.head(case_id).state is State.CLAIMED
    async with office.browser(aoki) as browser:
        page = (await browser.get("/console")).text
        assert page.count("あとで対応する時間になりました") == 1
        await browser.get(path)
    office.write(lambda _: None)  # what nobody waits for is written before it
    assert office.store.read(lambda conn: news.unseen(conn, aoki)) == []


async def test_ready_words_fill_the_draft_and_nothing_leaves(office: Office) -> None:
    case_id, path = office.case(mode=Mode.OPEN), "/console/cases/1"
    async with office.browser(office.member("aoki", "青木")) as browser:
        words = {"title": "受付", "body": "{staff}です。受付番号は{ref}です。{相談|そうだん}をうけました。"}
        assert (await browser.post("/console/canned", data=words)).status_code == 303
        await browser.post(f"{path}/claim")
        form = {"text": "こんにちは。\r\n", "key": key(), "seen": "0", "canned": "1"}
        answer = await browser.post(f"{path}/canned", data=form)
        ref = office.head(case_id).ref
        assert draft(answer.text) == f"こんにちは。\n青木です。受付番号は{ref}です。相談(そうだん)をうけました。"
        assert form["key"] in answer.text
        assert (await browser.post(f"{path}/canned", data=form | {"canned": "99"})).status_code == 409
        assert (await browser.post(f"{path}/canned", data=form | {"key": ""})).status_code == 409
    assert office.told(case_id) == []


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("{なまえ}さん", "{なまえ}"),
        ("{name}さん", "{name}"),
        ("{ref", "{ref"),
        ("ref}", "}"),
        ("{{ref}}", "{}"),
        ("{ staff }", "{ staff }"),
        ("{0.__class__}", "{0.__class__}"),
        ("", "文が書かれていません"),
        ("あ" * 4001, "長すぎます"),
    ],
)
async def test_a_hole_that_nothing_fills_is_refused_by_its_name_and_nothing_typed_is_lost(
    office: Office, body: str, wrong: str
) -> None:
    async with office.browser(office.member("aoki")) as browser:
        answer = await browser.post("/console/canned", data={"title": "題", "body": body})
    shown = unescape(answer.text)
    assert (answer.status_code, wrong in shown.partition('role="alert"')[2].partition("</p>")[0]) == (422, True)
    assert f"{body}</textarea>" in shown
    assert office.store.read(canned.everything) == []


async def test_every_version_of_ready_words_stays_with_who_wrote_it_and_the_second_of_two_is_told(
    either: Office,
) -> None:
    aoki, baba = either.member("aoki", "青木"), either.member("baba", "馬場")
    async with either.browser(aoki) as one, either.browser(baba) as other:
        await one.post("/console/canned", data={"title": "あいさつ", "body": "はじめの文"})
        (first,) = either.store.read(canned.everything)
        form = {"title": "あいさつ", "number": str(first.number), "after": str(first.id)}
        answers = await at_once(
            one.post("/console/canned", data=form | {"body": "青木の文"}),
            other.post("/console/canned", data=form | {"body": "馬場の文"}),
        )
        assert sorted(answer.status_code for answer in answers) == [303, 409]
        (now,) = either.store.read(canned.everything)
        put_away = {**form, "after": str(now.id), "body": now.body, "do": "gone"}
        assert (await other.post("/console/canned", data=put_away)).status_code == 303
        page = (await one.get("/console/canned")).text
    assert "はじめの文" in page
    assert "しまってある文" in page
    versions = either.store.read(canned.versions)[first.number]
    assert [(old.body, old.gone) for old in versions[::-1]] == [
        ("はじめの文", False),
        (now.body, False),
        (now.body, True),
    ]
    assert (versions[0].staff_name, versions[-1].staff_name) == ("馬場", "青木")


async def test_a_reply_for_later_is_shown_with_its_time_and_taken_back_into_the_draft(either: Office) -> None:
    case_id, path = either.case(mode=Mode.OPEN), "/console/cases/1"
    aoki, baba = either.member("aoki"), either.member("baba")
    async with either.browser(aoki) as browser, either.browser(baba) as colleague:
        await browser.post(f"{path}/claim")
        day = (either.clock() + timedelta(days=3)).date().isoformat()
        form = {"text": "来週の件です", "key": key(), "seen": seen((await browser.get(path)).text), "when": "own"}
        form |= {"day": day, "hour": "10:00"}
        answers = await at_once(*(browser.post(f"{path}/later", data=form) for _ in range(4)))
        assert {answer.headers["location"] for answer in answers} == {
            f"{path}?folder=unassigned&said=later&spent={form['key']}"
        }
        (one,) = kept(either, case_id)
        page = (await browser.get(path)).text
        assert f'id="timed-{one.id}"' in page
        assert "10:00</time> に送ります" in page
        refused = await colleague.post(f"{path}/untimed", data={"timed": str(one.id)})
        assert (refused.status_code, len(kept(either, case_id))) == (409, 1)
        for _ in range(2):
            back = await browser.post(f"{path}/untimed", data={"timed": str(one.id)})
            assert (back.status_code, draft(back.text)) == (200, "来週の件です")
        assert (await browser.post(f"{path}/untimed", data={"timed": "999"})).status_code == 409
        for wrong in ({"day": "x"}, {"when": "2020-01-01T09:00"}, {"when": ""}, {"key": "1"}):
            answer = await browser.post(f"{path}/later", data=form | {"key": key()} | wrong)
            assert (answer.status_code, draft(answer.text)) == (409, "来週の件です")
        either.says(case_id, "書きました")
        answer = await browser.post(f"{path}/later", data=form | {"key": key()})
        assert (answer.status_code, "新しい発言がありました" in answer.text) == (409, True)
    assert (either.told(case_id), kept(either, case_id)) == ([], [])


async def test_a_call_stands_in_the_talk_with_who_typed_it_and_goes_nowhere(either: Office) -> None:
    case_id, path = either.case(), "/console/cases/1"
    async with either.browser(either.member("aoki", "青木")) as browser:
        form = {"text": "土曜に来ます", "kind": "counter", "key": key()}
        answers = await at_once(*(browser.post(f"{path}/calls", data=form) for _ in range(5)))
        assert {answer.status_code for answer in answers} == {303}
        page = (await browser.get(path)).text
        bad = await browser.post(f"{path}/calls", data=form | {"kind": "passed", "key": key()})
    talk = page.partition('id="lines"')[2].partition('name="seen"')[0]
    assert (talk.count("土曜に来ます"), "窓口" in talk, "青木さんが書きとめました" in talk) == (1, True, True)
    assert (bad.status_code, either.told(case_id)) == (409, [])


async def test_who_takes_over_reads_what_the_record_says_and_nothing_that_was_taken_back(office: Office) -> None:
    case_id, path = office.case(), "/console/cases/1"
    aoki, baba = office.member("aoki", "青木"), office.member("baba", "馬場")
    office.says(case_id, "会場は広いですか。とくに急ぎません。締切は12月5日です。")
    async with office.browser(aoki) as browser, office.browser(baba) as taker:
        await browser.post(f"{path}/claim")
        form = {"to": str(baba), "text": "あとはお願いします", "key": key()}
        answers = await at_once(*(browser.post(f"{path}/pass", data=form) for _ in range(3)))
        assert {answer.status_code for answer in answers} == {303}
        office.clock.on(minutes=5)
        office.says(case_id, "来週の火曜はどうですか。")
        assert "青木さんから引きつぎました" in unescape((await taker.get("/console")).text)
        page = (await taker.get(path)).text
        noted = page.partition('class="noted"')[2].partition("</article>")[0]
        asked, dates = (noted.partition(title)[2].partition("<h3")[0] for title in ("まだ返事", "日にちが"))
        assert ("会場は広いですか。" in asked, "急ぎません" in asked) == (True, False)
        assert ("締切は12月5日です。" in dates, "あとはお願いします" in noted) == (True, True)
        assert "火曜" not in noted  # said after it
        office.write(lambda _: None)  # that it was read is noted beside the page
        assert "あなたへのお知らせ" not in (await taker.get("/console")).text
        again = await browser.post(f"{path}/pass", data=form | {"key": key()})
        assert (again.status_code, "あとはお願いします</textarea>" not in again.text) == (409, True)
    assert office.head(case_id).holder == baba
    assert office.store.read(lambda conn: news.unseen(conn, baba)) == []


@pytest.mark.parametrize("text", HOSTILE)
async def test_C01_what_is_written_beside_the_talk_stays_text(office: Office, text: str) -> None:
    case_id, path = office.case(mode=Mode.OPEN), "/console/cases/1"
    office.says(case_id, text + " 明日はどうですか")
    aoki, baba = office.member("aoki", f"青木{text}"), office.member("baba")
    async with office.browser(aoki) as browser, office.browser(baba) as taker:
        await browser.post(f"{path}/claim")
        await browser.post(f"{path}/calls", data={"text": text, "kind": "phone", "key": key()})
        page = (await browser.get(path)).text
        late = {"text": text, "key": key(), "seen": seen(page), "when": "own", "day": "2026-11-30", "hour": "10:00"}
        assert (await browser.post(f"{path}/later", data=late)).status_code == 303
        pages = [
            (await browser.post("/console/canned", data={"title": text, "body": body})).text for body in (text, "{x}")
        ]
        await browser.post(f"{path}/pass", data={"to": str(baba), "text": text, "key": key()})
        pages += [(await taker.get(where)).text for where in ("/console", path, "/console/canned")]
    for shown in pages:
        for tag in ["<script>", "<img src=x", "<svg/", "<math", "<a href='java", "<div hx-get", "<meta http", "<!-->"]:
            assert tag not in shown
