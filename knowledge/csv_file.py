"""A table as a CSV file: written so that no spreadsheet works anything out, read with each thing wrong in it named."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import normalize

YEARS = range(2000, 2100)  # of events and calls; a date beyond breaks what is worked out from it
BOM = "\ufeff"  # by which Excel knows that this is UTF-8
# Signs that make a spreadsheet work out a cell, and the wide forms that become them when somebody types over it. Some
# leave out what is not seen before them; and where cells are parted at semicolons, one begins in the midst of ours.
_UNSEEN = r"[^\S\t\r\n]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]"
_RISKY = rf"(?=(?:{_UNSEEN})*[=+\-@\t\r'\uff1d\uff0b\uff0d\uff20])"
_WORKED_OUT = re.compile(rf"(^|[;\t\r\n]){_RISKY}")
_OURS = re.compile(rf"(^|[;\t\r\n])'{_RISKY}")


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row, counted as a spreadsheet counts: a key, and the column."""

    row: int
    why: str
    column: str = ""


def cell(text: str) -> str:
    """A cell of which no spreadsheet works anything out: an apostrophe stands where it would begin to.

    Source: list of faults, C-24. `uncell` gives back what was there.
    """
    return _WORKED_OUT.sub(r"\1'", text)


def uncell(text: str) -> str:
    """The inverse of `cell`."""
    return _OURS.sub(r"\1", text)


def lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as UTF-8 lines; every cell is quoted, so that no other separator parts one."""
    page = io.StringIO()
    csv.writer(page, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows([cell(one) for one in row] for row in rows)
    return page.getvalue().encode("utf-8", "replace")


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A file that Excel and LibreOffice open as text."""
    return BOM.encode() + lines([columns, *([one[column] for column in columns] for one in rows)])


def opened(data: bytes, most: int) -> tuple[list[str], list[list[str]]] | Wrong:
    """The head of a file in UTF-8, with or without BOM, or Shift_JIS, and at most one row more than `most`."""
    text = _decoded(data)
    if text is None:
        return Wrong(0, "encoding")
    lines = csv.reader(io.StringIO(text, newline=""))
    try:
        head = [name.strip() for name in next(lines, [])]
        return head, [line for _, line in zip(range(most + 1), lines, strict=False)]
    except csv.Error:
        return Wrong(lines.line_num, "broken")


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def day(text: str) -> date | None:
    """2026-12-05, 2026/12/5, 20261205, also in wide digits; None for anything else, and for years nobody can mean."""
    found = re.fullmatch(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?", normalize("NFKC", text).strip())
    try:
        meant = date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
    return meant if meant and meant.year in YEARS else None
