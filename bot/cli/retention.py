"""`nakodo retention`: what is kept how long and what would go tonight; without `--dry-run` it goes now."""

from __future__ import annotations

import asyncio
from contextlib import closing
from zoneinfo import ZoneInfo

import typer

from bot.app import now
from bot.nights import Nights, lines
from bot.settings import Settings
from bot.web.console.words import word
from storage import open_store

_MOST = 10_000_000  # counted no further


def run(settings: Settings, *, dry_run: bool) -> int:
    """Print every class; then, unless it is only a rehearsal, go through those that this night has not seen."""
    zone = ZoneInfo(settings.timezone)
    with closing(open_store(settings.database_url, settings.secret_key.get_secret_value())) as store:
        for one in store.read(lambda conn: lines(conn, now(), zone, _MOST)):
            days = word("keeping.days", n=f"{one.value.days:,}")
            typer.echo(f"{word('keeping.kind_' + one.kind.value)}\t{days}\t{word('keeping.next', n=f'{one.next:,}')}")
        if dry_run:
            typer.echo("何も消していません。")
        else:
            typer.echo(word("keeping.gone", n=f"{asyncio.run(Nights(store, zone, now).look()):,}"))
    return 0
