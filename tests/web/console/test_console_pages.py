"""Every page of the console draws, with what a coordinator needs to see."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, Update, insert, update

from storage import forgetting, outbox, tables, talk, tombstones
from storage.cases import Mode
from storage.corrections import Correction, correct
from tests.web.console.office import Office, key, seen

pytestmark = pytest.mark.anyio


async def test_the_queue_puts_danger_first_and_then_what_breaks_first(office: Office) -> None:
    made = {}
    for name, urgency, why in [
        ("a", "none", "flow"),
        ("b", "week", "flow"),
        ("c", "today", "flow"),
        ("d", "none", "flow"),
        ("e", "today", "urgent"),
    ]:
        made[name] = office.case(name, urgency=urgency, why=why)
        office.clock.on(minutes=10)
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get("/console?folder=all")).text
    places = sorted(made, key=lambda name: page.index(f'id="row-{made[name]}"'))
    assert "".join(places) == "ecabd"


async def test_a_row_says_what_about_how_urgent_who_has_it_and_how_long_it_waits(office: Office) -> None:
    aoki = office.member("aoki", "青木")
    case_id = office.case(channel="telegram", topics=["money", "place", "event"], urgency="today", language="ja-easy")
    office.clock.on(hours=3)
    async with office.browser(aoki) as browser:
        page = (await browser.get("/console")).text
        assert (await browser.post(f"/console/cases/{case_id}/claim")).status_code == 303
        mine = (await browser.get("/console?folder=mine")).text
    row = page[page.index('id="row-') :]
    for words in [
        "お金・助成・場所・設備",
        "ほか1つ",
        "今日か明日",
        "未担当",
        "3時間待ち",
        "Telegram",
        "やさしい日本語",
        "担当者を待っています",
    ]:
        assert words in row
    assert "あなた" in mine[mine.index('id="row-') :]


async def test_a_row_quotes_the_resident_in_one_short_line(office: Office) -> None:
    told = office.case("a", rows=[["story", "相談の内容", "一行目です。\n" + "あ" * 60]])
    typed = office.case("b", rows=[], flow="", why="urgent", urgency="today")
    office.says(typed, "もう生きていたくない", address="b")
    silent = office.case("c", rows=[["more", "追加の質問", "いいえ"]])
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get("/console?folder=all")).text
    rows = {
        case_id: page[page.index(f'id="row-{case_id}"') :].partition("</li>")[0] for case_id in (told, typed, silent)
    }
    assert "一行目です。 " + "あ" * 32 + "…<" in rows[told]
    assert "もう生きていたくない" in rows[typed]
    assert "緊急" in rows[typed]
    assert "excerpt" not in rows[silent]


async def test_a_case_begins_with_the_story_and_leaves_out_what_tells_nothing(office: Office) -> None:
    rows = [
        ["trouble", "困りごと", "お金・助成"],
        ["more", "追加の質問", "はい"],
        ["group", "団体の名前", "(答えない)"],
    ]
    rows += [["story", "相談の内容", "会場が見つかりません。"], ["consent", "同意", "同意する"]]
    case_id = office.case(rows=rows)
    office.says(case_id, "よろしくお願いします")
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get(f"/console/cases/{case_id}")).text
    page = page[page.index("<main") :]
    assert page.index("会場が見つかりません。") < page.index("よろしくお願いします") < page.index("<dt>困りごと</dt>")
    assert page.count("会場が見つかりません。") == 1
    assert not [label for label in ("追加の質問", "団体の名前", "同意") if f"<dt>{label}</dt>" in page]


async def test_without_a_form_a_case_begins_with_what_was_written_first(office: Office) -> None:
    case_id = office.case(rows=[], flow="", why="asked")
    office.says(case_id, "会場のことで")
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get(f"/console/cases/{case_id}")).text
    assert "会場のことで" in page[page.index('class="gist"') :].partition("</section>")[0]
    assert "受付の答えはありません" not in page


async def test_words_that_were_changed_after_sending_say_so_and_still_begin_the_case(office: Office) -> None:
    case_id = office.case(rows=[], flow="", why="asked")
    office.says(case_id, "会場のことで", said_id="m1")
    new = {"kind": "corrected", "text": "<b>会計</b>のことで", "message_id": "m1"}
    (said,) = office.store.read(lambda conn: talk.of_case(conn, office.store.vault, case_id))
    of = office.head(case_id).person_id
    assert of is not None
    change = Correction(of, "line", "m1", new)
    assert office.write(lambda conn: correct(conn, office.store.vault, change, office.clock()))
    async with office.browser(office.member("aoki")) as browser:
        page, rows = [(await browser.get(path)).text for path in (f"/console/cases/{case_id}", "/console?folder=all")]
    assert (f'"line-{said.id}"' in page, "送ったあとで書き直しました" in page, "会場" in page) == (True, True, False)
    for shown in (page, rows):
        assert "&lt;b&gt;会計&lt;/b&gt;のことで" in shown


async def test_folders_say_how_much_lies_in_them(office: Office) -> None:
    aoki, baba = office.member("aoki"), office.member("baba")
    first, second, third = office.case("a"), office.case("b", topic="place", topics=["place"]), office.case("c")
    async with office.browser(aoki) as mine, office.browser(baba) as other:
        await mine.post(f"/console/cases/{first}/claim")
        await other.post(f"/console/cases/{second}/claim")
        await mine.post(f"/console/cases/{third}/close")
        page = (await mine.get("/console?folder=mine")).text
        topic = (await mine.get("/console?topic=place")).text
        closed = (await mine.get("/console?folder=closed")).text
    rail = page[page.index("<nav") : page.index("</nav>")]
    assert [part.split("<")[0] for part in rail.split('class="number">')[1:]] == ["1", "0", "0", "0", "2", "1", "1"]
    assert (f"row-{first}" in page, f"row-{second}" in page) == (True, False)
    assert (f"row-{second}" in topic, f"row-{first}" in topic) == (True, False)
    assert (f"row-{third}" in closed, f"row-{first}" in closed) == (True, False)


async def test_a_long_queue_is_read_page_by_page_and_nothing_is_left_out(office: Office) -> None:
    ids = [office.case(f"u{n}", urgency=("today", "none")[n % 2]) for n in range(103)]
    found: list[str] = []
    async with office.browser(office.member("aoki")) as browser:
        path = "/console?folder=all"
        while path:
            page = (await browser.get(path)).text
            found += [part.split('"')[0] for part in page.split('id="row-')[1:]]
            more = page.partition('<p class="more"><a class="button" href="')[2]
            path = more.partition('"')[0].replace("&amp;", "&")
    assert [int(one) for one in found] == ids[::2] + ids[1::2]


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("mine", "いま担当している相談はありません"),
        ("unassigned", "新しい相談が来ると"),
        ("all", "開いている相談はありません"),
        ("closed", "終わった相談はまだありません"),
        ("nonsense", "新しい相談が来ると"),
    ],
)
async def test_an_empty_folder_says_what_to_expect(office: Office, folder: str, words: str) -> None:
    async with office.browser(office.member("aoki")) as browser:
        answer = await browser.get(f"/console?folder={folder}&after=zzz&topic=%3Cscript%3E")
    assert answer.status_code == 200
    assert words in answer.text


async def test_a_case_shows_answers_mode_language_and_history(office: Office) -> None:
    aoki = office.member("aoki", "青木")
    case_id = office.case(language="en", mode=Mode.OPEN)
    office.says(case_id, "いつ聞けますか")
    async with office.browser(aoki) as browser:
        await browser.post(f"/console/cases/{case_id}/claim")
        page = (await browser.get(f"/console/cases/{case_id}")).text
    for words in [
        "助成金の申請書を見てほしいです。",
        "公開",
        "英語",
        "いつ聞けますか",
        "相談が届きました",
        "担当しました",
        "青木",
    ]:
        assert words in page


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("alarm", "危険な言葉がありました"),
        ("called", "もう一度、人と話したいとのことです"),
        ("filed", "申込みの内容がとどきました"),
        ("consent_withdrawn", "同意が取り消されました"),
        ("not_yet_known", "変更がありました"),
    ],
)
async def test_the_history_says_what_the_resident_did(office: Office, kind: str, words: str) -> None:
    case_id = office.case()
    step = {"case_id": case_id, "at": office.clock(), "who_kind": "person", "kind": kind}
    office.write(lambda conn: conn.execute(insert(tables.case_event), step))
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get(f"/console/cases/{case_id}")).text
    assert words in page[page.index('class="history"') :]


async def test_the_holder_and_only_the_holder_has_a_reply_form(office: Office) -> None:
    aoki, baba = office.member("aoki", "青木"), office.member("baba")
    case_id = office.case()
    path = f"/console/cases/{case_id}"
    async with office.browser(aoki) as mine, office.browser(baba) as other:
        assert 'id="reply-form"' not in (await mine.get(path)).text
        await mine.post(path + "/claim")
        assert 'id="reply-form"' in (await mine.get(path)).text
        theirs = (await other.get(path)).text
    assert 'id="reply-form"' not in theirs
    assert "青木さんが担当しています" in theirs
    assert 'id="note-form"' in theirs


async def test_what_became_of_a_reply_is_said_and_never_more_than_is_known(office: Office) -> None:
    aoki = office.member("aoki")
    case_id = office.case()
    path = f"/console/cases/{case_id}"
    async with office.browser(aoki) as browser:
        await browser.post(path + "/claim")
        page = (await browser.get(path)).text
        await browser.post(path + "/reply", data={"text": "お返事です", "key": key(), "seen": seen(page)})
        told = {}
        for state in outbox.Delivery:
            statement = update(tables.outbox).values(state=state.value)
            office.write(partial(_run, statement))
            page = (await browser.get(path)).text
            bubble = page[page.rindex('class="bubble staff"') :]
            told[state.value] = bubble[bubble.index("</svg>") :].split("</p>")[0].removeprefix("</svg>").strip()
    assert told == {
        "queued": "お知らせ:送信待ち",
        "sending": "お知らせ:送信中",
        "sent": "お知らせ:LINEが受け付けました",
        "gave_up": "お知らせ:届きませんでした",
        "unknown": "お知らせ:届いたか不明です",
        "waiting_person": "お知らせ:今月の送信数の残りがないため、次に相手が書いたときに届きます",
    }


def _run(statement: Update, conn: Connection) -> None:
    conn.execute(statement)


async def test_R07_what_was_taken_back_is_gone_and_says_so(office: Office) -> None:
    case_id = office.case()
    office.says(case_id, "やっぱり言わない", said_id="m1")
    office.write(lambda conn: tombstones.withdraw(conn, office.store.vault, "line", "m1", office.clock()))
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get(f"/console/cases/{case_id}")).text
    assert "やっぱり言わない" not in page
    assert "取り消されました" in page


async def test_a_forgotten_person_leaves_an_empty_case(office: Office) -> None:
    case_id = office.case()
    office.says(case_id, "秘密です")
    person = office.head(case_id).person_id
    assert person is not None
    office.write(lambda conn: forgetting.forget(conn, person, office.clock()))
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get(f"/console/cases/{case_id}")).text
        assert (await browser.post(f"/console/cases/{case_id}/claim")).status_code == 409
    assert "本人の希望で消しました" in page
    assert "秘密です" not in page


async def test_waiting_time_begins_anew_with_the_last_words_of_the_person(office: Office) -> None:
    case_id = office.case()
    office.clock.on(days=2)
    office.says(case_id, "まだですか")
    office.clock.on(minutes=5)
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get("/console")).text
    assert "5分待ち" in page


async def test_a_session_is_over_after_a_working_day(office: Office) -> None:
    async with office.browser(office.member("aoki")) as browser:
        assert (await browser.get("/console")).status_code == 200
        office.clock.now += timedelta(hours=12, seconds=1)
        assert (await browser.get("/console")).status_code == 303
