"""The one-time link: previews use nothing up, one device gets it, the talk goes on there and nowhere else."""

from __future__ import annotations

import asyncio
import re
import uuid

import httpx2
import pytest

from dialogs.heard import Tapped, Typed
from storage import cases, staff
from storage.pages import Purpose
from tests.web.talking import Json, Place, follow, own_words, past, text

pytestmark = pytest.mark.anyio
CONSENT, FORM = Tapped("m:consent"), Tapped("f:consultation")


async def _in_the_form(place: Place, who: str = "Ua") -> int:
    """A person on LINE whose form waits at its first question."""
    return await place.hears(who, Typed("こんにちは"), CONSENT, FORM)


async def _opened(place: Place, device: httpx2.AsyncClient, path: str) -> str:
    """Press the button; where the talk goes on."""
    answer = await device.post(path)
    assert answer.status_code == 303
    await place.quiet()
    return answer.headers["location"]


async def test_P06_a_preview_uses_nothing_up(place: Place) -> None:
    path = await place.link(await _in_the_form(place))
    async with place.device() as preview:
        looks = [
            await preview.get(path, headers={"user-agent": "LINE-preview", "range": "bytes=0-99"}) for _ in range(3)
        ]
        looks.append(await preview.head(path))
    assert {look.status_code for look in looks} == {200}
    assert not any("set-cookie" in look.headers for look in looks)
    link = await place.look(path)
    assert link is not None
    assert link.bound_at is None
    async with place.device() as device:
        assert await _opened(place, device, path) == looks_like_a_door(path, device)


def looks_like_a_door(path: str, device: httpx2.AsyncClient) -> str:
    """The talk's address, taken from the one cookie there is; it does not hold the link's token."""
    (name,) = device.cookies
    door = name.removeprefix("nakodo-")
    assert re.fullmatch("[0-9a-f]{16}", door)
    assert path[3:] not in name
    return f"/chat/{door}"


async def test_P06_the_page_is_not_kept_not_listed_and_sends_no_referrer(place: Place) -> None:
    path = await place.link(await _in_the_form(place))
    async with place.device() as device:
        page = await device.get(path)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["x-robots-tag"].startswith("noindex")
    assert page.headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert 'content="noindex' in page.text
    assert not re.search("困りごと|立場|佐藤", page.text)


async def test_the_waiting_question_is_asked_on_the_page(place: Place) -> None:
    path = await place.link(await _in_the_form(place))
    async with place.device() as device:
        base = await _opened(place, device, path)
        seen = await past(device, base)
        page = await device.get(base)
    assert "立場" in text(seen[-1])
    assert seen[-1]["buttons"]
    assert page.status_code == 200


async def test_P06_a_second_device_is_turned_away_kindly(place: Place) -> None:
    path = await place.link(await _in_the_form(place))
    async with place.device() as first, place.device() as second:
        await _opened(place, first, path)
        for answer in (await second.get(path), await second.post(path)):
            assert answer.status_code == 303
            turned = await second.get(answer.headers["location"])
            assert turned.status_code == 403
            assert "最初に開いた端末" in turned.text
            assert "人と話したい" in turned.text
        assert not second.cookies
        assert (await second.get(answer.headers["location"] + "/events")).status_code == 403


async def test_the_same_device_may_tap_its_old_button_again(place: Place) -> None:
    path = await place.link(await _in_the_form(place))
    async with place.device() as device:
        base = await _opened(place, device, path)
        again = await device.get(path)
        assert again.headers["location"] == base
        assert (await device.get(base)).status_code == 200


async def test_P06_after_its_time_a_link_opens_nothing(place: Place) -> None:
    path = await place.link(await _in_the_form(place))
    place.clock.on(days=3, seconds=1)
    async with place.device() as device:
        answer = await device.post(path)
        turned = await device.get(answer.headers["location"])
    assert turned.status_code == 403
    assert not device.cookies


@pytest.mark.parametrize("path", ["/p/unknown", "/p/%00%ff", "/p/" + "x" * 500, "/p/%E3%81%82"])
async def test_a_made_up_link_opens_nothing(place: Place, path: str) -> None:
    async with place.device() as device:
        answer = await device.get(path)
        assert answer.status_code == 303
        assert (await device.get(answer.headers["location"])).status_code == 403


async def test_of_many_who_press_at_once_one_gets_in(place: Place) -> None:
    path = await place.link(await _in_the_form(place))
    devices = [place.device() for _ in range(8)]
    answers = await asyncio.gather(*(device.post(path) for device in devices))
    assert sum("set-cookie" in answer.headers for answer in answers) == 1
    for device in devices:
        await device.aclose()


