"""`nakodo line sync`: makes LINE's rich menus, with their pictures, and takes away what is stale."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import typer

from bot.adapters import line_access
from bot.channels.line_menu_pictures import MOST_BYTES, Tile, picture
from bot.fonts import NoFont, find_font
from bot.menu_sync import Plan, Wire, carry_out, plan
from bot.menus import Menu
from bot.settings import Settings
from dialogs.words import library
from storage import line_menus, migrate, open_store


@dataclass(frozen=True)
class Painter:
    """Draws with one font, at a scale of the full size of 2500 dots."""

    named: str
    scale: float = 1.0

    def __call__(self, menu: Menu) -> bytes:
        """The picture of a menu. Raises NoFont."""
        tiles = [Tile(words, box) for words, _, box in menu.tiles]
        drawn = picture(tiles, menu.size, find_font(self.named), menu.language, self.scale)
        if len(drawn) > MOST_BYTES:
            raise NoFont(f"メニューの絵が大きすぎます({len(drawn)}バイト)。別のフォントをためしてください。")
        return drawn


def sync(settings: Settings, *, dry_run: bool) -> int:
    """Compare and, unless it is a dry run, bring into line; 1 when LINE or a missing font stopped it."""
    from bot.channels.line_menu_wire import MenuWire, TooFast, Unwilling

    access = line_access(settings)
    if not access:
        typer.echo("LINEはまだ使えません。NAKODO_LINE_ACCESS_TOKEN を入れてください。", err=True)
        return 1

    async def work() -> int:
        wire = MenuWire(str(settings.line_api_base), str(settings.line_data_api_base), access)
        try:
            todo = await plan(wire, library())
            _say(todo)
            return 0 if dry_run else await _work(settings, wire, todo)
        except NoFont as none:
            typer.echo(str(none), err=True)
        except TooFast:
            typer.echo("LINEの1時間の上限に達しました。1時間後に、もう一度動かすと続きから進みます。", err=True)
        except Unwilling as unwilling:
            typer.echo(f"LINEが受け付けませんでした({unwilling})。もう一度動かすと続きから進みます。", err=True)
        finally:
            await wire.close()
        return 1

    return asyncio.run(work())


def _say(todo: Plan) -> None:
    typer.echo(f"メニュー:そのまま{todo.right}枚、作る{len(todo.make)}枚、消す{len(todo.drop)}枚")
    for menu in todo.make:
        typer.echo(f"  作る {menu.name}")


async def _work(settings: Settings, wire: Wire, todo: Plan) -> int:
    painter = Painter(settings.menu_font)
    changed = await carry_out(wire, todo, painter, lambda name: typer.echo(f"  作りました {name}"))
    if changed:
        migrate(settings.database_url)
        store = open_store(settings.database_url, settings.secret_key.get_secret_value())
        try:
            people = store.writer.submit(line_menus.all_anew).result()
        finally:
            store.close()
        typer.echo(f"{people}人のメニューを、サーバーが順に新しくします。")
    return 0
