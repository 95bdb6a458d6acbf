"""Finding cases at the desk: by words, by what they have in common, by one's own ways to look; several at once."""

from __future__ import annotations

import re

import httpx2
import pytest
from sqlalchemy import Connection, select

from storage import audit, cases, indexing, notes, people, tombstones
from storage.queue_tables import asked_for, saved_view, tag
from storage.staff import Role
from tests.web.console.office import Office, key
from tests.web.console.test_console_deeds import HOSTILE

pytestmark = pytest.mark.anyio


async def _search(browser: httpx2.AsyncClient, words: str) -> str:
    """The page that a search leads to."""
    answer = await browser.post("/console/search", data={"q": words})
    assert answer.status_code == 303
    assert re.fullmatch(r"/console/search\?of=\d+", answer.headers["location"]), "no word of it in an address"
    page = await browser.get(answer.headers["location"])
    assert page.status_code == 200
    return page.text


def _index(office: Office) -> None:
    while office.write(lambda conn: indexing.sweep(conn, office.store.vault)):
        pass
    while office.write(lambda conn: indexing.take_in(conn, office.store.vault, 1)):
        pass


def _whats(office: Office) -> list[tuple[str, tuple[int, ...]]]:
    return [(row.what, row.cases) for row in office.store.read(audit.latest)]


async def test_words_are_found_with_the_line_they_stand_in_and_the_reading_is_on_record(either: Office) -> None:
    one, two = either.case("u1"), either.case("u2", rows=[])
    either.says(two, "公園でボランティアの　花だんをつくりたいです", "u2")
    aoki = either.member("aoki")
    note = notes.NewNote(one, aoki, "花壇の件は来週")
    either.write(lambda conn: notes.add(conn, either.store.vault, note, either.clock()))
    async with either.browser(aoki) as browser:
        for _ in range(2):
            page = await _search(browser, "ﾎﾞﾗﾝﾃｨｱ 花だん")
            assert "<mark>ボランティア</mark>" in page
            assert "<mark>花だん</mark>" in page
            assert "1件の相談が見つかりました" in page
            assert either.head(two).ref in page
            assert either.head(one).ref not in page
            assert "助成金の<mark>申請書</mark>" in await _search(browser, "申請書")
            assert "内部メモ" in await _search(browser, "花壇")
            assert "受付番号が同じ相談" in await _search(browser, either.head(one).ref.lower())
            _index(either)
        assert "1文字では多すぎて" in (page := await _search(browser, "花"))
        assert re.search(r'value="花"[^>]*autofocus', page), "one goes on writing where one was"
        assert "見つかりませんでした" in await _search(browser, "ありえない言葉")
        assert 'type="search"' in (await browser.get("/console")).text
        assert "1文字では多すぎて" not in (await browser.get("/console/search")).text
    assert ("searched", (two,)) in _whats(either)
    assert ("searched", ()) in _whats(either), "a search that finds nothing is one, too"


async def test_C15_a_search_tells_nothing_of_cases_that_are_not_there_for_the_viewer(either: Office) -> None:
    one, two = either.case("u1"), either.case("u2")
    either.says(one, "ひみつの花だん", "u1")
    either.says(two, "ふつうの花だん", "u2")
    aoki, kato = either.member("aoki"), either.member("kato", role=Role.SPECIALIST)
    ref, now = either.head(one).ref, either.clock()
    async with either.browser(aoki) as browser, either.browser(kato) as theirs:
        await browser.post(f"/console/cases/{two}/ask", data={"who": str(kato)})
        await browser.post(f"/console/cases/{one}/tags", data={"words": "秘密の札"})
        assert "秘密の札" in (await browser.get("/console")).text
        await browser.post(f"/console/cases/{one}/apart")
        for _ in range(2):
            for who in (browser, theirs):
                page = await _search(who, "花だん")
                assert "ふつうの<mark>花だん</mark>" in page
                assert "1件の相談" in page
                assert "見つかりませんでした" in await _search(who, "ひみつ")
                assert "見つかりませんでした" in await _search(who, ref)
                for page in ((await who.get("/console?folder=all")).text, await _search(who, "花だん")):
                    assert ref not in page
                    assert "秘密の札" not in page, "nor is the tag offered"
            _index(either)
        number = either.write(lambda conn: conn.execute(select(asked_for.c.id).order_by(asked_for.c.id)).scalar())
        other = await theirs.get(f"/console/search?of={number}")
        assert "この検索は期限がすぎました" in other.text, "nor what a colleague searched for"
        assert "花だん" not in other.text
        person = either.head(one).person_id
        assert person is not None
        either.write(lambda conn: people.forget(conn, person, now))
    _index(either)
    assert either.store.read(lambda conn: cases.counts(conn, aoki, now)).open == 1


