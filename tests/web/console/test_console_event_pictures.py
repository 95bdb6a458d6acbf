"""The picture of an event: agreed to by who is on it and by a second person, shown while the event is, then gone."""

from __future__ import annotations

import io
from datetime import timedelta

import httpx2
import pytest
from PIL import Image

from bot.chores import do
from storage import event_pictures
from storage.event_pictures import Picture
from storage.events import Event, State
from tests.faults.showing import photo
from tests.web.console.office import Office
from tests.web.console.test_console_events import put

pytestmark = pytest.mark.anyio
ALT = "公園で<b>落ち葉</b>をはく五人"
TOLD = {"alt": ALT, "agreed": "yes"}


def pictures(office: Office, of: Event) -> list[Picture]:
    """What is kept of it."""
    return office.store.read(lambda conn: event_pictures.of_event(conn, of.id))


async def bring(browser: httpx2.AsyncClient, of: Event, data: bytes, **told: str) -> str:
    """Where the form leads."""
    form = TOLD | {"event": str(of.id)} | told
    answer = await browser.post("/console/events/picture", data=form, files={"file": ("a.jpg", data)})
    assert answer.status_code == 303
    return str(answer.headers["location"])


async def shown(office: Office, of: Event) -> Picture:
    """One that was brought by one and let be seen by another."""
    author, second = office.member("author"), office.member("second")
    async with office.browser(author) as a, office.browser(second) as b:
        await bring(a, of, photo())
        [one] = pictures(office, of)
        await b.post(f"/console/events/{of.id}/picture/{one.id}/show")
    return one


async def test_a_second_person_lets_it_be_seen_and_everybody_reads_what_it_shows(office: Office) -> None:
    of, author, second = put(office), office.member("author"), office.member("second")
    async with office.browser(author) as a, office.browser(second) as b, office.browser() as anybody:
        assert "picture_said=brought" in await bring(a, of, photo(maker="GEHEIM"))
        [one] = pictures(office, of)
        assert (one.alt, one.shown, one.width, one.height) == (ALT, False, 60, 40)
        at, public = f"/console/events/{of.id}/picture/{one.id}", f"/events/{of.id}/picture/{one.id}"
        assert (await anybody.get(public)).status_code == 404
        assert (await anybody.get(at)).status_code in (303, 401, 403)
        mine, theirs = [(await who.get(f"/console/events/{of.id}")).text for who in (a, b)]
        assert "自分が入れた写真は、ほかの人が確かめます。" in mine
        assert ("この写真を出す" in mine, "この写真を出す" in theirs) == (False, True)
        seen = await b.get(at)
        assert (seen.headers["content-type"], seen.headers["x-content-type-options"]) == ("image/jpeg", "nosniff")
        assert b"GEHEIM" not in seen.content
        assert "picture_wrong=quicker" in (await a.post(f"{at}/show")).headers["location"]
        assert "picture_said=shown" in (await b.post(f"{at}/show")).headers["location"]
        page = (await anybody.get(f"/events/{of.id}")).text
        assert 'alt="公園で&lt;b&gt;落ち葉&lt;/b&gt;をはく五人" width="60" height="40"' in page
        assert f'property="og:image" content="{office.settings.public_url}'.rstrip("/") in page
        assert Image.open(io.BytesIO((await anybody.get(public)).content)).size == (60, 40)


