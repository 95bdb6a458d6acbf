"""The national layout of events: written as it is read, real files with every error by its row, formulas as text."""

from __future__ import annotations

from datetime import date, datetime
from time import process_time

from knowledge.csv_file import Wrong, written
from knowledge.event import Content, Way
from knowledge.event_csv import COLUMNS, MOST_ROWS, Dated, Sheet, read, row
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


NAMED = {"イベント名": "祭り", "開始日": "2026-12-05"}


def sheet_of(**more: str) -> Sheet:
    """A file of one event that says this besides its name and its day."""
    said = NAMED | more
    return read(written([*said], [said]))


@each(
    ("more", "found"),
    [
        ({}, {"organiser": "-", "free": False, "way": Way.NONE, "capacity": None, "closes_days": 0, "contact": ""}),
        ({"地方公共団体名": "台東区"}, {"organiser": "台東区"}),
        ({"地方公共団体名": "台東区", "連絡先名称": "生活課"}, {"organiser": "生活課", "contact": "生活課"}),
        ({"市区町村名": "台東区", "連絡先名称": "課", "主催者": "町会"}, {"organiser": "町会", "contact": "課"}),
        ({"連絡先名称": "課", "連絡先電話番号": "03-1"}, {"contact": "課 03-1"}),
        ({"連絡先電話番号": "03-1"}, {"organiser": "-", "contact": "03-1"}),
        (
            {"場所名称": "公園", "所在地_連結表記": "上野1", "アクセス方法": "駅前"},
            {"place": "公園", "address": "上野1", "access": "駅前"},
        ),
        ({"開催場所": "公園", "住所": "上野1"}, {"place": "公園", "address": "上野1"}),
        ({"料金_基本": "500円"}, {"cost": "500円", "free": False}),
        ({"料金(基本)": "0円"}, {"cost": "0円", "free": True}),
        ({"料金（基本）": "無料"}, {"cost": "無料", "free": True}),
        ({"参加申込方法": "不要"}, {"way": Way.NONE}),
        ({"参加申込方法": "申込不要"}, {"way": Way.NONE}),
        ({"参加申込方法": "電話で"}, {"way": Way.ELSEWHERE, "sign_up_note": "電話で"}),
        ({"定員": "３０名"}, {"capacity": 30}),
        ({"定員": "0"}, {"capacity": None}),
        ({"参加申込終了日": "2026-12-05"}, {"closes_days": 0}),
        ({"参加申込終了日": "2026-12-01"}, {"closes_days": 4}),
        ({"参加申込終了日": "2026-01-01"}, {"closes_days": 90}),
        ({"説明": "楽しい", "URL": "https://a.example/1"}, {"about": "楽しい", "url": "https://a.example/1"}),
    ],
)
def test_each_column_is_found_under_its_names(more: dict[str, str], found: dict[str, object]) -> None:
    [one] = sheet_of(**more).found
    assert {name: getattr(one.content, name) for name in found} == found


@each(
    ("more", "wrong"),
    [
        ({"イベント名": ""}, Wrong(2, "value", "イベント名")),
        ({"イベント名": "祭" * 201}, Wrong(2, "value", "イベント名")),
        ({"説明": "長" * 1001}, Wrong(2, "value", "説明")),
        ({"URL": "javascript:x"}, Wrong(2, "value", "URL")),
        ({"定員": "200000"}, Wrong(2, "value", "定員")),
        ({"主催者": "長" * 201}, Wrong(2, "value", "主催者")),
        ({"場所名称": "長" * 201}, Wrong(2, "value", "")),
        ({"定員": "12345678"}, Wrong(2, "number", "定員")),
        ({"参加申込終了日": "2026-12-06"}, Wrong(2, "day", "参加申込終了日")),
        ({"参加申込終了日": "まだ"}, Wrong(2, "day", "参加申込終了日")),
        ({"開始日": "いつか"}, Wrong(2, "day", "開始日")),
        ({"終了日": "いつか"}, Wrong(2, "day", "終了日")),
        ({"終了日": "2026-12-04"}, Wrong(2, "day", "終了日")),
        ({"開始時間": "朝"}, Wrong(2, "time", "開始時間")),
        ({"終了時間": "24:00"}, Wrong(2, "time", "終了時間")),
        ({"開始時間": "10:00", "終了時間": "9:59"}, Wrong(2, "time", "終了時間")),
    ],
)
def test_what_is_wrong_is_named_with_its_row_and_column(more: dict[str, str], wrong: Wrong) -> None:
    assert sheet_of(**more) == Sheet(wrong=(wrong,))


