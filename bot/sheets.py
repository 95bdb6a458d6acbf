"""Rows as a CSV file that spreadsheets open as what it is: text, and never a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

BOM = "\ufeff"  # by which Excel knows that this is UTF-8
# Signs that make a spreadsheet work out a cell, and the wide forms that become them when somebody types over it. Some
# leave out what is not seen before them; and where cells are parted at semicolons, one begins in the midst of ours.
_UNSEEN = r"[^\S\t\r\n]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]"
_WORKED_OUT = re.compile(rf"(^|[;\t\r\n])(?=(?:{_UNSEEN})*[=+\-@\t\r'\uff1d\uff0b\uff0d\uff20])")


def harmless(cell: str) -> str:
    """A cell of which no spreadsheet works anything out: an apostrophe stands where it would begin to.

    Taking away one apostrophe at the front, and behind each semicolon, tab and line end, gives back what was there.
    """
    return _WORKED_OUT.sub(r"\1'", cell)


def lines(rows: Iterable[Sequence[str]]) -> bytes:
    """Rows as UTF-8 lines; every cell is quoted, so that no other separator parts one."""
    page = io.StringIO()
    csv.writer(page, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(
        [harmless(one) for one in row] for row in rows
    )
    return page.getvalue().encode("utf-8", "replace")
