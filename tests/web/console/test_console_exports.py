"""Cases leave the house as a file: counted, with a reason, agreed to, marked, for its asker alone, and soon gone."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, select

from bot.exporting import AT_ONCE, Exporter
from storage import audit, corrections, export_parts, exports, inbox, people, staff, standings
from storage.casefile import Mode
from storage.export_parts import LASTS, Lease
from storage.exports import State
from storage.staff import Role
from storage.standings import Kind, New
from storage.whole import metadata
from tests.web.console.office import ROWS, Office

pytestmark = pytest.mark.anyio
SECRET_WORDS = "助成金の申請書を見てほしいです。"
WHY = "月の報告の表を作ります"
HOSTILE = [["trouble", "困りごと", '=HYPERLINK("http://evil.example")'], ["story", "相談の内容", "＋1\n-2;@x"]]


def exporter(office: Office) -> Exporter:
    return Exporter(office.store, office.mind.house, ZoneInfo("Asia/Tokyo"), office.clock)


def open_case(office: Office, address: str = "u1", **other: Any) -> int:
    return office.case(address, mode=Mode.OPEN, **other)


async def ask(office: Office, member: int, **fields: str) -> str:
    """Count, then ask for the file; where the browser ends up."""
    form = {"part": "all", "why": WHY} | fields
    async with office.browser(member) as browser:
        page = (await browser.post("/console/exports", data=form)).text
        counted = re.search(r'name="people" value="(\d+)"', page)
        assert counted, "the count is shown before"
        answer = await browser.post("/console/exports", data=form | {"do": "make", "people": counted[1]})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])


async def fetch(office: Office, member: int, number: int = 1) -> list[list[str]]:
    """The rows of a file, as a spreadsheet reads them."""
    async with office.browser(member) as browser:
        opened = await browser.post(f"/console/exports/{number}", data={"do": "fetch"})
        assert opened.status_code == 303, opened.text
        answer = await browser.get(opened.headers["location"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == f'attachment; filename="nakodo-{number}.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def file_of(office: Office, number: int = 1) -> exports.Export:
    found = office.store.read(lambda conn: exports.find(conn, office.store.vault, number))
    assert found is not None
    return found


def written(office: Office) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.what, one.cases) for one in reversed(office.store.read(audit.latest))]


async def test_P17_a_file_is_counted_asked_for_with_a_reason_made_marked_and_fetched(either: Office) -> None:
    aoki = either.member("aoki", "青木")
    ids = tuple(open_case(either, f"u{n}") for n in range(3))
    async with either.browser(aoki) as browser:
        for why in ("", "報告", "あ" * 201):
            assert (await browser.post("/console/exports", data={"why": why})).status_code == 422
    assert await ask(either, aoki) == "/console/exports?making"
    assert await exporter(either).look() == 1
    head, *rows = await fetch(either, aoki)
    assert [row[0] for row in rows] == [either.head(one).ref for one in ids]
    assert SECRET_WORDS in rows[0][head.index("相談の内容")]
    assert {row[-1] for row in rows} == {
        f"No.1 / 青木 / {either.clock().astimezone(ZoneInfo('Asia/Tokyo')):%Y-%m-%d %H:%M} / {WHY}"
    }
    assert [one for one in written(either) if one[0] != "came"] == [
        ("export", ()), ("exported", ids), ("fetched", ()),
    ]  # fmt: skip


async def test_P17_over_so_many_people_a_second_person_must_agree_and_never_the_first(either: Office) -> None:
    either.under(export_second_over=2)
    aoki, baba = either.member("aoki"), either.member("baba")
    for n in range(3):
        open_case(either, f"u{n}")
    assert await ask(either, aoki) == "/console/exports?asked"
    assert await exporter(either).look() == 0
    async with either.browser(aoki) as browser:
        assert (await browser.post("/console/exports/1", data={"do": "approve"})).status_code == 422
        assert (await browser.post("/console/exports/1", data={"do": "fetch"})).status_code == 409
    assert file_of(either).state is State.ASKED
    async with either.browser(baba) as browser:
        assert WHY in (await browser.get("/console/exports")).text
        assert (await browser.post("/console/exports/1", data={"do": "approve"})).status_code == 303
        assert (await browser.post("/console/exports/1", data={"do": "refuse"})).status_code == 303  # too late
        await ask(either, aoki)
        assert (await browser.post("/console/exports/2", data={"do": "refuse"})).status_code == 303
    assert await exporter(either).look() == 1
    assert len(await fetch(either, aoki)) == 4
    assert ("export_yes", ()) in written(either)
    assert written(either).count(("export_no", ())) == 1
    assert (file_of(either, 2).state, file_of(either, 2).parts) == (State.REFUSED, 0)


async def test_C11_a_file_of_somebody_else_is_not_there_and_the_attempt_is_on_record(either: Office) -> None:
    aoki, chief = either.member("aoki"), either.member("chief", role=Role.MANAGER)
    open_case(either)
    await ask(either, aoki)
    await exporter(either).look()
    token = either.write(lambda conn: exports.make_token(conn, 1))
    async with either.browser(chief) as browser:
        assert (await browser.post("/console/exports/1", data={"do": "fetch"})).status_code == 404
        assert (await browser.get(f"/console/exports/1/file/{token}")).status_code == 404
        assert (await browser.get(f"/console/exports/2/file/{token}")).status_code == 404
    refused = [one for one in either.store.read(audit.latest) if one.what == "refused"]
    assert [(one.staff_id, one.about) for one in refused] == [(chief, aoki)] * 2
    async with either.browser(aoki) as browser:
        assert (await browser.get("/console/exports/1/file/" + "x" * 43)).status_code == 404


async def test_C24_hostile_words_leave_as_text_and_come_back_as_they_were(office: Office) -> None:
    aoki = office.member("aoki", "=cmd")
    open_case(office, rows=HOSTILE)
    await ask(office, aoki, why="=1+1 のため")
    await exporter(office).look()
    _, row = await fetch(office, aoki)
    assert not [cell for cell in row if re.match(r"[=+\-@\t\r＝＋－＠]", cell)]
    assert re.sub(r"(^|[;\t\r\n])'", r"\1", row[-2]).count("=HYPERLINK") == 1
    assert "\n'-2;'@x" in row[-2]


async def test_S12_only_what_the_asker_may_see_is_counted_and_written(either: Office) -> None:
    aoki = either.member("aoki")
    seen, hidden = open_case(either, "u1"), open_case(either, "u2")
    hide = New(Kind.APART, aoki, None)
    either.write(lambda conn: standings.put(conn, hide, either.head(hidden), either.clock()))
    await ask(either, aoki)
    await exporter(either).look()
    assert [row[0] for row in (await fetch(either, aoki))[1:]] == [either.head(seen).ref]
    async with either.browser(aoki) as browser:
        answer = await browser.post("/console/exports", data={"ref": either.head(hidden).ref, "why": WHY})
    assert answer.status_code == 422
    assert "ありません" in answer.text


async def test_S12_what_is_hidden_after_a_file_was_made_is_in_it_no_more(either: Office) -> None:
    aoki = either.member("aoki")
    seen, hidden = open_case(either, "u1"), open_case(either, "u2")
    await ask(either, aoki)
    await exporter(either).look()
    hide = New(Kind.APART, aoki, None)
    either.write(lambda conn: standings.put(conn, hide, either.head(hidden), either.clock()))
    assert file_of(either).state is State.MAKING
    await exporter(either).look()
    assert [row[0] for row in (await fetch(either, aoki))[1:]] == [either.head(seen).ref]


async def test_what_was_told_in_private_is_in_a_file_of_a_manager_alone_and_only_when_asked_for(office: Office) -> None:
    aoki, chief = office.member("aoki"), office.member("chief", role=Role.MANAGER)
    ref = office.head(office.case()).ref  # a private one
    for number, (member, fields, told) in enumerate(
        [(aoki, {"secrets": "yes"}, False), (chief, {}, False), (chief, {"secrets": "yes"}, True)], 1
    ):
        await ask(office, member, **fields)
        await exporter(office).look()
        rows = await fetch(office, member, number)
        assert (SECRET_WORDS in rows[1][-2]) is told
    async with office.browser(aoki) as browser:
        refused = await browser.post("/console/exports", data={"ref": ref, "why": WHY})
    assert "管理する人だけ" in refused.text


async def test_one_case_leaves_with_its_talk_line_by_line(either: Office) -> None:
    aoki = either.member("aoki")
    case_id = open_case(either)
    for n in range(3):
        either.says(case_id, f"ことば{n}")
    await ask(either, aoki, ref=either.head(case_id).ref.lower())
    await exporter(either).look()
    rows = await fetch(either, aoki)
    assert [row[3] for row in rows[-3:]] == ["ことば0", "ことば1", "ことば2"]
    assert [value for _, _, value in ROWS if value not in {row[3] for row in rows}] == []
    assert ("export", (case_id,)) in written(either)


@pytest.mark.parametrize("how", ["erased", "taken back", "changed"])
async def test_P13_what_is_erased_taken_back_or_changed_leaves_a_file_at_once(either: Office, how: str) -> None:
    aoki = either.member("aoki")
    case_id = open_case(either)
    open_case(either, "u2")
    either.says(case_id, "消してほしいことば", said_id="m1")
    await ask(either, aoki, ref=either.head(case_id).ref)
    await exporter(either).look()
    assert file_of(either).state is State.READY
    person = either.head(case_id).person_id
    assert person is not None

    def undo(conn: Connection) -> None:
        if how == "erased":
            people.forget(conn, person, either.clock())
        elif how == "changed":
            body = {"kind": "typed", "text": "べつのことば"}
            new = corrections.Correction(person, "line", "m1", body)
            assert corrections.correct(conn, either.store.vault, new, either.clock())
        else:
            inbox.withdraw(conn, either.store.vault, "line", "m1", either.clock())

    either.write(undo)
    parts = metadata.tables["export_part"]
    assert either.store.read(lambda conn: conn.execute(select(parts)).all()) == []
    await exporter(either).look()
    one = file_of(either)
    assert one.state is (State.REFUSED if how == "erased" else State.READY)
    if how != "erased":
        assert "消してほしいことば" not in str(await fetch(either, aoki))


async def test_P17_a_file_lives_a_day_sealed_under_a_key_of_its_own_and_of_the_way_to_it_only_a_hash_is_kept(
    either: Office,
) -> None:
    aoki = either.member("aoki")
    open_case(either)
    await ask(either, aoki)
    await exporter(either).look()
    token = str(either.write(lambda conn: exports.make_token(conn, 1)))
    kept = either.store.read(
        lambda conn: [
            bytes(value)
            for name in ("export", "export_part")
            for row in conn.execute(select(metadata.tables[name]))
            for value in row
            if isinstance(value, bytes | memoryview)
        ]
    )
    assert not [one for one in kept if token.encode() in one or SECRET_WORDS.encode() in one or WHY.encode() in one]
    either.clock.now += LASTS
    async with either.browser(aoki) as browser:
        assert (await browser.get(f"/console/exports/1/file/{token}")).status_code == 404
    await exporter(either).look()
    one = file_of(either)
    assert (one.state, one.key, one.token_hash, one.size) == (State.GONE, None, None, 0)


async def test_a_file_whose_maker_died_is_gone_on_with_by_another_and_holds_each_case_once(either: Office) -> None:
    aoki = either.member("aoki")
    ids = [open_case(either, f"u{n}") for n in range(5)]
    await ask(either, aoki)
    vault, now = either.store.vault, either.clock()
    lease = Lease("dead", now, now + timedelta(seconds=60))

    def begin(conn: Connection) -> None:
        one = export_parts.claim(conn, vault, lease)
        assert one is not None
        assert (
            export_parts.put(conn, vault, one, lease, export_parts.Piece("\ufefffirst\r\n".encode(), (ids[0],), ids[0]))
            is not None
        )

    either.write(begin)
    assert await exporter(either).look() == 0, "whoever makes it may still live"
    either.clock.now += timedelta(seconds=60)
    assert await exporter(either).look() == 1
    rows = await fetch(either, aoki)
    assert [row[0] for row in rows] == ["first", *(either.head(one).ref for one in ids[1:])]


async def test_a_file_never_holds_more_cases_than_were_agreed_to(office: Office) -> None:
    aoki = office.member("aoki")
    open_case(office, "u1")
    await ask(office, aoki)
    open_case(office, "u2")
    await exporter(office).look()
    assert len(await fetch(office, aoki)) == 2
    assert AT_ONCE < 1000, "so many cases are in memory at a time, whatever the size of the file"


async def test_whoever_may_not_any_more_does_not_get_the_file(office: Office) -> None:
    chief = office.member("chief", role=Role.MANAGER)
    office.case()
    await ask(office, chief, secrets="yes")
    await exporter(office).look()
    office.write(lambda conn: staff.set_role(conn, chief, Role.COORDINATOR))
    async with office.browser(chief) as browser:
        assert (await browser.post("/console/exports/1", data={"do": "fetch"})).status_code == 404
