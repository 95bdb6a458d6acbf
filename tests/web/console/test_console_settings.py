"""The desk of settings: the centre changes hours, telephone, clocks and numbers, sees every version, and goes back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import httpx2
import pytest
from sqlalchemy import text

from bot.cli import doctor
from bot.rulebook import Rulebook
from dialogs.around import Finding
from dialogs.heard import Typed
from knowledge.parts import Part
from storage import audit, cases, settings
from storage.engine import Store
from storage.staff import Role
from tests import ours
from tests.clock import Clock
from tests.web.console.conftest import settings_of
from tests.web.console.office import Office

pytestmark = pytest.mark.anyio
MONDAY = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)  # ten in the morning in Tokyo
WEEK = {"open.mon": "9:00〜12:00、１３:００-17:00", "open.tue": "10:00 ~ 18:00", "consulting.tue": "10:00-12:00"}
HOURS = {**WEEK, "slot_minutes": "45", "closed_each_year": "12/29、12-30", "closed_days": "2027年2月15日\n2027-3-1"}
NAMES = {f"name.{one}": "すみだ川センター" for one in ("ja", "ja-easy", "en", "zh", "ko")}


@pytest.fixture
def desk(store: Store) -> Office:
    """A centre with a mind of its own, once on each database."""
    return Office(store, Clock(MONDAY), ours.own_mind(), settings_of())


async def _keep(browser: httpx2.AsyncClient, part: str, after: int = 0, **typed: Any) -> httpx2.Response:
    told = {"why": "4月から変わるため", "after": str(after), **typed.pop("form", {})}
    return await browser.post(f"/console/settings/{part}", data=told, **typed)


def _asked(office: Office, words: str) -> str:
    found = office.mind.look(Typed(words), "ja", office.mind.local(office.clock()).date())
    assert found is not None
    assert found.kind is Finding.CENTRE
    return found.said


async def test_new_hours_hold_at_once_for_the_bot_the_promise_and_the_clocks(desk: Office) -> None:
    manager = desk.member("mori", role=Role.MANAGER)
    async with desk.browser(manager) as browser:
        kept = await _keep(browser, "hours", form=HOURS)
        assert (kept.status_code, kept.headers["location"]) == (303, "/console/settings?said=kept#part-hours")
        page = (await browser.get("/console/settings?said=kept")).text
    assert "09:00-12:00、13:00-17:00" in page.replace("9:00-12:00", "09:00-12:00").replace("009", "09")
    assert "第1版" in page
    assert "4月から変わるため" in page
    assert "9:00〜12:00" in _asked(desk, "何時まで開いていますか").replace("09:00", "9:00")
    assert "2月15日" not in _asked(desk, "休みの日"), "single days are told sixty days ahead"
    calendar = desk.mind.calendar
    lunch = desk.mind.local(MONDAY).replace(hour=12, minute=30)
    assert not calendar.is_open(lunch)
    assert desk.mind.clocks.calendar == calendar
    hours = [item.key for item in desk.mind.shelves(MONDAY)["consulting_hours"]]
    assert hours[:2] == ["2026-12-01T10:00", "2026-12-01T10:45"]
    [entry] = [one for one in desk.store.read(lambda conn: audit.latest(conn, 10)) if one.what == "setting"]
    assert entry.staff_id == manager


WRONG = [
    ("hours", HOURS | {"open.mon": "18:00-10:00"}, ["開いている時間 月", "終わりが始まりより前"]),
    ("hours", HOURS | {"open.mon": "10:00-13:00、12:00-15:00"}, ["前の時間と重なっています"]),
    ("hours", HOURS | {"open.mon": "あさから"}, ["「あさから」は時間として読めません"]),
    ("hours", {**HOURS, "open.mon": "", "open.tue": ""}, ["開いている時間が1つもありません"]),
    ("hours", HOURS | {"closed_days": "いつか"}, ["日として読めません"]),
    ("hours", HOURS | {"slot_minutes": "すぐ"}, ["数字で書いてください"]),
    ("clocks", {"first": "-3"}, ["数字で書いてください"]),
    ("clocks", {"warn_holder": "10", "warn_desk": "30"}, ["担当者、みんな、管理する人の順"]),
    ("centre", NAMES | {"phone": "{{ 7*7 }}"}, ["{{ 7*7 }} は使えません"]),
    ("centre", NAMES | {"address": "{% for x in y %}"}, ["使えません"]),
    ("centre", NAMES | {"name.ja": "{name.__class__}"}, ["{name.__class__} は使えません"]),
    ("centre", NAMES | {"name.en": ""}, ["書いてください"]),
    ("centre", NAMES | {"phone": "1" * 300}, ["200 文字まで"]),
    ("emergency", {"checked": "2026-12-01", "numbers.1.number": "119", "numbers.1.ja": "火事"}, ["書いてください"]),
    ("emergency", {"checked": "2026-12-01"}, ["1 個以上"]),
    ("after", {"why": ""}, ["変える理由を書いてください"]),
]


async def test_C23_what_cannot_be_is_named_with_its_mend_and_nothing_changes(office: Office) -> None:
    wrong = []
    async with office.browser(office.member("mori", role=Role.MANAGER)) as browser:
        for part, form, said in WRONG:
            refused = await _keep(browser, part, form=form)
            missing = [words for words in said if words not in refused.text]
            if refused.status_code != 422 or missing:
                wrong.append((part, said, refused.status_code, missing))
    assert wrong == []
    assert office.store.read(settings.newest) == 0


async def test_C23_words_that_look_like_a_template_of_readings_are_words_and_a_megabyte_is_refused(
    desk: Office,
) -> None:
    easy = {"name.ja-easy": "{隅田川|すみだがわ}センター"}
    async with desk.browser(desk.member("mori", role=Role.MANAGER)) as browser:
        kept = await _keep(
            browser, "centre", form=NAMES | easy | {"phone": "03-1111-2222", "mail": "<b>x</b>@example.jp"}
        )
        assert kept.status_code == 303
        page = (await browser.get("/console/settings")).text
        huge = await _keep(browser, "centre", 1, form=NAMES | {"phone": "1" * 1_000_000})
    assert "<b>x</b>" not in page
    assert "すみだ川センター" in page
    assert "03-1111-2222" in _asked(desk, "電話番号")
    assert huge.status_code == 422


async def test_C32_who_comes_second_sees_what_the_first_did_and_loses_nothing(desk: Office) -> None:
    mori, noda = (desk.member(one, one, Role.MANAGER) for one in ("森", "野田"))
    async with desk.browser(mori) as first, desk.browser(noda) as second:
        assert (await _keep(first, "centre", form=NAMES | {"phone": "03-1111-1111"})).status_code == 303
        refused = await _keep(second, "centre", form=NAMES | {"phone": "03-2222-2222"})
        assert refused.status_code == 409
        assert "森さんが先に" in refused.text
        assert 'value="03-2222-2222"' in refused.text
        assert "03-1111-1111" in refused.text
        assert 'name="after" value="1"' in refused.text
        assert (await _keep(second, "centre", 1, form=NAMES | {"phone": "03-2222-2222"})).status_code == 303
        again = await _keep(second, "centre", 1, form=NAMES | {"phone": "03-2222-2222"})
        assert again.status_code == 303, "C-35: a second press is the first one"
    assert [one.number for one in desk.store.read(settings.everything)["centre"]] == [2, 1]


def test_C32_of_two_servers_that_write_at_once_one_is_kept(store: Store, second: Store) -> None:
    office = Office(store, Clock(MONDAY), ours.own_mind(), settings_of())
    mori = office.member("mori", role=Role.MANAGER)

    def new(n: int) -> settings.New:
        return settings.New("after", mori, f"try {n}", {"close": bool(n % 2)}, 0)

    jobs = [
        one.writer.submit(lambda conn, n=n: settings.add(conn, new(n), MONDAY))  # type: ignore[misc]
        for n in range(8)
        for one in (store, second)
    ]
    assert sum(bool(job.result(30)) for job in jobs) == 1


async def test_one_press_goes_back_to_any_version_and_to_what_was_shipped(desk: Office) -> None:
    async with desk.browser(desk.member("mori", role=Role.MANAGER)) as browser:
        for after, phone in enumerate(("03-1111-1111", "03-2222-2222")):
            assert (await _keep(browser, "centre", after, form=NAMES | {"phone": phone})).status_code == 303
        back = "/console/settings/centre/back"
        assert (await browser.post(back, data={"number": "1", "after": "2"})).status_code == 303
        assert "03-1111-1111" in _asked(desk, "電話番号")
        page = (await browser.get("/console/settings")).text
        assert "第1版にもどしました" in page
        assert (await browser.post(back, data={"number": "0", "after": "3"})).status_code == 303
        assert _asked(desk, "電話番号") == ""
        assert (await browser.post(back, data={"number": "9", "after": "4"})).status_code == 404
        assert (await browser.post(back, data={"number": "1", "after": "1"})).status_code == 409


def test_another_process_takes_it_within_its_next_look_and_a_broken_row_is_passed_over(desk: Office) -> None:
    mori = desk.member("mori", role=Role.MANAGER)
    elsewhere: Rulebook = ours.own_mind().book
    assert elsewhere.look(desk.store)
    assert not elsewhere.look(desk.store), "nothing new"
    told: list[dict[str, object]] = [{"close": False}, {"close": "perhaps"}]
    news = [settings.New("after", mori, "x", one, after) for after, one in enumerate(told)]
    assert desk.write(lambda conn: [settings.add(conn, one, MONDAY) for one in news]) == [True, True]
    assert elsewhere.look(desk.store)
    assert "close" not in elsewhere.now.asked
    assert [(one.part, one.number) for one in elsewhere.passed] == [(Part.AFTER, 2)]
    desk.write(lambda conn: conn.execute(text("UPDATE setting SET value = '{' WHERE number = 1")))
    fresh = ours.own_mind().book
    fresh.look(desk.store)
    assert len(fresh.passed) == 2
    assert "close" in fresh.now.asked, "as it was shipped"


async def test_what_cannot_be_read_is_named_in_the_console_and_by_the_doctor(
    office: Office, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    own = Office(office.store, office.clock, ours.own_mind(), office.settings)
    mori = own.member("mori", role=Role.MANAGER)
    own.write(lambda conn: settings.add(conn, settings.New("hours", mori, "x", {"open": 3}, 0), own.clock()))
    own.mind.book.look(own.store)
    async with own.browser(mori) as browser:
        page = (await browser.get("/console/settings")).text
    assert "第1版は読めないため" in page
    assert "10:00-18:00" in page
    doctor.run(own.settings.model_copy(update={"database_url": sqlite_url}))
    assert "第1版が使えません" in capsys.readouterr().out


async def test_a_calendar_file_closes_its_days_and_says_what_it_left_aside(desk: Office) -> None:
    file = ICS.encode()
    async with desk.browser(desk.member("mori", role=Role.MANAGER)) as browser:
        bare = await _keep(browser, "days", files={"file": ("x.ics", b"not a calendar", "text/calendar")})
        assert "カレンダーのファイルではありません" in bare.text
        kept = await _keep(browser, "days", files={"file": ("centre.ics", file, "text/calendar")})
        assert kept.headers["location"] == "/console/settings?said=kept&timed=1&strange=1#part-days"
        page = (await browser.get(kept.headers["location"].partition("#")[0])).text
        assert "時刻のある予定1件は、休みにしていません" in page
        assert "設備点検" in page
        closed = [day for day in (1, 2, 3, 4) if not desk.mind.calendar.periods(date(2026, 12, day))]
        assert closed == [2, 3]
        assert (await _keep(browser, "days", 1, form={"do": "clear"})).status_code == 303
    assert desk.mind.calendar.periods(date(2026, 12, 2))


async def test_the_numbers_for_danger_and_the_questions_after_a_case_are_the_centres(desk: Office) -> None:
    numbers = {f"numbers.1.{one}": "火事と救急" for one in ("ja", "ja-easy", "en", "zh", "ko")}
    own = {"lines.1.number": "03-9999-0000", "lines.1.ja": "夜間の相談", "lines_checked": "2026-11-30"}
    form = {"checked": "2026-11-30", "numbers.1.number": "119"} | numbers | own
    async with desk.browser(desk.member("mori", role=Role.MANAGER)) as browser:
        assert (await _keep(browser, "emergency", form=form)).status_code == 303
        assert (await _keep(browser, "after", form={"weeks": "yes"})).status_code == 303
    found = desk.mind.danger(Typed("もう死にたい"), "ja")
    assert found is not None
    assert "03-9999-0000 夜間の相談" in found.urgent
    assert desk.mind.asked == {"weeks"}
    holder = desk.member("aoki")
    case_id = desk.case()
    desk.write(lambda conn: cases.claim(conn, case_id, holder, desk.clock()))
    async with desk.browser(holder) as browser:
        page = (await browser.get(f"/console/cases/{case_id}")).text
        key = re.search(r'name="key" value="([^"]+)"', page)
        await browser.post(f"/console/cases/{case_id}/close", data={"key": key[1] if key else "", "seen": "0"})
    asked = desk.store.read(lambda conn: conn.execute(text("SELECT stage FROM follow_up")).scalars().all())
    assert asked == ["weeks"]


async def test_a_topic_that_the_centre_opens_may_be_talked_about_in_the_chat(desk: Office) -> None:
    assert desk.mind.house.free == {"place", "publicity", "event"}
    async with desk.browser(desk.member("mori", role=Role.MANAGER)) as browser:
        assert (await _keep(browser, "topics", form={"mode.money": "open", "mode.place": "private"})).status_code == 303
    assert desk.mind.house.free == {"money"}
    flow = desk.mind.house.flows["consultation"]
    assert flow.mode({"trouble": ["money"]}, desk.mind.house.free).value == "open"
    assert flow.mode({"trouble": ["place"]}, desk.mind.house.free).value == "private"


ICS = """BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261202
DTEND;VALUE=DATE:20261204
SUMMARY:設備
 点検
BEGIN:VALARM
DTSTART;VALUE=DATE:20261225
END:VALARM
END:VEVENT
BEGIN:VEVENT
DTSTART:20261204T100000Z
SUMMARY:会議
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261211
RRULE:FREQ=MONTHLY;BYDAY=2FR
SUMMARY:第2金曜
END:VEVENT
END:VCALENDAR
"""


async def test_every_date_of_the_settings_and_of_a_call_takes_a_year_of_four_digits(office: Office) -> None:
    async with office.browser(office.member("mori", role=Role.MANAGER)) as browser:
        for page, least in (("/console/settings", 2), ("/console/grants/new", 2), ("/console/events/new", 1)):
            fields = re.findall(r'<input[^>]*type="date"[^>]*>', (await browser.get(page)).text)
            assert len(fields) >= least
            assert [one for one in fields if 'max="9999-12-31"' not in one] == []
