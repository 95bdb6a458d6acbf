"""LINE's rich menus: drawn in five languages, made once, and everybody sees the one of where they stand."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image
from pydantic import HttpUrl, SecretStr

from bot.channels.doubles.faults import Refuse
from bot.channels.line_menu_pictures import MOST_BYTES, Tile, picture
from bot.channels.line_menu_wire import MenuWire, TooFast, Unwilling
from bot.cli.line import Painter, sync
from bot.fonts import NoFont, find_font
from bot.menu_link import Linker
from bot.menu_sync import carry_out, plan
from bot.menus import CONSOLE, LARGER, SMALLER, Menu, Stage, key_of, menus, stage_of
from bot.settings import Settings
from dialogs.commands import COMMANDS
from dialogs.heard import Came, Heard, Left, Tapped, Typed, to_json
from dialogs.words import library
from storage import Store, line_menus
from storage.inbox import Incoming
from tests.bot.centre import Centre
from tests.bot.desk import write
from tests.bot.post import Post, post_office
from tests.channels.samples import HANAKO, LINE_TOKEN
from tests.clock import Clock
from tests.doubles import oracle

pytestmark = pytest.mark.anyio
ALL = list(menus(library()))
BLANK = io.BytesIO()
Image.new("1", (800, 540)).save(BLANK, "PNG")


def blank(_: Menu) -> bytes:
    """A picture that LINE takes, drawn in no time."""
    return BLANK.getvalue()


@pytest.fixture
async def post(store: Store, now: datetime) -> AsyncIterator[Post]:
    async with post_office(store, Clock(now)) as post:
        yield post


@pytest.fixture
async def wire(post: Post) -> AsyncIterator[MenuWire]:
    made = MenuWire(post.line_base, post.line_base, LINE_TOKEN)
    yield made
    await made.close()


async def sync_all(wire: MenuWire, most: int = 100) -> bool:
    todo = await plan(wire, library())
    return await carry_out(wire, replace(todo, make=todo.make[:most]), blank, lambda _: None)


def test_there_is_a_menu_for_every_stage_language_and_size_with_ways_that_work() -> None:
    assert len({menu.name for menu in ALL}) == len(ALL) == 5 * 5 * 2
    for menu in ALL:
        assert len(menu.bar) <= 14
        if oracle.at_hand("line-openapi/messaging-api.yml"):
            assert oracle.line_faults("messaging-api", "RichMenuRequest", menu.request()) == []
        assert sum(width * height for _, _, (_, _, width, height) in menu.tiles) == menu.size[0] * menu.size[1], menu
        for words, tap, _ in menu.tiles:
            assert 0 < len(words) <= 20, words
            assert tap in (LARGER, SMALLER, CONSOLE) or tap.removeprefix("m:") in COMMANDS, tap
        assert sum(tap in (LARGER, SMALLER) for _, tap, _ in menu.tiles) == 1


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en", "zh", "ko"])
def test_a_menu_is_drawn_in_every_language_within_lines_limits(language: str) -> None:
    drawn = {menu.key: Painter("", 0.34)(menu) for menu in ALL if menu.language == language and "/large" in menu.key}
    assert len(set(drawn.values())) == 5
    for data in drawn.values():
        with Image.open(io.BytesIO(data)) as one:
            assert (one.format, one.width) == ("PNG", 850)
            assert one.width / one.height >= 1.45
            assert len(one.convert("RGB").getcolors(100_000) or ()) > 8  # words, not bare tiles
        assert len(data) < MOST_BYTES / 10


def test_a_font_that_is_missing_or_cannot_write_our_words_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NoFont, match="NAKODO_MENU_FONT"):
        find_font(str(tmp_path / "none.ttf"))
    latin = next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"))
    with pytest.raises(NoFont, match="fonts-noto-cjk"):
        picture([Tile("相談", (0, 0, 800, 540))], (800, 540), latin, "ja")


async def test_sync_makes_what_is_missing_once_and_takes_away_what_is_stale(post: Post, wire: MenuWire) -> None:
    theirs = ALL[0].request() | {"name": "the shop's own"}
    old = ALL[0].request() | {"name": "nakodo/new/ja/plain/000000000000"}
    for request in (theirs, old):
        await wire.make(request, blank(ALL[0]))
    assert await sync_all(wire)
    assert sorted(post.line.menus) == sorted(["the shop's own", *(menu.name for menu in ALL)])
    shown = post.line.menu_shown(HANAKO)
    assert shown is not None
    assert shown[1]["name"] == ALL[0].name  # everybody's, until they have one of their own
    before = len(list(post.line.ledger))
    assert not await sync_all(wire)
    assert {call.body for call in list(post.line.ledger)[before:]} == {None}  # it only looked
    assert (await plan(wire, library())).right == 50


async def test_sync_goes_on_where_it_was_stopped(post: Post, wire: MenuWire) -> None:
    await sync_all(wire, most=3)
    post.line.faults.next("richmenu", Refuse(500))
    with pytest.raises(Unwilling):
        await plan(wire, library())
    todo = await plan(wire, library())
    assert (len(todo.make), todo.drop, todo.right) == (47, (), 3)
    post.clock.on(hours=1)
    await sync_all(wire)
    assert len(post.line.menus) == 50


async def test_a_menu_without_its_picture_is_made_again(post: Post, wire: MenuWire) -> None:
    def broken(_: Menu) -> bytes:
        return b"no picture"

    todo = await plan(wire, library())
    with pytest.raises(Unwilling):
        await carry_out(wire, todo, broken, lambda _: None)
    assert post.line.menus == []  # what LINE would refuse to people does not stay


async def test_lines_hourly_limit_is_told_and_waited_for(post: Post, wire: MenuWire) -> None:
    for _ in range(70):
        await wire.make(ALL[0].request() | {"name": "x"}, blank(ALL[0]))
    with pytest.raises(TooFast):
        await sync_all(wire)
    assert len(post.line.menus) == 100
    post.clock.on(hours=1)
    await sync_all(wire)
    assert set(post.line.menus) == {"x", *(menu.name for menu in ALL)}


async def test_the_command_says_what_it_would_do_and_needs_a_token(
    post: Post, capsys: pytest.CaptureFixture[str]
) -> None:

    assert sync(Settings(), dry_run=True) == 1
    settings = Settings(line_access_token=SecretStr(LINE_TOKEN), line_api_base=HttpUrl(post.line_base))
    settings = settings.model_copy(update={"line_data_api_base": settings.line_api_base})
    assert await asyncio.to_thread(lambda: sync(settings, dry_run=True)) == 0
    assert "作る50枚" in capsys.readouterr().out
    assert post.line.menus == []


@pytest.mark.parametrize(
    ("consented", "held", "stage"),
    [
        (False, None, Stage.NEW),
        (True, None, Stage.MEMBER),
        (True, False, Stage.CASE),
        (False, False, Stage.NEW),
        (True, True, Stage.TALK),
        (False, True, Stage.TALK),
    ],
)
def test_where_somebody_stands(consented: bool, held: bool | None, stage: Stage) -> None:
    assert stage_of(consented, held) is stage


class Street(Centre):
    """A centre and Hanako's phone."""

    post: Post
    linker: Linker

    async def does(self, heard: Heard) -> str:
        """Hanako does something; the menu she sees then."""
        self.now = self.post.clock.now
        self.post.clock.on(seconds=1)
        payload = {"heard": to_json(heard), "said": ""}
        self.receive(Incoming("line", f"m-{self.now.isoformat()}", HANAKO, self.now, payload))
        self.hear()
        return await self.sees()

    async def sees(self) -> str:
        """The menu on her phone."""
        assert await self.linker.link()
        shown = self.post.line.menu_shown(HANAKO)
        return "" if shown is None else str(shown[1]["name"]).removeprefix("nakodo/").rpartition("/")[0]

    @property
    def links(self) -> int:
        """How often LINE was told."""
        return sum("/user/U" in call.path for call in self.post.line.ledger if call.endpoint == "richmenu")