@each(
    ("more", "begins", "ends"),
    [
        ({}, "2026-12-05T00:00", "2026-12-05T23:59"),
        ({"開始時間": "９：３０", "終了時間": "10:00:59"}, "2026-12-05T09:30", "2026-12-05T10:00"),
        ({"終了日": "2026年12月6日", "終了時間": "0:00"}, "2026-12-05T00:00", "2026-12-06T00:00"),
        ({"開始時間": "10:00", "終了時間": "10:00"}, "2026-12-05T10:00", "2026-12-05T10:00"),
    ],
)
def test_a_day_without_times_is_a_whole_one(more: dict[str, str], begins: str, ends: str) -> None:
    [one] = sheet_of(**more).found
    assert (one.starts, one.ends) == (datetime.fromisoformat(begins), datetime.fromisoformat(ends))


def test_an_event_is_known_again_by_its_number_and_seen_to_change() -> None:
    [one] = sheet_of(全国地方公共団体コード="131067", ID="7").found
    [later] = sheet_of(都道府県コード又は市区町村コード="131067", NO="7", 終了時間="10:00").found
    assert (one.uid, later.uid) == ("csv:131067:7", "csv:131067:7")
    assert one.mark != later.mark
    [unnamed], [same], [other] = sheet_of().found, sheet_of(説明="楽しい").found, sheet_of(イベント名="市").found
    assert unnamed.uid == same.uid != other.uid
    assert unnamed.mark != same.mark


@each(
    ("content", "said"),
    [
        ({}, {"料金_基本": "", "参加申込終了日": "", "参加申込方法": "不要", "定員": "", "緯度": ""}),
        ({"free": True, "cost": "0円"}, {"料金_基本": "無料"}),
        ({"cost": "500円", "capacity": 30}, {"料金_基本": "500円", "定員": "30"}),
        ({"way": Way.BOT}, {"参加申込終了日": "2026-12-05", "参加申込方法": "LINE・Telegram・ウェブ"}),
        ({"way": Way.BOT, "closes_days": 3}, {"参加申込終了日": "2026-12-02"}),
        ({"way": Way.ELSEWHERE, "sign_up_note": "電話で"}, {"参加申込方法": "電話で"}),
        (
            {"place": "公園", "address": "上野1", "access": "駅前"},
            {"場所名称": "公園", "所在地_連結表記": "上野1", "アクセス方法": "駅前"},
        ),
        ({"contact": "課", "about": "楽しい"}, {"連絡先名称": "課", "説明": "楽しい"}),
    ],
)
def test_each_thing_is_written_into_its_column(content: dict[str, object], said: dict[str, str]) -> None:
    one = Content.model_validate({"title": "祭り", "organiser": "町会"} | content)
    told = row(one, Dated("7", START, END.replace(day=6), date(2026, 11, 1), "https://c.example/events/7"))
    fixed = {
        "ID": "7",
        "イベント名": "祭り",
        "主催者": "町会",
        "開始日": "2026-12-05",
        "終了日": "2026-12-06",
        "開始時間": "10:00",
        "終了時間": "12:00",
        "URL": "https://c.example/events/7",
        "更新日": "2026-11-01",
    }
    assert tuple(told) == COLUMNS
    assert {name: told[name] for name in fixed | said} == fixed | said
    assert not any(told[name] for name in ("全国地方公共団体コード", "イベント名_カナ", "備考", "公開日"))


def test_more_rows_than_anybody_writes_are_refused() -> None:
    line = "1,祭り,2026-12-05\n"
    head = "ID,イベント名,開始日\n"
    assert read((head + "\n" * MOST_ROWS + line).encode()) == Sheet(wrong=(Wrong(MOST_ROWS + 1, "many"),))
    assert len(read((head + "\n" * (MOST_ROWS - 1) + line).encode()).found) == 1


def test_the_columns_are_those_of_the_standard() -> None:
    assert (COLUMNS[:4], len(COLUMNS)) == (("全国地方公共団体コード", "ID", "地方公共団体名", "イベント名"), 33)
