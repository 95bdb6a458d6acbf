"""A group against every rule of a call: what fails, what must be asked, and files of calls with their wrong rows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from knowledge.csv_file import Wrong, written
from knowledge.grant import Area, Form, Kind, stale
from knowledge.grant_csv import COLUMNS, read, row
from knowledge.grants import Card, Outcome, Rule, match, own_share
from tests.each import each
from tests.grants import content

TODAY = date(2026, 11, 23)
CLOSES = date(2026, 12, 20)
GROUP = Card(form=Form.VOLUNTARY, area=Area.WARD, fields=(Kind.CHILDREN,), founded=2024, budget=200_000)
HEAD = "名前,出す所,締切日,締切の方法,元ページ,上限額,団体の種類\n"
LINE = "助成,財団,2026/12/20,必着,https://example.jp/,10万円,NPO法人;学校\n"


@each(
    ("rules", "found"),
    [
        ({}, []),
        ({"forms": ["npo"]}, [(Rule.FORM, Outcome.FAILS)]),
        ({"forms": ["npo", "voluntary"], "areas": ["ward"], "fields": ["children", "town"]}, []),
        ({"areas": ["tokyo"], "fields": ["nature"]}, [(Rule.AREA, Outcome.FAILS), (Rule.FIELD, Outcome.FAILS)]),
        ({"years_from": 1}, []),
        ({"years_from": 2}, [(Rule.YEARS_FROM, Outcome.ASK)]),  # begun in 2024: one or two full years
        ({"years_from": 3}, [(Rule.YEARS_FROM, Outcome.FAILS)]),
        ({"years_to": 2}, []),
        ({"years_to": 1}, [(Rule.YEARS_TO, Outcome.ASK)]),
        ({"budget_from": 200_000, "budget_to": 200_000}, []),
        ({"budget_from": 200_001}, [(Rule.BUDGET_FROM, Outcome.FAILS)]),
        ({"budget_to": 199_999}, [(Rule.BUDGET_TO, Outcome.FAILS)]),
        ({"ceiling": 1_000_000, "rate": 75}, [(Rule.RATE, Outcome.ASK)]),
        ({"ceiling": 600_000, "rate": 75}, []),
    ],
)
def test_every_rule_says_whether_it_is_kept(rules: dict[str, Any], found: list[tuple[Rule, Outcome]]) -> None:
    fit = match(content(CLOSES, **rules), GROUP, TODAY)
    assert [(one.rule, one.outcome) for one in fit.findings] == found


def test_what_a_group_did_not_say_is_asked_and_never_held_against_it() -> None:
    silent = GROUP.model_copy(update={"founded": None, "budget": None})
    rules = {"years_from": 3, "years_to": 9, "budget_from": 1, "budget_to": 9, "rate": 50, "ceiling": 9}
    fit = match(content(CLOSES, **rules), silent, TODAY)
    assert {one.outcome for one in fit.findings} == {Outcome.ASK}
    assert len(fit.findings) == 4


def test_the_own_share_is_rounded_up() -> None:
    assert own_share(content(CLOSES, ceiling=100_000, rate=75)) == 33_334
    assert own_share(content(CLOSES, ceiling=100_000, rate=100)) == 0


def test_a_call_is_open_to_its_last_day_and_fresh_for_180_days() -> None:
    call = content(CLOSES, opens=date(2026, 12, 1))
    assert [call.open_on(date(2026, 12, day)) for day in (1, 20, 21)] == [True, True, False]
    assert not call.open_on(date(2026, 11, 30))
    assert [stale(date(2026, 5, day), TODAY) for day in (27, 26)] == [False, True]


@each(
    ("other",),
    [
        ({"closes": date(2026, 11, 1)},),
        ({"years_from": 5, "years_to": 3},),
        ({"url": "javascript:alert(1)"},),
        ({"rate": 0},),
    ],
)
def test_what_contradicts_itself_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        content(**({"closes": CLOSES, "opens": date(2026, 12, 1)} | other))


@each(("encoding",), [("utf-8",), ("utf-8-sig",), ("cp932",)])
def test_a_file_is_read_in_every_encoding_that_offices_use(encoding: str) -> None:
    [found] = read((HEAD + LINE).encode(encoding)).found
    assert (found.content.ceiling, found.content.forms) == (100_000, (Form.NPO, Form.SCHOOL))


@each(
    ("old", "new", "wrong"),
    [
        ("2026/12/20", "年末", Wrong(2, "day", "締切日")),
        ("必着", "なるべく", Wrong(2, "choice", "締切の方法")),
        ("10万円", "たくさん", Wrong(2, "number", "上限額")),
        ("NPO法人", "株式会社", Wrong(2, "choice", "団体の種類")),
        ("https://example.jp/", "", Wrong(2, "value", "元ページ")),
        ("2026/12/20", "", Wrong(2, "value", "締切日")),
    ],
)
def test_each_wrong_row_is_named_with_its_column(old: str, new: str, wrong: Wrong) -> None:
    assert read((HEAD + LINE.replace(old, new)).encode()).wrong == (wrong,)


def test_ten_thousand_rows_half_of_them_bad_are_all_told_apart() -> None:
    lines = [LINE.replace("助成", f"助成{n}", 1).replace("必着", "必着" if n % 2 else "?") for n in range(10_000)]
    sheet = read((HEAD + "".join(lines)).encode())
    assert (len(sheet.found), len(sheet.wrong)) == (5000, 5000)
    assert read((HEAD + LINE * 10_001).encode()).wrong == (Wrong(10_001, "many"),)
    assert read((HEAD + LINE * 2).encode()).wrong == (Wrong(3, "twice", "ID"),)


def test_what_is_written_is_read_again_and_no_cell_is_a_formula() -> None:
    call = content(CLOSES, name="=1+1", forms=["npo"], fields=["town"], years_to=5, rate=75, briefing="毎週")
    data = written(COLUMNS, [row(call, "7", "2026-11-01", "https://x.jp/grants/7")])
    assert data.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in data.decode("utf-8-sig")
    assert [one.content for one in read(data).found] == [call]
    assert len(data.decode("utf-8-sig").splitlines()[0].split(",")) == len(COLUMNS)
