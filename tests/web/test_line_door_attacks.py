"""Whoever wants into somebody else's private page by way of LINE: planted, replayed, forged, all turned away."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.doubles.faults import Refuse
from bot.channels.doubles.line.login import LOGIN_SECRET
from bot.mind import Mind
from dialogs.heard import Tapped, Typed
from storage.pages import Purpose
from tests.web.line_town import HANAKO, TARO, Town, beside_line, let_in

pytestmark = pytest.mark.anyio


@pytest.fixture
async def town(sqlite_url: str, mind: Mind, now: datetime) -> AsyncIterator[Town]:
    """Both at work."""
    async with beside_line(sqlite_url, mind, now) as both:
        yield both


async def test_an_attackers_way_back_opens_nothing_in_another_browser(town: Town) -> None:
    """Login CSRF: a victim who is sent the end of somebody's own sign-in must not land in that talk."""
    async with town.place.device() as attacker, town.place.device() as victim:
        back = await town.agreed(await town.away(attacker))
        assert await town.shut(await victim.get(back, headers={"sec-fetch-site": "cross-site"}))
        # Nor when the victim has a sign-in of their own under way.
        await town.away(victim)
        assert await town.shut(await victim.get(back, headers={"sec-fetch-site": "cross-site"}))


async def test_a_cookie_that_was_planted_or_changed_opens_nothing(town: Town) -> None:
    async with town.place.device() as device:
        back = await town.agreed(await town.away(device))
        ((name, kept),) = device.cookies.items()
        device.cookies.clear()
        at, drawn, link = kept.split(".")
        changed = f"{int(at) + 1}.{drawn}.{link}", f"{at}.{drawn[::-1]}.{link}", f"{at}.{drawn}.{link[::-1]}", "x", "."
        for planted in changed:
            assert await town.shut(await device.get(back, headers={"cookie": f"{name}={planted}"}))
    assert [call.path for call in town.line.ledger.of("login")][-1] == "/oauth2/v2.1/authorize"  # LINE was not asked


async def test_a_sign_in_is_good_for_ten_minutes(town: Town) -> None:
    async with town.place.device() as device:
        back = await town.agreed(await town.away(device))
        town.place.clock.on(minutes=10, seconds=1)
        assert await town.shut(await device.get(back))


async def test_P06_the_end_of_a_sign_in_opens_nothing_twice(town: Town) -> None:
    async with town.place.device() as device, town.place.device() as thief:
        back = await town.agreed(await town.away(device))
        kept = {"cookie": "; ".join(f"{name}={value}" for name, value in device.cookies.items())}
        assert let_in(await device.get(back))
        again = await thief.get(back, headers=kept)
        assert (again.status_code, let_in(again)) == (403, False)
        assert (await device.get(back)).status_code == 403


async def test_two_people_who_sign_in_on_one_tablet_never_meet(town: Town) -> None:
    taro = await town.place.hears(TARO, Typed("こんにちは"), Tapped("m:consent"))
    his = await town.place.link(taro, Purpose.ANSWER, "line")
    async with town.place.device() as tablet:
        first, second = await town.away(tablet), await town.away(tablet, his)
        seats = [await tablet.get(await town.agreed(at, who)) for at, who in ((second, TARO), (first, HANAKO))]
        assert [let_in(got) for got in seats] == [True, True]
        assert len({got.headers["location"] for got in seats}) == 2


async def test_what_never_came_from_line_is_not_brought_to_line(town: Town) -> None:
    async with town.place.device() as device:
        state = parse_qs(urlsplit(await town.away(device)).query)["state"][0]
        kept = {"cookie": "; ".join(f"{name}={value}" for name, value in device.cookies.items())}
        odd = ("", "a" * 600, "a%0d%0ab", "a%00", "%E3%81%82", "a&code=b", "a&state=b", "../x", "a b")
        asked = len(town.line.ledger)
        for code in odd:
            assert await town.shut(await device.get(f"/line/login?state={state}&code={code}", headers=kept))
        for states in ("", "state=", f"state={state}0&code=a", "state=%00&code=a", f"state={state.upper()}x&code=a"):
            assert await town.shut(await device.get(f"/line/login?{states}", headers=kept))
    assert len(town.line.ledger) == asked


async def test_a_made_up_code_is_refused_and_gives_no_ticket(town: Town) -> None:
    async with town.place.device() as device:
        state = parse_qs(urlsplit(await town.away(device)).query)["state"][0]
        got = await device.get(f"/line/login?state={state}&code=made-up")
    assert await town.shut(got)
    assert "ticket" not in got.text


async def test_who_does_not_agree_may_try_again_or_talk_to_a_person(town: Town) -> None:
    town.line.login.refuses.add(HANAKO)
    async with town.place.device() as device:
        got = await town.through(device)
    assert await town.shut(got)
    assert f'href="{town.path}"' in got.text


FORGED: dict[str, dict[str, Any]] = {
    "for another channel": {"aud": "1650000000"},
    "over": {"exp": 1_600_000_000},
    "of another sign-in": {"nonce": "0" * 32},
    "without a nonce": {"nonce": None},
    "unsigned": {"alg": "none"},
    "signed by somebody": {"secret": "s" * 32},
    "by another method": {"alg": "HS512"},
    "of another issuer": {"iss": "https://access.line.me.evil.example"},
}


async def test_a_token_that_is_not_ours_names_nobody(town: Town) -> None:
    login = town.line.login
    async with town.place.device() as device:
        for what, claims in FORGED.items():
            address = await town.away(device)
            nonce = parse_qs(urlsplit(address).query)["nonce"][0]
            login.instead = login.id_token(HANAKO, **{"nonce": nonce, **claims})
            assert await town.shut(await device.get(await town.agreed(address))), what
        login.instead = ""
        assert let_in(await town.through(device))


async def test_P21_codes_states_and_links_reach_no_log(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    async with town.place.device() as device:
        back = await town.agreed(await town.away(device))
        town.line.faults.next("login", Refuse(500))
        await device.get(back)
        kept = [value for _, value in device.cookies.items()]
    said = "".join(capsys.readouterr())
    told = parse_qs(urlsplit(back).query)
    assert not [
        one for one in (*told["code"], *told["state"], town.path[3:], HANAKO, LOGIN_SECRET, *kept) if one in said
    ]
