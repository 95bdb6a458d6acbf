"""Two consoles and a Telegram group want one case at the same moment, again and again: one has it, all know who."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import datetime

import httpx2
import pytest

from tests.faults.contest import Contest, contest

pytestmark = pytest.mark.anyio
PAUSE_S = 61  # Telegram takes so many messages a minute


async def race(of: Contest, chance: random.Random) -> str:
    """All three press at once; who has it. The two others are told who."""
    of.telegram.hook_url = f"{chance.choice(of.bases)}/telegram/webhook"
    answers: dict[str, httpx2.Response | str] = {}

    async def at(place: str, delay: float) -> None:
        await asyncio.sleep(delay)
        console = of.console_of(place)
        answers[place] = await console.do(of.case_id, "claim") if console else await of.press("claim")

    places = [*(one.member.name for one in of.consoles), of.chiba.name]
    chance.shuffle(places)
    await asyncio.gather(*(at(place, chance.choice((0, 0, 0.002, 0.01))) for place in places))
    holder = (await of.head()).holder_name
    assert holder in places
    for place, answer in answers.items():
        others = f"{holder}さんが担当しています"
        if isinstance(answer, str):
            assert answer == ("あなたが担当になりました。" if place == holder else others + "。")
        else:
            assert answer.status_code == (303 if place == holder else 409)
            assert (others in answer.text) is (place != holder)
    return holder


async def shown(of: Contest, holder: str) -> None:
    """Every place shows the same holder."""
    await of.group_shows(f"担当：{holder}\n")
    for console in of.consoles:
        mine = console.member.name == holder
        words = "あなたが担当しています" if mine else f"{holder}さんが担当しています"
        assert words in await console.page(of.case_id)


async def given_back(of: Contest, holder: str) -> None:
    """Whoever has it lets go of it, where they sit."""
    if console := of.console_of(holder):
        assert (await console.do(of.case_id, "release")).status_code == 303
    else:
        assert await of.press("release") == "ボットにもどしました。"


async def races(url: str, now: datetime, rounds: int, seed: int, look_every: int) -> Counter[str]:
    """So many rounds on one case, every place looked at now and then; who won how often."""
    chance, won = random.Random(seed), []  # noqa: S311 - an order of presses, no secret
    async with contest(url, now) as of:
        for number in range(1, rounds + 1):
            won.append(await race(of, chance))
            if number % look_every == 0:
                await of.quiet()
                of.later(PAUSE_S)
                await shown(of, won[-1])
            await given_back(of, won[-1])
        await of.quiet()
        of.later(PAUSE_S)
        await of.group_shows("担当：まだいません")
        kinds = [kind for _, kind, _ in await of.nothing_missed() if kind in {"claimed", "released"}]
        assert kinds == ["claimed", "released"] * rounds
        told = [words.partition("が担当します。") for words in of.told()]
        assert [name for name, joined, _ in told if joined] == won  # the resident heard each once, in order
    return Counter(won)


async def test_C31_two_consoles_and_a_group_claim_one_case_and_one_wins(database_url: str, now: datetime) -> None:
    assert len(await races(database_url, now, 24, seed=31, look_every=8)) == 3


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 21))
async def test_C31_a_thousand_claims_by_two_consoles_and_a_group(database_url: str, now: datetime, seed: int) -> None:
    won = await races(database_url, now, 50, seed, look_every=2)  # twenty seeds: a thousand on each database
    assert len(won) == 3
    assert min(won.values()) >= 2
