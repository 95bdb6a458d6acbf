"""`nakodo cards`: posters and cards with QR codes of one place, or of one event, as PDFs to print."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import typer

from bot.adapters import make_channels
from bot.app import make_book
from bot.fonts import font_or_none
from bot.ports import Itself, KnowsItself
from bot.poster import Poster, Sheet, printed
from bot.settings import Settings
from bot.web import placards
from storage import Store, events, migrate, open_store
from storage.events import State


def run(settings: Settings, place: str, shown: str, folder: Path) -> int:
    """Write `PLACE-a4.pdf` and `PLACE-card.pdf`; `place` is its name in links and figures, or `event-NUMBER`."""
    of_event = place.removeprefix("event-") if place.startswith("event-") else ""
    if not ((of_event.isascii() and of_event.isdecimal() and len(of_event) < 10) or placards.place_fits(place)):
        typer.echo("場所の名前は、a-z、0-9、- だけで、32文字までにしてください。", err=True)
        return 1
    if not of_event and not shown:
        typer.echo("場所の呼び名も書いてください。", err=True)
        return 1
    known = asyncio.run(_ask(settings))
    migrate(settings.database_url)
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    try:
        found = _poster(settings, store, known, (place, shown, int(of_event or 0)))
    finally:
        store.close()
    if found is None:
        typer.echo("この番号の催しは、公開されていません。", err=True)
        return 1
    font = font_or_none(settings.menu_font)
    if font is None:
        typer.echo("日本語のフォントがないので、文字は印刷する機械のものになります(NAKODO_MENU_FONT)。", err=True)
    for sheet in Sheet:
        to = folder / f"{place}-{sheet}.pdf"
        to.write_bytes(printed(found, sheet, font))
        typer.echo(f"{to} を書きました。")
    return 0


def _poster(settings: Settings, store: Store, known: Mapping[str, Itself], of: tuple[str, str, int]) -> Poster | None:
    book, url = make_book(), str(settings.public_url).rstrip("/")
    book.look(store)
    centre, (place, shown, number) = book.house.centre["ja"], of
    if not number:
        return placards.of_place(store.vault, known, url, (centre, place, shown))
    event = store.read(lambda conn: events.find(conn, number))
    if event is None or event.state is not State.PUBLISHED:
        return None
    day = (centre, ZoneInfo(settings.timezone), datetime.now(UTC))
    return placards.of_event(store.vault, known, url, event, day)


async def _ask(settings: Settings) -> dict[str, Itself]:
    known: dict[str, Itself] = {}
    for name, channel in make_channels(settings).items():
        if isinstance(channel, KnowsItself) and (itself := await channel.itself()) is not None:
            known[name] = itself
        await channel.close()
    return known
