"""`nakodo audit case`, `between` and `check`: who saw what, who was affected, and whether the record is whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime
from zoneinfo import ZoneInfo

import typer
from sqlalchemy import Connection

from bot.app import now
from bot.settings import Settings
from bot.web.console.words import known
from storage import Store, audit, cases, open_store, staff
from storage.audit import Broken, Entry, Kept, What


def case(settings: Settings, ref: str) -> int:
    """Print who saw the case of a reference or did something to it; 1 when there is none."""
    with closing(_open(settings)) as store:
        head = store.read(lambda conn: cases.by_ref(conn, ref))
        if head is None:
            typer.echo(f"「{ref}」という相談は、ありません。", err=True)
            return 1
        _ask(store, (head.id,))
        kept, line = store.read(lambda conn: (audit.of_case(conn, head.id), _line(conn, settings)))
        for one in kept:
            typer.echo(line(one))
        return 0


def between(settings: Settings, start: str, end: str) -> int:
    """Print whose cases were seen or touched between two moments on the centre's clock; 1 when they cannot be read.

    A case that was forgotten meanwhile stands by itself: whose it was is known no more.
    """
    zone = ZoneInfo(settings.timezone)
    try:
        first, last = (datetime.fromisoformat(one).replace(tzinfo=zone) for one in (start, end))
    except ValueError:
        typer.echo("日時は「2026-11-22 10:00」のように書いてください。", err=True)
        return 1
    with closing(_open(settings)) as store:
        _ask(store)
        for said in store.read(lambda conn: _touched(conn, audit.between(conn, first, last), _line(conn, settings))):
            typer.echo(said)
        return 0


def check(settings: Settings) -> int:
    """Say whether every row is as it was written; 1 when one is not."""
    with closing(_open(settings)) as store:
        try:
            end = audit.check(store)
        except Broken as broken:
            typer.echo(f"記録が、外から変えられています({broken})。", err=True)
            return 1
        typer.echo(f"記録は、書かれたままです({end.last}行、しるし {end.mark.hex()})。")
        return 0


def _open(settings: Settings) -> Store:
    return open_store(settings.database_url, settings.secret_key.get_secret_value())


def _ask(store: Store, about: tuple[int, ...] = ()) -> None:
    """Looking into the record is itself something to remember."""
    entry = Entry(None, What.ASKED, about)
    store.writer.submit(lambda conn: audit.add(conn, store.vault, [entry], now())).result()


def _line(conn: Connection, settings: Settings) -> Callable[[Kept], str]:
    """How one row is printed."""
    zone, names = ZoneInfo(settings.timezone), {one.id: f"{one.name}({one.login})" for one in staff.everybody(conn)}

    def said(row: Kept) -> str:
        who = "コマンド" if row.staff_id is None else names.get(row.staff_id, str(row.staff_id))
        return f"{row.at.astimezone(zone):%Y-%m-%d %H:%M:%S}  {who}  {known('deed', row.what)}"

    return said


def _touched(conn: Connection, kept: Sequence[Kept], line: Callable[[Kept], str]) -> list[str]:
    by_case: dict[int, list[Kept]] = {}
    for row in kept:
        for case_id in row.cases:
            if row.what != What.ASKED:
                by_case.setdefault(case_id, []).append(row)
    people: dict[int, list[str]] = {}
    gone: list[str] = []
    for case_id, rows in sorted(by_case.items()):
        head = cases.head_of(conn, case_id)
        if head is None:
            continue
        mine = gone if head.person_id is None else people.setdefault(head.person_id, [])
        mine += [f"  相談 {head.ref}", *(f"    {line(row)}" for row in rows)]
    told = [f"影響を受けた人:{len(people)}人、相談:{len(by_case)}件"]
    for person_id, lines in people.items():
        told += [f"人 {person_id}", *lines]
    return [*told, "すでに消した人", *gone] if gone else told
