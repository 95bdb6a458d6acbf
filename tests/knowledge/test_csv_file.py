"""Files open in spreadsheets as text: no cell is worked out, and every cell can be read back as it was."""

from __future__ import annotations

import csv
import io
import re

import pytest

from knowledge.csv_file import BOM, Wrong, cell, lines, opened, uncell
from tests.each import each

SIGNS = "=+-@\t\r＝＋－＠"
HOSTILE = [
    *(f"{sign}HYPERLINK(\"http://evil.example\",\"x\")" for sign in SIGNS),
    *(f" \u200b\ufeff{sign}1+1" for sign in SIGNS),
    "\n=1+1", "\u3000＝cmd|' /C calc'!A1", "'=1", "'", "''=1", "a;=1+1", 'a",=1+1', '"=1', "a\r\n=1+1", "\x00=1",
    "\t\n=1", "\r\t", "'\u200b=1",
    "a;'b", ";'=1", "行\n'-二", "\t'\t'",
]  # fmt: skip
PLAIN = ["", "助成金の申請", "a=b", "1-2", "03-1234-5678", "山田 花子", "(=1)", "行\n二行目"]


def read_back(data: bytes) -> list[list[str]]:
    """As whoever takes such a file in reads it: one apostrophe at the front of a cell is ours."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [[re.sub(r"(^|[;\t\r\n])'", r"\1", one) for one in row] for row in rows]


@each("said", HOSTILE)
def test_C24_a_cell_that_a_spreadsheet_would_work_out_is_text_and_comes_back(said: str) -> None:
    safe = cell(said)
    assert uncell(safe) == said
    seen = safe.lstrip("\ufeff\u200b \u3000\n\x00")
    assert not seen.startswith(tuple(SIGNS))
    assert (safe != said) is not said.startswith(('a"', '"'))


@each("said", [*PLAIN, "'24年 夏祭り", "行;'二"])
def test_C24_a_plain_cell_stays_as_it_is_and_so_does_an_apostrophe_of_somebody_else(said: str) -> None:
    assert (cell(said) == said) is (said in PLAIN)
    assert uncell(said) == uncell(cell(said)) == said


def test_C24_a_file_is_read_back_as_it_was_whatever_stands_in_it() -> None:
    rows = [HOSTILE, PLAIN]
    data = BOM.encode() + lines(rows)
    assert data.startswith(b"\xef\xbb\xbf")
    assert read_back(data) == rows


@pytest.mark.parametrize("separator", [";", "\t"])
def test_C24_another_separator_parts_no_cell_into_a_formula(separator: str) -> None:
    """In some countries a spreadsheet parts at the semicolon: what is quoted stays whole there, too."""
    data = lines([[one for one in HOSTILE if '"' not in one and "\x00" not in one]])
    for line in csv.reader(io.StringIO(data.decode(), newline=""), delimiter=separator):
        assert not [one for one in line if one.startswith(tuple(SIGNS))]


def test_what_is_no_table_is_named_with_its_row() -> None:
    assert opened(b"name\n\x81\xff", 9) == Wrong(0, "encoding")
    assert opened(b"name\na\n" + b"x" * 200_000, 9) == Wrong(3, "broken")
    assert opened(b"", 9) == ([], [])


def test_one_row_more_than_are_wanted_is_read_and_half_a_letter_breaks_no_file() -> None:
    page = lines([[" name "], ["一"], ["\ud83d二"], ["三"], ["四"]])
    assert opened(page, 2) == (["name"], [["一"], ["?二"], ["三"]])
    assert opened(page.decode().encode("cp932"), 0) == (["name"], [["一"]])