async def test_everybody_sees_the_menu_of_where_they_stand_and_line_is_told_once(post: Post, wire: MenuWire) -> None:
    await sync_all(wire)
    street = Street(post.store, post.clock.now)
    street.post, street.linker = post, Linker(post.store, post.channels, post.clock)
    assert await street.does(Typed("こんにちは")) == "new/ja/plain"
    assert await street.does(Tapped("m:consent")) == "member/ja/plain"
    assert (await street.does(Typed("使い方")), street.links) == ("member/ja/plain", 2)
    assert await street.does(Tapped(LARGER)) == "member/ja/large"
    assert await street.does(Tapped("m:en")) == "member/en/large"
    await street.does(Tapped("m:person"))
    assert await street.does(Tapped("m:menu")) == "case/en/large"
    sato, case = street.member("sato"), street.cases()[0]
    await street.desk.claim(case.id, sato)
    assert await street.sees() == "talk/en/large"
    await street.desk.release(case.id, sato)
    assert await street.sees() == "case/en/large"
    await street.desk.close(case.id, sato)
    assert await street.sees() == "member/en/large"
    told = street.links
    assert (await street.does(Tapped(SMALLER)), street.links) == ("member/en/plain", told + 1)


async def test_who_comes_back_gets_their_menu_again_and_who_blocked_us_none(post: Post, wire: MenuWire) -> None:
    await sync_all(wire)
    street = Street(post.store, post.clock.now)
    street.post, street.linker = post, Linker(post.store, post.channels, post.clock)
    await street.does(Typed("こんにちは"))
    told = street.links
    await street.does(Left())
    assert street.links == told
    await street.does(Came())
    assert street.links == told + 1


async def test_menus_that_were_made_anew_reach_everybody(post: Post, wire: MenuWire) -> None:
    await sync_all(wire)
    street = Street(post.store, post.clock.now)
    street.post, street.linker = post, Linker(post.store, post.channels, post.clock)
    await street.does(Typed("こんにちは"))
    for ids in (await wire.all()).values():
        await wire.drop(ids[0])
    post.clock.on(hours=1)
    await sync_all(wire)
    assert write(street, line_menus.all_anew) == 1
    assert await street.sees() == "new/ja/plain"


async def test_without_menus_or_while_line_is_away_nothing_is_lost(post: Post, wire: MenuWire) -> None:
    street = Street(post.store, post.clock.now)
    street.post, street.linker = post, Linker(post.store, post.channels, post.clock)
    street.receive(Incoming("line", "m-1", HANAKO, post.clock.now, {"heard": to_json(Typed("こんにちは")), "said": ""}))
    street.hear()
    assert not await street.linker.link()
    await sync_all(wire)
    post.clock.on(minutes=11)
    post.line.faults.next("richmenu", Refuse(500), Refuse(500))
    assert not await street.linker.link()
    assert not await street.linker.link()
    assert await street.sees() == "new/ja/plain"


def test_the_keys_of_menus_are_what_the_linker_asks_for() -> None:
    assert {menu.key for menu in ALL} == {
        key_of(stage, language, large) for stage in Stage for language in library() for large in (False, True)
    }