async def test_P_what_is_taken_back_or_hostile_is_shown_by_no_search(office: Office) -> None:
    case_id, aoki = office.case(), office.member("aoki")
    office.says(case_id, "まちがえて書いた話", said_id="m1")
    for words in HOSTILE:
        office.says(case_id, "さがす" + words)
    _index(office)
    async with office.browser(aoki) as browser:
        assert "まちがえて書いた" in await _search(browser, "まちがえて書いた")
        office.write(lambda conn: tombstones.withdraw(conn, office.store.vault, "line", "m1", office.clock()))
        assert "見つかりませんでした" in await _search(browser, "まちがえて書いた")
        for words in (*HOSTILE, "さがす", "<script>", '"><img src=x onerror=alert(1)>'):
            page = await _search(browser, words)
            assert "<script>alert" not in page
            assert "<img src=x" not in page


async def test_a_way_to_look_is_kept_for_oneself_or_for_the_desk_and_narrows_the_list(either: Office) -> None:
    aoki, baba = either.member("aoki", "青木"), either.member("baba", "馬場")
    korean, japanese = either.case("u1", language="ko", urgency="today"), either.case("u2")
    async with either.browser(aoki) as browser, either.browser(baba) as colleague:
        await browser.post(f"/console/cases/{japanese}/claim")
        await browser.post(f"/console/cases/{japanese}/tags", data={"words": "花だん"})
        tag_id = either.store.read(lambda conn: conn.execute(select(tag.c.id)).scalar())
        narrow = {"language=ko": korean, "urgency=today": korean, f"holder={aoki}": japanese, f"tag={tag_id}": japanese}
        for asked, there in narrow.items():
            page = (await browser.get(f"/console?folder=all&{asked}")).text
            assert set(re.findall(r'id="row-(\d+)"', page)) == {str(there)}, asked
            assert "しぼりこみ中" in page
            await browser.post("/console/views", data={"asked": f"folder=all&{asked}", "name": asked, "shared": "yes"})
        await browser.post("/console/views", data={"asked": "folder=mine&evil=<b>", "name": "わたしだけ<b>"})
        mine, theirs = (await browser.get("/console")).text, (await colleague.get("/console")).text
        assert "わたしだけ&lt;b&gt;" in mine
        assert "わたしだけ" not in theirs
        assert theirs.count("青木さんが共有") == 4
        assert f'href="/console?folder=all&amp;tag={tag_id}"' in theirs
        nothing = await browser.get("/console?folder=all&language=zh&urgency=today")
        assert "この条件に合う相談はありません" in nothing.text
        assert (await browser.get("/console?folder=all&tag=99999999999999999999&holder=x")).status_code == 200
        [first] = either.store.read(lambda conn: conn.execute(select(saved_view.c.id).limit(1)).all())
        await colleague.post("/console/views", data={"drop": str(first.id)})
        assert (await colleague.get("/console")).text.count("青木さんが共有") == 4, "only who keeps it lets it go"
        await browser.post("/console/views", data={"drop": str(first.id)})
        assert (await colleague.get("/console")).text.count("青木さんが共有") == 3


