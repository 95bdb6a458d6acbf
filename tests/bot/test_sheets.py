"""Files of cases open in spreadsheets as text: no cell is worked out, and every cell can be read back as it was."""

from __future__ import annotations

import csv
import io
import re

import pytest

from bot.sheets import BOM, harmless, lines
from tests.each import each

SIGNS = "=+-@\t\r＝＋－＠"
HOSTILE = [
    *(f"{sign}HYPERLINK(\"http://evil.example\",\"x\")" for sign in SIGNS),
    *(f" \u200b\ufeff{sign}1+1" for sign in SIGNS),
    "\n=1+1", "\u3000＝cmd|' /C calc'!A1", "'=1", "'", "''=1", "a;=1+1", 'a",=1+1', '"=1', "a\r\n=1+1", "\x00=1",
]  # fmt: skip
PLAIN = ["", "助成金の申請", "a=b", "1-2", "03-1234-5678", "山田 花子", "(=1)", "行\n二行目"]


def read_back(data: bytes) -> list[list[str]]:
    """As whoever takes such a file in reads it: one apostrophe at the front of a cell is ours."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [[re.sub(r"(^|[;\t\r\n])'", r"\1", cell) for cell in row] for row in rows]


@each("cell", HOSTILE)
def test_C24_a_cell_that_a_spreadsheet_would_work_out_is_text(cell: str) -> None:
    safe = harmless(cell)
    seen = safe.lstrip("\ufeff\u200b \u3000\n\x00")
    assert not seen.startswith(tuple(SIGNS))
    assert (safe != cell) is not cell.startswith(('a"', '"'))


@each("cell", PLAIN)
def test_C24_a_plain_cell_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


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
        assert not [cell for cell in line if cell.startswith(tuple(SIGNS))]
