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
_RISKY = re.compile(r"^[=+\-@\t\r＝＋－＠]")


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a row, counted as a spreadsheet counts: a key, and the column."""

    row: int
    why: str
    column: str = ""


def cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula (list of faults, C-24)."""
    return f"'{text}" if _RISKY.match(text) else text


def uncell(text: str) -> str:
    """The inverse of `cell`."""
    return text[1:] if text.startswith("'") and _RISKY.match(text[1:]) else text


def written(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """A file that Excel and LibreOffice open as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell(one[column]) for column in columns] for one in rows)
    return out.getvalue().encode("utf-8-sig")


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
