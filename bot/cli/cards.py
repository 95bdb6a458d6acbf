"""`nakodo cards`: a page to print with the QR codes of one place, in the size of a sheet and of cards."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from pathlib import Path

import typer
from jinja2 import Environment, FileSystemLoader

from bot import ourselves
from bot.adapters import make_channels
from bot.app import make_book
from bot.ports import Itself, KnowsItself
from bot.settings import Settings
from bot.web.totp import picture
from storage import migrate, open_store, places
from storage.places import NAME

_PAGES = Path(__file__).parents[1] / "web" / "pages"
_NAMES = {"line": "LINE", "telegram": "Telegram"}


def run(settings: Settings, place: str, shown: str, to: Path) -> int:
    """Write the page of a place; `place` is its name in links and figures, `shown` as people call it."""
    if NAME.fullmatch(place) is None:
        typer.echo("場所の名前は、a-z、0-9、- だけで、32文字までにしてください。", err=True)
        return 1
    known = asyncio.run(_ask(settings))
    if not known:
        typer.echo("LINE にも Telegram にも、名前を聞けませんでした。設定とネットワークを確かめてください。", err=True)
        return 1
    migrate(settings.database_url)
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    try:
        links = {_NAMES[one]: ourselves.by_card(one, known, places.code_of(store.vault, place)) for one in known}
        book = make_book()
        book.look(store)
    finally:
        store.close()
    to.write_text(page(shown, links, book.house.centre["ja"]), "utf-8")
    typer.echo(f"{to} を書きました。ブラウザで開いて、印刷してください。")
    return 0


def page(shown: str, links: dict[str, str], centre: str) -> str:
    """The page: one sheet, then a sheet of eight cards, under the centre's name. It asks nothing of any network."""
    made = Environment(loader=FileSystemLoader(_PAGES), autoescape=True).get_template("cards.html")
    codes = [(name, picture(link)) for name, link in sorted(links.items())]
    # The style lies inside the file, as an address of its own: pages hold no inline style, and this one travels alone.
    style = "data:text/css;base64," + b64encode(Path(__file__).with_name("cards.css").read_bytes()).decode()
    return made.render(style=style, shown=shown, centre=centre, codes=codes)


async def _ask(settings: Settings) -> dict[str, Itself]:
    known: dict[str, Itself] = {}
    for name, channel in make_channels(settings).items():
        if isinstance(channel, KnowsItself) and (itself := await channel.itself()) is not None:
            known[name] = itself
        await channel.close()
    return known
