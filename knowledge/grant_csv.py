"""Calls for grants as a table: written as open data, and read from files with every wrong row named, none guessed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import normalize

from pydantic import ValidationError

from knowledge.csv_file import Wrong, day, opened, uncell
from knowledge.grant import Area, Content, Delivery, Form, Kind

MOST_ROWS = 10_000
_LONGEST = 16  # digits of a number; nobody gives so much
FORMS = {
    Form.VOLUNTARY: "任意団体", Form.NEIGHBOURHOOD: "町会・自治会", Form.NPO: "NPO法人", Form.WELFARE: "社会福祉法人",
    Form.ASSOCIATION: "一般社団・財団法人", Form.SCHOOL: "学校", Form.COMPANY: "企業", Form.OTHER: "その他",
}  # fmt: skip
AREAS = {Area.PART: "区内の地区", Area.WARD: "区全域", Area.TOKYO: "都内", Area.COUNTRY: "全国"}
KINDS = {
    Kind.WELFARE: "保健・福祉", Kind.LEARNING: "学び", Kind.TOWN: "まちづくり・観光", Kind.CULTURE: "文化・スポーツ",
    Kind.NATURE: "環境", Kind.SAFETY: "災害・安全", Kind.RIGHTS: "人権・平和", Kind.WORLD: "国際",
    Kind.CHILDREN: "子ども", Kind.WORK: "仕事・情報", Kind.SUPPORT: "団体の支援", Kind.OTHER: "その他",
}  # fmt: skip
DELIVERIES = {Delivery.ARRIVE: "必着", Delivery.POSTMARK: "消印有効", Delivery.ONLINE: "オンライン"}
COLUMNS = (
    "ID", "名前", "出す所", "対象団体", "対象の活動", "団体の種類", "活動地域", "活動分野", "活動年数_以上",
    "活動年数_以下", "年間予算_以上", "年間予算_以下", "上限額", "補助率", "対象経費", "受付開始日", "締切日",
    "締切の方法", "書類", "説明会", "結果の時期", "元ページ", "確認した日", "URL",
)  # fmt: skip
_NEEDED = ("名前", "出す所", "締切日", "締切の方法", "元ページ")
_TEXTS = {
    "名前": "name", "出す所": "funder", "対象団体": "who", "対象の活動": "about", "対象経費": "costs", "書類": "papers",
    "説明会": "briefing", "結果の時期": "result", "元ページ": "url",
}  # fmt: skip
_NUMBERS = {
    "活動年数_以上": "years_from", "活動年数_以下": "years_to", "年間予算_以上": "budget_from",
    "年間予算_以下": "budget_to", "上限額": "ceiling", "補助率": "rate",
}  # fmt: skip
_CHOICES: Mapping[str, tuple[str, Mapping[StrEnum, str]]] = {
    "団体の種類": ("forms", dict(FORMS.items())),
    "活動地域": ("areas", dict(AREAS.items())),
    "活動分野": ("fields", dict(KINDS.items())),
}


@dataclass(frozen=True)
class Found:
    """One call of a file; `mark` changes with whatever the file says of it."""

    uid: str
    content: Content
    mark: str


@dataclass(frozen=True)
class Sheet:
    """What a file holds."""

    found: tuple[Found, ...] = ()
    wrong: tuple[Wrong, ...] = ()


def row(content: Content, number: str, checked: str, url: str) -> dict[str, str]:
    """One call as a row; `url` is where it is shown."""
    said = {column: getattr(content, name) for column, name in _TEXTS.items()}
    said |= {column: str(getattr(content, name) or "") for column, name in _NUMBERS.items()}
    for column, (name, words) in _CHOICES.items():
        said[column] = ";".join(words[one] for one in getattr(content, name))
    said |= {
        "ID": number,
        "受付開始日": content.opens.isoformat() if content.opens else "",
        "締切日": content.closes.isoformat(),
        "締切の方法": DELIVERIES[content.delivery],
        "確認した日": checked,
        "URL": url,
    }
    return {column: said[column] for column in COLUMNS}


def read(data: bytes) -> Sheet:
    """The calls of a file in UTF-8, with or without BOM, or Shift_JIS."""
    table = opened(data, MOST_ROWS)
    if isinstance(table, Wrong):
        return Sheet(wrong=(table,))
    head, rows = table
    if missing := [name for name in _NEEDED if name not in head]:
        return Sheet(wrong=tuple(Wrong(1, "column", name) for name in missing))
    if len(rows) > MOST_ROWS:
        return Sheet(wrong=(Wrong(MOST_ROWS + 1, "many"),))
    return _sheet(rows, {name: head.index(name) for name in COLUMNS if name in head})


def _sheet(rows: Sequence[Sequence[str]], places: Mapping[str, int]) -> Sheet:
    found: dict[str, Found] = {}
    wrong: list[Wrong] = []
    for number, line in enumerate(rows, 2):
        if not any(value.strip() for value in line):
            continue
        said = {name: uncell(line[at].strip()) if at < len(line) else "" for name, at in places.items()}
        one = _one(number, said)
        if isinstance(one, Found) and one.uid in found:
            one = Wrong(number, "twice", "ID")
        if isinstance(one, Found):
            found[one.uid] = one
        else:
            wrong.append(one)
    return Sheet(tuple(found.values()), tuple(wrong))


def _one(number: int, said: Mapping[str, str]) -> Found | Wrong:
    given: dict[str, object] = {name: said.get(column, "") for column, name in _TEXTS.items()}
    for column, name in (("締切日", "closes"), ("受付開始日", "opens")):
        given[name] = day(said.get(column, ""))
        if given[name] is None and said.get(column):
            return Wrong(number, "day", column)
    for column, name in _NUMBERS.items():
        text = re.sub("万$", "0000", re.sub(r"[,円%年\s]", "", normalize("NFKC", said.get(column, ""))))
        if text and not (text.isascii() and text.isdecimal() and len(text) < _LONGEST):
            return Wrong(number, "number", column)
        given[name] = int(text) if text else None
    for column, (name, words) in _CHOICES.items():
        chosen = [part.strip() for part in re.split("[;；、]", said.get(column, "")) if part.strip()]
        if set(chosen) - set(words.values()):
            return Wrong(number, "choice", column)
        given[name] = tuple(one for one, label in words.items() if label in chosen)
    given["delivery"] = next((one for one, label in DELIVERIES.items() if label == said["締切の方法"]), None)
    if given["delivery"] is None:
        return Wrong(number, "choice", "締切の方法")
    return _checked(number, said, given)


def _checked(number: int, said: Mapping[str, str], given: Mapping[str, object]) -> Found | Wrong:
    try:
        content = Content.model_validate(given)
    except ValidationError as refused:
        names = {"closes": "締切日"} | {name: column for column, name in (_TEXTS | _NUMBERS).items()}
        where = refused.errors()[0]["loc"]
        return Wrong(number, "value", names.get(str(where[0]) if where else "", ""))
    words = content.model_dump_json()
    name = said.get("ID") or hashlib.sha256(f"{content.funder}\0{content.name}\0{content.closes}".encode()).hexdigest()
    return Found(f"csv:{name[:64]}", content, hashlib.sha256(words.encode()).hexdigest())
