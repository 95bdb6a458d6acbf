"""The web chat goes on on another device by a code, with all that was said, and apart again."""

from __future__ import annotations

import re

import httpx2
import pytest

from tests.web.talking import Place, follow, own_words, past, text, until

pytestmark = pytest.mark.anyio


async def said(place: Place, device: httpx2.AsyncClient, key: str, **what: str) -> None:
    answer = await device.post("/chat/say", json={"key": key, **what})
    assert answer.status_code == 202
    await place.quiet()


async def test_N05_the_talk_goes_on_on_another_device(either: Place) -> None:
    async with either.agreed() as home, either.agreed() as away:
        await said(either, home, "words-0001", text="うちで書いたこと")
        await said(either, away, "words-0002", text="そとで書いたこと")
        await said(either, home, "code-00001", tap="m:join")
        found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", text((await past(home))[-1]))
        assert found
        await said(either, away, "typed-0001", text=found.group().lower())
        stream = follow(away, "/chat/events")
        assert (await anext(stream)).name == "line"
        await said(either, away, "sure-00001", tap="m:join_sure")
        assert "language" in [event.name async for event in stream], "an open page begins anew, as the one person"
        for device in (home, away):
            assert {"うちで書いたこと", "そとで書いたこと"} <= set(own_words(await past(device)))
        assert "別の窓口(ウェブ)とつながりました" in text((await until(home, "別の窓口"))[-1])
        await said(either, home, "part-00001", tap="m:part_sure")
        assert own_words(await past(home)) == ["うちで書いたこと"]
        assert "うちで書いたこと" not in own_words(await past(away))
        await said(either, away, "words-0003", text="まだ書けます")
        assert "まだ書けます" in own_words(await past(away))