async def test_the_one_before_stays_until_another_is_let_be_seen(office: Office) -> None:
    of = put(office)
    old = await shown(office, of)
    author, second = office.member("third"), office.member("fourth")
    async with office.browser(author) as a, office.browser(second) as b, office.browser() as anybody:
        await bring(a, of, photo("green"))
        await bring(a, of, photo("blue"))
        before, waits = pictures(office, of)  # the green one gave way
        assert (before.id, before.shown, waits.shown) == (old.id, True, False)
        assert f"/picture/{old.id}" in (await anybody.get(f"/events/{of.id}")).text
        await b.post(f"/console/events/{of.id}/picture/{waits.id}/show")
        assert [one.id for one in pictures(office, of)] == [waits.id]
        assert (await anybody.get(f"/events/{of.id}/picture/{old.id}")).status_code == 404
        assert f"/picture/{waits.id}" in (await anybody.get(f"/events/{of.id}")).text
        # Somebody on it changed their mind: whoever hears of it takes it off, at once.
        await a.post(f"/console/events/{of.id}/picture/{waits.id}/drop")
        assert pictures(office, of) == []
        assert "<img" not in (await anybody.get(f"/events/{of.id}")).text
        assert (
            "picture_said=dropped"
            in (await a.post(f"/console/events/{of.id}/picture/{waits.id}/drop")).headers["location"]
        )


@pytest.mark.parametrize(
    ("told", "data", "wrong"),
    [
        ({"agreed": ""}, photo(), "form"),
        ({"alt": "  "}, photo(), "form"),
        ({"alt": "あ" * 201}, photo(), "form"),
        ({}, b"", "file"),
        ({}, b"<svg onload=alert(1)>", "file"),
        ({}, photo()[:100], "file"),
        ({}, b"GIF89a" + b"\xff" * 300, "file"),
    ],
    ids=["nobody asked", "no words", "too many words", "nothing", "a drawing with a program", "torn", "no picture"],
)
async def test_what_is_no_picture_or_not_agreed_to_changes_nothing_and_says_why(
    office: Office, told: dict[str, str], data: bytes, wrong: str
) -> None:
    of, author = put(office), office.member("author")
    async with office.browser(author) as a:
        where = await bring(a, of, data, **told)
        assert f"picture_wrong={wrong}" in where
        assert 'role="alert"' in (await a.get(where.partition("#")[0])).text
    assert pictures(office, of) == []


async def test_it_is_of_its_event_alone_and_goes_with_it(office: Office) -> None:
    of, other = put(office), put(office)
    one, author = await shown(office, of), office.member("x")
    async with office.browser(author) as a, office.browser() as anybody:
        for path in (f"/console/events/{other.id}/picture/{one.id}", f"/events/{other.id}/picture/{one.id}"):
            assert (await a.get(path)).status_code == 404
        await a.post(f"/console/events/{other.id}/picture/{one.id}/drop")
        assert len(pictures(office, of)) == 1
        form = TOLD | {"event": "999999"}
        lost = await a.post("/console/events/picture", data=form, files={"file": ("a.jpg", photo())})
        assert lost.status_code == 404
        office.clock.on(days=4)
        office.write(lambda conn: do(conn, office.clock()))
        assert (await anybody.get(f"/events/{of.id}/picture/{one.id}")).status_code == 404  # it is over
        assert len(pictures(office, of)) == 1
        office.clock.on(days=30)
        office.write(lambda conn: do(conn, office.clock()))
        assert pictures(office, of) == []


async def test_nothing_is_left_of_an_event_that_was_taken_off(office: Office) -> None:
    of = put(office, publish=False)
    author = office.member("author")
    async with office.browser(author) as a:
        await bring(a, of, photo())
        await a.post(f"/console/events/{of.id}/away", data={"after": "1"})
        assert pictures(office, of) == []
        assert "picture_said" not in (
            await a.post("/console/events/picture", data=TOLD | {"event": str(of.id)}, files={"file": ("a", photo())})
        ).headers.get("location", "")
    assert pictures(office, of) == []


async def test_large_pictures_of_telephones_are_taken_and_made_smaller(office: Office) -> None:
    of, author, out = put(office), office.member("author"), io.BytesIO()
    Image.effect_noise((2600, 1900), 90).save(out, "JPEG", quality=98)
    assert len(out.getvalue()) > 2 * 1024 * 1024
    async with office.browser(author) as a:
        assert "picture_said=brought" in await bring(a, of, out.getvalue())
    [one] = pictures(office, of)
    assert max(one.width, one.height) == 1280
    assert office.clock() - one.at < timedelta(minutes=1)
    assert of.state is not State.AWAY