async def test_tags_are_put_on_once_and_taken_off_and_sealed(either: Office) -> None:
    case_id, aoki = either.case(), either.member("aoki")
    async with either.browser(aoki) as browser:
        assert (await browser.post(f"/console/cases/{case_id}/tags", data={"words": " 花　だん "})).status_code == 303
        assert (await browser.post(f"/console/cases/{case_id}/tags", data={"words": "花 だん"})).status_code == 409
        assert "花 だん" in (await browser.get(f"/console/cases/{case_id}")).text
        [row] = either.store.read(lambda conn: conn.execute(select(tag)).all())
        assert "花".encode() not in row.words
        await browser.post(f"/console/cases/{case_id}/tags", data={"off": str(row.id)})
        assert "花 だん" not in (await browser.get(f"/console/cases/{case_id}")).text
    assert [what for what, _ in _whats(either)].count("tag") == 2


async def test_R_several_cases_at_once_say_first_what_will_happen_and_then_what_did(either: Office) -> None:
    aoki, baba = either.member("aoki", "青木"), either.member("baba", "馬場")
    free, held, ended, hidden, more = (either.case(f"u{n}") for n in range(5))
    async with either.browser(aoki) as browser, either.browser(baba) as colleague:
        await colleague.post(f"/console/cases/{held}/claim")
        await browser.post(f"/console/cases/{ended}/close")
        await browser.post(f"/console/cases/{hidden}/apart")
        ticked = {"case": [str(one) for one in (free, held, ended, hidden, more, 999)], "asked": "folder=all"}
        page = (await browser.post("/console/bulk", data=ticked | {"deed": "claim"})).text
        assert "2件の相談を、あなたが担当します" in page
        assert "次の2件には できません" in page
        assert "馬場さんが担当しています" in page
        assert either.head(hidden).ref not in page
        assert either.head(free).holder is None, "so far nothing happened"
        once = ticked | {"deed": "claim", "key": key()}
        for _ in range(2):
            done = (await browser.post("/console/bulk/do", data=once)).text
            assert "2件に行いました。 2件は行えませんでした。" in done
        assert [either.head(one).holder for one in (free, held, ended, hidden)] == [aoki, baba, None, None]
        tagged = ticked | {"deed": "tag", "words": "まとめ", "key": key()}
        assert "4件の相談に、札「まとめ」をつけます" in (await browser.post("/console/bulk", data=tagged)).text
        assert "4件に行いました" in (await browser.post("/console/bulk/do", data=tagged)).text
        given = ticked | {"deed": "give", "to": str(baba), "key": key()}
        assert "2件の相談を、馬場さんに引きつぎます" in (await browser.post("/console/bulk", data=given)).text
        await browser.post("/console/bulk/do", data=given)
        assert either.head(free).holder == baba
        closed = ticked | {"deed": "close", "key": key()}
        assert "できる相談がありません" in (await browser.post("/console/bulk", data=closed)).text
        assert "2件に行いました" not in (await browser.post("/console/bulk/do", data=closed)).text
        assert either.steps(free).count("closed") == either.steps(hidden).count("closed") == 0
        for odd in ({}, {"deed": "erase"}, {"deed": "tag"}, {"deed": "close", "case": "x"}):
            assert (await browser.post("/console/bulk", data=odd)).status_code in (200, 303)
        assert "相談が選ばれていません" in (await browser.post("/console/bulk", data={"deed": "close"})).text
    kept = either.store.read(lambda conn: _deeds(conn, aoki))
    assert (kept.count("claim"), kept.count("tag"), kept.count("give")) == (4, 4, 2), "one row for each case and press"


def _deeds(conn: Connection, staff_id: int) -> list[str]:
    return [row.what for row in audit.latest(conn) if row.staff_id == staff_id]
