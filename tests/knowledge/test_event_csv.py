"""The national layout of events: written as it is read, real files with every error by its row, formulas as text."""

from __future__ import annotations

from datetime import date, datetime
from time import process_time

from knowledge.csv_file import Wrong, written
from knowledge.event import Content, Way
from knowledge.event_csv import COLUMNS, Dated, read, row
from tests.each import each

START, END = datetime.fromisoformat("2026-12-05T10:00"), datetime.fromisoformat("2026-12-05T12:00")
HEAD = (
    "都道府県コード又は市区町村コード,NO,市区町村名,イベント名,開始日,終了日,"
    "開始時間,終了時間,説明,料金(基本),定員,場所名称\n"
)


def file_of(*lines: str) -> str:
    return HEAD + "".join(f"131067,{number},台東区,{line}\n" for number, line in enumerate(lines, 1))


def test_what_is_written_is_read_again() -> None:
    content = Content(title="=1+1の会", organiser="町会", place="広間", free=True, way=Way.NONE, about="話す\n聞く")
    data = written(COLUMNS, [row(content, Dated("7", START, END, date(2026, 11, 1), "https://c.example/events/7"))])
    assert data.startswith(b"\xef\xbb\xbf")
    [found] = read(data).found
    assert (found.content.title, found.content.free, found.starts, found.ends) == ("=1+1の会", True, START, END)
    assert found.content.about == "話す\n聞く"


@each("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_C26_files_of_before_2023_in_every_encoding(encoding: str) -> None:
    text = file_of("祭り,2026/12/5,,9:30,,楽しい,無料,30人,公園")
    [found] = read(text.encode(encoding)).found
    assert (found.content.title, found.content.capacity, found.starts.hour) == ("祭り", 30, 9)


def test_C26_ten_thousand_rows_half_bad_are_named_row_by_row_in_a_second() -> None:
    good, bad = "祭り,2026-12-05,,9:30,12:00,楽しい,無料,30,公園", "祭り,いつか,,9:30,,楽しい,無料,30,公園"
    data = file_of(*(good if n % 2 == 0 else bad for n in range(10_000))).encode("cp932")
    begun = process_time()
    sheet = read(data)
    assert (len(sheet.found), len(sheet.wrong)) == (5000, 5000)
    assert sheet.wrong[0] == Wrong(3, "day", "開始日")
    assert process_time() - begun < 5


@each(
    ("line", "why"),
    [
        ("祭り,2026-02-29,,,,,,,", "day"),
        ("祭り,2026-12-05,2026-12-04,,,,,,", "day"),
        ("祭り,2026-12-05,,25:00,,,,,", "time"),
        ("祭り,2026-12-05,,12:00,10:00,,,,", "time"),
        ("祭り,2026-12-05,,,,,,たくさん,", "number"),
        (",2026-12-05,,,,,,,", "value"),
    ],
)
def test_each_kind_of_wrong_row(line: str, why: str) -> None:
    sheet = read(file_of(line).encode())
    assert ([one.why for one in sheet.wrong], sheet.found) == ([why], ())


@each("data", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", "イベント名\n祭り\n".encode()])
def test_what_is_no_such_file_says_so(data: bytes) -> None:
    assert read(data).wrong


def test_the_same_number_twice_is_wrong() -> None:
    line = "131067,1,台東区,祭り,2026-12-05,,,,,,,\n"
    assert [one.why for one in read((HEAD + line + line).encode()).wrong] == ["twice"]


def test_the_columns_are_those_of_the_standard() -> None:
    assert (COLUMNS[:4], len(COLUMNS)) == (("全国地方公共団体コード", "ID", "地方公共団体名", "イベント名"), 33)
