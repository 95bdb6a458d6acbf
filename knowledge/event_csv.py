"""The national open-data layout 「イベント一覧」: written, and read from real files with their errors named by row."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from unicodedata import normalize

from pydantic import ValidationError

from knowledge.csv_file import Wrong, day, opened, uncell
from knowledge.event import Content, Way

MOST_ROWS = 20_000
# 自治体標準オープンデータセット(デジタル庁)「イベント一覧」. Files of before 2023 name some of these otherwise.
COLUMNS = (
    "全国地方公共団体コード", "ID", "地方公共団体名", "イベント名", "イベント名_カナ", "イベント名_英語", "開始日",
    "終了日", "開始時間", "終了時間", "開始日時特記事項", "説明", "料金_基本", "料金_詳細", "連絡先名称",
    "連絡先電話番号", "連絡先内線番号", "主催者", "場所名称", "所在地_連結表記", "緯度", "経度", "アクセス方法",
    "駐車場情報", "定員", "参加申込終了日", "参加申込終了時間", "参加申込方法", "URL", "備考", "カテゴリー",
    "公開日", "更新日",
)  # fmt: skip
_ALSO = {
    "ID": ("NO",),
    "料金_基本": ("料金(基本)", "料金（基本）"),
    "料金_詳細": ("料金(詳細)", "料金（詳細）"),
    "所在地_連結表記": ("住所", "所在地"),
    "場所名称": ("場所名所", "開催場所"),
    "地方公共団体名": ("市区町村名",),
    "全国地方公共団体コード": ("都道府県コード又は市区町村コード",),
}
_TIME = re.compile(r"(\d{1,2})[::](\d{2})(?:[::]\d{2})?")


@dataclass(frozen=True)
class Dated:
    """What a row says besides the content: its number, from when to when, when it changed, and where it is shown."""

    id: str
    starts: datetime
    ends: datetime
    changed: date
    url: str


@dataclass(frozen=True)
class Found:
    """One event of a file, its times without a zone; `mark` changes with whatever the file says of it."""

    uid: str
    content: Content
    starts: datetime
    ends: datetime
    mark: str


@dataclass(frozen=True)
class Sheet:
    """What a file holds."""

    found: tuple[Found, ...] = ()
    wrong: tuple[Wrong, ...] = ()


def row(content: Content, of: Dated) -> dict[str, str]:
    """One date of an event in the national layout."""
    closing = of.starts.date() - timedelta(days=content.closes_days) if content.closes_days else of.starts.date()
    way = {Way.BOT: "LINE・Telegram・ウェブ", Way.NONE: "不要", Way.ELSEWHERE: content.sign_up_note}[content.way]
    said = {
        "ID": of.id,
        "イベント名": content.title,
        "開始日": of.starts.date().isoformat(),
        "終了日": of.ends.date().isoformat(),
        "開始時間": f"{of.starts:%H:%M}",
        "終了時間": f"{of.ends:%H:%M}",
        "説明": content.about,
        "料金_基本": "無料" if content.free else content.cost,
        "連絡先名称": content.contact,
        "主催者": content.organiser,
        "場所名称": content.place,
        "所在地_連結表記": content.address,
        "アクセス方法": content.access,
        "定員": str(content.capacity or ""),
        "参加申込終了日": "" if content.way is Way.NONE else closing.isoformat(),
        "参加申込方法": way,
        "URL": of.url,
        "更新日": of.changed.isoformat(),
    }
    return {column: said.get(column, "") for column in COLUMNS}


def read(data: bytes) -> Sheet:
    """The events of a file in UTF-8, with or without BOM, or Shift_JIS; each wrong row is named, none is guessed."""
    table = opened(data, MOST_ROWS)
    if isinstance(table, Wrong):
        return Sheet(wrong=(table,))
    head, rows = table
    places = _places(head)
    if missing := [name for name in ("イベント名", "開始日") if name not in places]:
        return Sheet(wrong=tuple(Wrong(1, "column", name) for name in missing))
    if len(rows) > MOST_ROWS:
        return Sheet(wrong=(Wrong(MOST_ROWS + 1, "many"),))
    return _sheet(rows, places)


def _places(head: Sequence[str]) -> dict[str, int]:
    found = {}
    for column in COLUMNS:
        named = next((name for name in (column, *_ALSO.get(column, ())) if name in head), None)
        if named is not None:
            found[column] = head.index(named)
    return found


def _sheet(rows: Sequence[Sequence[str]], places: Mapping[str, int]) -> Sheet:
    found: list[Found] = []
    wrong: list[Wrong] = []
    seen: set[str] = set()
    for number, line in enumerate(rows, 2):
        if not any(value.strip() for value in line):
            continue
        said = {name: uncell(line[at].strip()) if at < len(line) else "" for name, at in places.items()}
        one = _one(number, said)
        if isinstance(one, Found) and one.uid in seen:
            one = Wrong(number, "twice", "ID")
        if isinstance(one, Found):
            seen.add(one.uid)
            found.append(one)
        else:
            wrong.append(one)
    return Sheet(tuple(found), tuple(wrong))


def _one(number: int, said: Mapping[str, str]) -> Found | Wrong:
    first, last = day(said["開始日"]), day(said.get("終了日") or said["開始日"])
    if first is None or last is None or last < first:
        return Wrong(number, "day", "開始日" if first is None else "終了日")
    begin, end = clock(said.get("開始時間", ""), time(0, 0)), clock(said.get("終了時間", ""), time(23, 59))
    if begin is None or end is None:
        return Wrong(number, "time", "開始時間" if begin is None else "終了時間")
    starts, ends = datetime.combine(first, begin), datetime.combine(last, end)
    if ends < starts:
        return Wrong(number, "time", "終了時間")
    content = _content(number, said, first)
    if isinstance(content, Wrong):
        return content
    parts = f"{content.model_dump_json()} {starts.isoformat()} {ends.isoformat()}"
    name = said.get("ID") or hashlib.sha256(f"{content.title}\0{starts}".encode()).hexdigest()[:16]
    uid = f"csv:{said.get('全国地方公共団体コード', '')}:{name}"
    return Found(uid, content, starts, ends, hashlib.sha256(parts.encode()).hexdigest())


def _content(number: int, said: Mapping[str, str], first: date) -> Content | Wrong:
    capacity = re.sub(r"[^0-9]", "", normalize("NFKC", said.get("定員", "")))
    if said.get("定員") and not 0 < len(capacity) < 8:
        return Wrong(number, "number", "定員")
    cost = said.get("料金_基本", "")
    closing = day(said.get("参加申込終了日", "")) if said.get("参加申込終了日") else first
    if closing is None or closing > first:
        return Wrong(number, "day", "参加申込終了日")
    way = said.get("参加申込方法", "")
    contact = " ".join(filter(None, (said.get("連絡先名称", ""), said.get("連絡先電話番号", ""))))
    given = {
        "title": said["イベント名"],
        "organiser": said.get("主催者") or said.get("連絡先名称") or said.get("地方公共団体名") or "-",
        "place": said.get("場所名称", ""),
        "address": said.get("所在地_連結表記", ""),
        "access": said.get("アクセス方法", ""),
        "cost": cost,
        "free": cost in {"無料", "0", "0円", "なし"},
        "way": Way.NONE if way in {"", "不要", "申込不要"} else Way.ELSEWHERE,
        "sign_up_note": way,
        "capacity": int(capacity) if capacity and int(capacity) else None,
        "closes_days": min((first - closing).days, 90),
        "about": said.get("説明", ""),
        "contact": contact,
        "url": said.get("URL", ""),
    }
    try:
        return Content.model_validate(given)
    except ValidationError as refused:
        names = {"title": "イベント名", "about": "説明", "url": "URL", "capacity": "定員", "organiser": "主催者"}
        return Wrong(number, "value", names.get(str(refused.errors()[0]["loc"][0]), ""))


def clock(text: str, missing: time) -> time | None:
    """9:30, 09:30:00; `missing` for nothing at all, None for what is no time."""
    if not text.strip():
        return missing
    found = _TIME.fullmatch(normalize("NFKC", text).strip())
    return time(int(found[1]), int(found[2])) if found and int(found[1]) < 24 and int(found[2]) < 60 else None
