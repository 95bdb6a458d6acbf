"""Feeds that are followed: only what is news becomes a draft or a lead, and nothing is ever sent by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import Connection, func, select

from bot import event_in
from bot.asking_out import Asking
from bot.feeding import Feeding
from storage import Store, events, feeds, grants, staff
from storage.events import State
from storage.feeds import Feed, Follow, Kind
from storage.staff import Role
from storage.tables import outbox
from tests.bot.centre import Centre
from tests.bot.desk import write

pytestmark = pytest.mark.anyio
DATES = 'xmlns:ev="http://purl.org/rss/1.0/modules/event/"'


@dataclass
class Site:
    """Somebody else's server, whose answer can be changed, and which notes what it was told."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    told: list[dict[str, str]] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        """What lies there; 304 to whoever has it."""
        self.told.append({name.lower(): value for name, value in request.headers.items()})
        etag = self.headers.get("ETag")
        if etag and request.headers.get("If-None-Match") == etag:
            return web.Response(status=304)
        return web.Response(body=self.body, status=self.status, headers=self.headers)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    one, app = Site(), web.Application()
    app.router.add_get("/feed", one.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    door = web.TCPSite(runner, "127.0.0.1", 0)
    await door.start()
    one.url = f"{door.name}/feed"
    yield one
    await runner.cleanup()


@pytest.fixture
def centre(store: Store, now: datetime) -> Iterator[Centre]:
    made = Centre(store, now)
    yield made
    assert store.read(lambda conn: conn.execute(select(func.count()).select_from(outbox)).scalar()) == 0  # nothing goes


def follow(centre: Centre, site: Site, kind: Kind = Kind.EVENTS, at_most: int = 20) -> None:
    def job(conn: Connection) -> None:
        member = staff.add(conn, "fair", "Fair", Role.COORDINATOR, centre.now)
        assert member is not None
        feeds.follow(conn, Follow(site.url, kind, member, at_most=at_most), centre.now)

    write(centre, job)


async def look(centre: Centre) -> Feed:
    """One look, as if it were due; how the feed stands then."""
    asking = Asking(aiohttp.ThreadedResolver, lambda url: url)
    await Feeding(centre.store, centre.mind.zone, lambda: centre.now, asking).look()
    [feed] = centre.store.read(lambda conn: [*feeds.every(conn, Kind.EVENTS), *feeds.every(conn, Kind.GRANTS)])
    return feed


def item(centre: Centre, name: object, days: float = 5, age: float = 1, **more: str) -> str:
    """An event of a feed, `days` from now, written `age` days ago."""
    starts = (centre.now + timedelta(days=days)).isoformat()
    stamp = format_datetime(centre.now - timedelta(days=age))
    title = more.get("title", f"会{name}")
    date = "" if "article" in more else f"<ev:startdate>{starts}</ev:startdate>"
    return f"<item><title>{title}</title><guid>{name}</guid><pubDate>{stamp}</pubDate>{date}</item>"


def rss(*items: str) -> bytes:
    return f"<rss {DATES}><channel>{''.join(items)}</channel></rss>".encode()


def drafts(centre: Centre) -> list[str]:
    return sorted(one.content.title for one in centre.store.read(lambda conn: events.latest(conn, 20_000)))


async def test_B05_forty_old_entries_at_night_become_nothing_and_staff_are_told_once_with_their_number(
    centre: Centre, site: Site
) -> None:
    follow(centre, site)
    site.body = rss(item(centre, "now"))
    await look(centre)
    site.body = rss(item(centre, "now"), *(item(centre, n, days=9, age=400) for n in range(40)))
    centre.now += timedelta(hours=6)
    feed = await look(centre)
    assert (drafts(centre), feed.held, feed.held_why) == (["会now"], 40, "old")
    assert [one.held for one in centre.store.read(feeds.kept_back)] == [40]
    write(centre, lambda conn: feeds.seen(conn, feed.id))
    centre.now += timedelta(hours=6)
    assert (await look(centre)).held_at is None  # offered again, nobody is told again
    assert drafts(centre) == ["会now"]


async def test_B05_a_whole_history_offered_anew_waits_for_a_person_who_says_that_it_is_so(
    centre: Centre, site: Site
) -> None:
    follow(centre, site, at_most=5)
    site.body, site.headers = rss(*(item(centre, n) for n in range(40))), {"ETag": '"a"'}
    feed = await look(centre)
    assert (drafts(centre), feed.held, feed.held_why) == ([], 40, "many")
    told = feed.held_at
    site.body = rss(*(item(centre, n) for n in range(41)))
    centre.now += timedelta(hours=6)
    feed = await look(centre)
    assert (feed.held, feed.held_at) == (41, told)  # once
    assert "if-none-match" not in site.told[-1]  # it must be read whole again
    write(centre, lambda conn: feeds.allow(conn, feed.id, centre.now))
    feed = await look(centre)
    assert (len(drafts(centre)), feed.held, feed.allowed) == (41, 0, 0)
    assert {one.state for one in centre.store.read(events.latest)} == {State.DRAFT}


async def test_B05_ten_thousand_entries_at_once_are_counted_and_kept_back(centre: Centre, site: Site) -> None:
    follow(centre, site)
    one = item(centre, "@")
    site.body = rss(*(one.replace("@", str(n)) for n in range(10_000)))
    feed = await look(centre)
    assert (drafts(centre), feed.held, feed.held_why) == ([], 10_000, "many")


async def test_B05_a_clock_put_back_takes_nothing_until_it_goes_right_or_a_person_says_so(
    centre: Centre, site: Site
) -> None:
    follow(centre, site)
    site.body = rss(item(centre, 1))
    await look(centre)
    right, site.body = centre.now, rss(item(centre, 1), item(centre, 2), item(centre, 3, days=-1))
    centre.now -= timedelta(days=30)
    feed = await look(centre)
    assert (drafts(centre), feed.held, feed.held_why) == (["会1"], 2, "clock")
    centre.now = right + timedelta(hours=7)
    feed = await look(centre)
    assert drafts(centre) == ["会1", "会2"]
    assert (feed.held, feed.held_why) == (1, "old")


async def test_B05_an_entry_from_the_future_waits_alone_and_one_of_ten_years_ahead_is_no_loss(
    centre: Centre, site: Site
) -> None:
    follow(centre, site)
    site.body = rss(item(centre, 1), item(centre, 2, age=-40))
    feed = await look(centre)
    assert (drafts(centre), feed.held, feed.held_why) == (["会1"], 1, "clock")
    write(centre, lambda conn: feeds.allow(conn, feed.id, centre.now))
    await look(centre)
    assert drafts(centre) == ["会1", "会2"]


async def test_S12_a_clock_that_was_ten_years_ahead_is_got_over(centre: Centre, site: Site) -> None:
    follow(centre, site)
    site.body, right = rss(item(centre, 1)), centre.now
    centre.now += timedelta(days=3650)
    feed = await look(centre)
    assert (drafts(centre), feed.held_why) == ([], "old")
    centre.now = right + timedelta(hours=1)
    feed = await look(centre)  # due, though its next look was set for ten years from now
    assert (drafts(centre), feed.held_why) == ([], "clock")
    write(centre, lambda conn: feeds.allow(conn, feed.id, centre.now))
    await look(centre)
    assert drafts(centre) == ["会1"]


async def test_the_same_entry_with_other_words_waits_beside_what_everybody_sees(centre: Centre, site: Site) -> None:
    follow(centre, site)
    site.body = rss(item(centre, 1))
    await look(centre)

    def publish(conn: Connection) -> None:
        [made] = events.latest(conn)
        assert events.publish(conn, made, None, centre.now)

    write(centre, publish)
    site.body = rss(item(centre, 1, title="べつの会"))
    for _ in range(2):
        centre.now += timedelta(hours=6)
        await look(centre)
    [one] = centre.store.read(events.latest)
    assert one.pending is not None
    assert (one.content.title, one.pending.content.title, one.version) == ("会1", "べつの会", 2)


async def test_a_server_is_asked_politely_and_ever_more_seldom_while_it_fails(centre: Centre, site: Site) -> None:
    follow(centre, site)
    site.body = rss(item(centre, 1))
    site.headers = {"ETag": '"a"', "Last-Modified": "Sun, 01 Nov 2026 00:00:00 GMT"}
    await look(centre)
    centre.now += timedelta(hours=6)
    assert (await look(centre)).said == "ok"
    assert (site.told[1]["if-none-match"], site.told[1]["if-modified-since"]) == ('"a"', site.headers["Last-Modified"])
    site.headers, site.status = {"Retry-After": "100000"}, 503
    centre.now += timedelta(hours=6)
    feed = await look(centre)
    assert (feed.said, feed.failures, feed.etag) == ("HTTP 503", 1, '"a"')
    for hours, asked in ((27, 3), (1, 4)):
        centre.now += timedelta(hours=hours)
        await look(centre)
        assert len(site.told) == asked
    site.body, site.status, site.headers = b"BEGIN:VCALENDAR\r\n" + b"x" * (5 << 20), 200, {}
    centre.now += timedelta(days=8)
    assert (await look(centre)).said == "large"


async def test_C22_a_calendar_full_of_rules_that_never_fit_is_read_as_far_as_patience_goes_and_the_rest_is_told(
    centre: Centre, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_in, "PATIENCE", 2_000)
    follow(centre, site)
    start = f"{centre.now + timedelta(days=5):%Y%m%dT%H%M%S}"
    rule = "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30;COUNT=2"
    entry = f"BEGIN:VEVENT\r\nUID:@\r\nSUMMARY:会@\r\nDTSTART:{start}\r\nRRULE:{rule}\r\nEND:VEVENT\r\n"
    many = "".join(entry.replace("@", str(n)) for n in range(12))
    site.body = f"BEGIN:VCALENDAR\r\n{many}END:VCALENDAR\r\n".encode()
    feed = await look(centre)
    taken = len(drafts(centre))
    assert 5 < taken < 12
    assert feed.said == f"wrong {12 - taken} {12 - taken}"


async def test_an_entry_without_a_date_and_every_call_for_grants_is_a_lead_that_a_person_completes(
    centre: Centre, site: Site
) -> None:
    follow(centre, site, Kind.GRANTS)
    site.body = rss(
        item(centre, 1, article="", title="&lt;b&gt;助成&lt;/b&gt;の募集"), item(centre, 2, age=999, article="")
    )
    feed = await look(centre)
    [lead] = centre.store.read(lambda conn: feeds.leads(conn, Kind.GRANTS))
    assert (lead.title, feed.held, feed.held_why) == ("助成 の募集", 1, "old")
    assert centre.store.read(lambda conn: feeds.leads(conn, Kind.EVENTS)) == []
    assert centre.store.read(grants.latest) == []
    write(centre, lambda conn: feeds.done(conn, lead.id))
    centre.now += timedelta(hours=6)
    await look(centre)
    assert centre.store.read(lambda conn: feeds.count_leads(conn, Kind.GRANTS)) == 0


async def test_two_servers_ask_once(centre: Centre, second: Store, site: Site) -> None:
    follow(centre, site)
    site.body = rss(item(centre, 1))
    asking = Asking(aiohttp.ThreadedResolver, lambda url: url)
    both = [Feeding(store, centre.mind.zone, lambda: centre.now, asking).look() for store in (centre.store, second)]
    assert sorted(await asyncio.gather(*both)) == [0, 1]
    assert len(site.told) == 1
