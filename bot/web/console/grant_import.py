"""Grants from a file: a table in the columns that we give out ourselves."""

from __future__ import annotations

from datetime import datetime

from bot.web.console.file_in import FileIn, Sheet
from bot.web.room import Room
from knowledge import grant_csv
from storage import grant_imports
from storage.feeds import Kind
from storage.grant_imports import Incoming


def _read(data: bytes, _room: Room, _now: datetime) -> Sheet[Incoming]:
    sheet = grant_csv.read(data)
    return Sheet(tuple(Incoming(uid=one.uid, content=one.content, mark=one.mark) for one in sheet.found), sheet.wrong)


GRANTS_IN = FileIn[Incoming](
    Kind.GRANTS,
    "grant_in",
    grant_imports.FILES,
    _read,
    grant_imports.compare,
    grant_imports.packed,
    grant_imports.kept,
    grant_imports.take,
    {"columns": grant_csv.COLUMNS, "deliveries": grant_csv.DELIVERIES},
)