async def test_another_site_cannot_use_the_link_up(place: Place) -> None:
    path = await place.link(await _in_the_form(place))
    async with place.device() as device:
        answer = await device.post(path, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    link = await place.look(path)
    assert link is not None
    assert link.bound_at is None


async def test_two_people_on_one_tablet_never_meet(place: Place) -> None:
    paths = [await place.link(await _in_the_form(place, who)) for who in ("Ua", "Ub")]
    async with place.device() as tablet:
        bases = [await _opened(place, tablet, path) for path in paths]
        for base, words in zip(bases, ("ひとりめの話", "ふたりめの話"), strict=True):
            assert (await tablet.post(f"{base}/say", json={"key": "one-key-each", "text": words})).status_code == 202
        await place.quiet()
        seen = [own_words(await past(tablet, base)) for base in bases]
    assert seen == [["ひとりめの話"], ["ふたりめの話"]]


async def test_P05_what_is_written_here_is_not_said_on_line(place: Place) -> None:
    person = await _in_the_form(place)
    before = await place.count("outbox")
    async with place.device() as device:
        base = await _opened(place, device, await place.link(person))
        await device.post(f"{base}/say", json={"key": "the-secret-1", "text": "ひみつの相談です"})
        await place.quiet()
        assert "ひみつの相談です" in own_words(await past(device, base))
    assert await place.count("outbox") == before


async def _claimed(place: Place) -> tuple[int, int]:
    """A person on LINE whose case a coordinator holds: the person and the case."""
    person = await place.hears("Ua", Typed("こんにちは"), CONSENT, Tapped("m:person"))
    heads = await place.read(lambda conn: cases.of_person_open(conn, [person]))
    case_id: int = heads[person].id
    member = await place.member("sato")
    await place.parts.desk.claim(case_id, member)
    await place.parts.desk.reply(case_id, member, "こんにちは。<b>佐藤</b>です。", uuid.uuid4().hex)
    return person, case_id


@pytest.mark.parametrize("purpose", [Purpose.TALK, Purpose.ANSWER])
async def test_opening_the_page_does_not_end_the_talk_with_a_coordinator(place: Place, purpose: Purpose) -> None:
    person, _ = await _claimed(place)
    async with place.device() as device:
        base = await _opened(place, device, await place.link(person, purpose))
        seen = await past(device, base)
    heads = await place.read(lambda conn: cases.of_person_open(conn, [person]))
    assert heads[person].holder is not None
    assert [(line["who"], line.get("name"), text(line)) for line in seen if line["who"] == "staff"] == [
        ("staff", "Sato", "こんにちは。<b>佐藤</b>です。")
    ]


async def test_the_talk_goes_on_between_page_and_coordinator(place: Place) -> None:
    person, case_id = await _claimed(place)
    async with place.device() as device:
        base = await _opened(place, device, await place.link(person, Purpose.TALK))
        await device.post(f"{base}/say", json={"key": "to-the-desk-1", "text": "土曜はどうですか"})
        await place.quiet()
        member = await place.member("sato2")
        assert (await place.parts.desk.reply(case_id, member, "ちがう人", uuid.uuid4().hex)) is not None
        seen: list[Json] = await past(device, base)
    assert own_words(seen)[-1] == "土曜はどうですか"
    assert seen[-1]["who"] == "me"


async def test_the_page_knows_that_a_person_answers_now(place: Place) -> None:
    person, case_id = await _claimed(place)
    async with place.device() as device:
        base = await _opened(place, device, await place.link(person, Purpose.TALK))
        told: list[bool] = []
        stream = follow(device, f"{base}/events")
        async for event in stream:
            if event.name == "held":
                told.append(event.data)
                if not event.data:
                    break
                holder = await place.read(lambda conn: staff.by_login(conn, "sato"))
                await place.parts.desk.release(case_id, holder)
        await stream.aclose()
    assert told == [True, False]


async def test_leaving_closes_this_door_only(place: Place) -> None:
    paths = [await place.link(await _in_the_form(place, who)) for who in ("Ua", "Ub")]
    async with place.device() as tablet:
        one, other = [await _opened(place, tablet, path) for path in paths]
        await tablet.post(f"{one}/leave")
        assert (await tablet.get(one)).status_code == 403
        assert (await tablet.get(other)).status_code == 200


async def test_a_page_ends_with_its_time(place: Place) -> None:
    path = await place.link(await _in_the_form(place))
    async with place.device() as device:
        base = await _opened(place, device, path)
        place.clock.on(days=7, seconds=1)
        assert (await device.get(f"{base}/events")).status_code == 403


async def test_the_page_speaks_the_persons_language(place: Place) -> None:
    person = await place.hears("Ua", Typed("hello"), Tapped("l:en"), CONSENT)
    async with place.device() as device:
        page = await device.get(await place.link(person))
    assert '<html lang="en">' in page.text
    assert ">Open<" in page.text
