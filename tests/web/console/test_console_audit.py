"""What staff see and do in the console is written down, without a word of anybody's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from storage import audit, tables
from storage.audit import Entry, What
from tests.web.console.office import Office, key, seen

pytestmark = pytest.mark.anyio
CANARY = "カナリアの悩み"


def written(office: Office) -> list[tuple[int | None, str, tuple[int, ...]]]:
    """Every row: who, what, which cases."""
    rows = office.store.read(lambda conn: conn.execute(select(tables.audit).order_by(tables.audit.c.id)).all())
    return [(row.staff_id, row.what, tuple(int(one) for one in row.cases.split(",") if one)) for row in rows]


async def test_P19_who_sees_a_case_in_a_list_or_whole_is_written_down_before_it_is_shown(either: Office) -> None:
    first, second, third = (either.case(f"u{n}") for n in range(3))
    aoki, baba = either.member("aoki"), either.member("baba")
    async with either.browser(aoki) as browser:
        assert (await browser.get("/console?folder=mine")).status_code == 200  # an empty list shows nothing
        assert written(either) == []
        await browser.get("/console?folder=unassigned")
        for _ in range(3):  # a page that renews itself shows the same again
            await browser.get(f"/console/cases/{second}")
    async with either.browser(baba) as browser:
        await browser.get(f"/console/cases/{second}?folder=closed")
        await browser.get("/console/cases/999")
    assert written(either) == [
        (aoki, "listed", (first, second, third)),
        (aoki, "opened", (second,)),
        (baba, "opened", (second,)),
    ]
    audit.check(either.store)


async def test_P19_a_case_that_is_shown_again_with_what_was_refused_is_seen_too(office: Office) -> None:
    case_id, aoki = office.case(), office.member("aoki")
    async with office.browser(aoki) as browser:
        assert (await browser.post(f"/console/cases/{case_id}/reply", data={"text": "x"})).status_code == 409
    assert (aoki, "opened", (case_id,)) in written(office)


async def test_I7_each_deed_leaves_its_row_and_what_was_refused_none(either: Office) -> None:
    case_id, aoki, baba = either.case(), either.member("aoki"), either.member("baba")
    path = f"/console/cases/{case_id}"
    async with either.browser(aoki) as one, either.browser(baba) as other:
        await one.post(path + "/claim")
        await other.post(path + "/claim")
        told = seen((await one.get(path)).text)
        await one.post(path + "/reply", data={"text": "はい", "key": key(), "seen": told})
        await one.post(path + "/notes", data={"text": "メモ", "key": key(), "seen": told})
        for deed in ("release", "close", "reopen"):
            await one.post(f"{path}/{deed}")
        await one.post("/logout")
    deeds = [what for who, what, _ in written(either) if who == aoki and what not in ("opened", "listed")]
    assert deeds == ["claim", "reply", "note", "release", "close", "reopen", "went"]
    assert {what for who, what, _ in written(either) if who == baba} <= {"opened", "listed"}


async def test_I7_coming_in_is_written_down(office: Office) -> None:
    aoki = office.member("aoki")
    token = office.link(aoki)
    async with office.browser() as browser:
        await browser.post("/login/once", data={"t": "x" * 43})
        await browser.post("/login/once", data={"t": token})
    assert written(office) == [(aoki, "came", ())]


async def test_P16_who_opens_two_hundred_cases_within_ten_minutes_is_shown_to_everybody_for_a_day(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    aoki, baba, case_id = office.member("aoki", "青木"), office.member("baba"), office.case()
    before = [Entry(aoki, What.OPENED, (1000 + n,)) for n in range(audit.MANY - 1)]
    office.write(lambda conn: audit.add(conn, office.store.vault, before, office.clock()))
    async with office.browser(baba) as colleague:
        assert "青木さんが" not in (await colleague.get("/console")).text
        async with office.browser(aoki) as browser:
            await browser.get(f"/console/cases/{case_id}")
        assert "very many cases opened" in capsys.readouterr().out
        assert (
            "青木さんが、1分未満前に、10分のあいだに200件以上の相談を開きました"
            in (await colleague.get("/console")).text
        )
        office.clock.now += timedelta(days=1, minutes=1)
        colleague.cookies.set("nakodo", office.session(baba))
        page = await colleague.get("/console")
    assert page.status_code == 200
    assert "青木さんが" not in page.text


async def test_P20_the_audit_holds_nobodys_words_and_no_name(office: Office) -> None:
    case_id = office.case(CANARY, rows=[["story", CANARY, CANARY]])
    office.says(case_id, CANARY, CANARY)
    aoki = office.member("aoki", CANARY)
    path = f"/console/cases/{case_id}"
    async with office.browser(aoki) as browser:
        await browser.post(path + "/claim")
        page = (await browser.get(path)).text
        assert CANARY in page
        await browser.post(path + "/reply", data={"text": CANARY, "key": key(), "seen": seen(page)})
        await browser.post(path + "/notes", data={"text": CANARY, "key": key(), "seen": "0"})
        await browser.get("/console?folder=" + CANARY)
        await browser.post(path + "/release?topic=" + CANARY)

    def dump(conn: Connection) -> list[str]:
        return [repr(tuple(row)) for table in (tables.audit, tables.audit_head) for row in conn.execute(select(table))]

    kept = "\n".join(office.store.read(dump))
    assert "'reply'" in kept
    assert CANARY not in kept
    assert CANARY.encode().hex() not in kept
    assert repr(CANARY.encode())[2:-1] not in kept


async def test_a_database_that_takes_nothing_does_not_blind_the_desk_and_the_log_stands_in(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    case_id, aoki = office.case(), office.member("aoki")
    async with office.browser(aoki) as browser:
        office.store.writer.close()  # as a full disk, a lock held by others or a server that is away
        page = await browser.get(f"/console/cases/{case_id}")
    assert page.status_code == 200
    said = capsys.readouterr().out
    assert "not in the audit yet" in said
    assert f"[{case_id}]" in said
