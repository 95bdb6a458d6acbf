"""A talk kept as a text file: what the page shows, with taps in words, of nobody but whoever asks."""

from __future__ import annotations

import pytest

from tests.web.talking import Place

pytestmark = pytest.mark.anyio


async def test_ones_own_talk_is_a_text_file_with_taps_in_words_and_no_way_into_a_private_page(place: Place) -> None:
    async with place.agreed() as device:
        await device.post("/chat/say", json={"key": "question-1", "text": "会議室はいくらですか"})
        await place.quiet()
        await device.post("/chat/say", json={"key": "person-1", "tap": "m:person"})
        await place.quiet()
        saved = await device.get("/chat/save")
    day = place.clock().astimezone().date()
    assert saved.headers["content-type"] == "text/plain; charset=utf-8"
    assert saved.headers["content-disposition"].startswith('attachment; filename="nakodo-20')
    assert "no-store" in saved.headers["cache-control"]
    assert saved.text.startswith("\ufeff")
    assert f"{day.year}-" in saved.text
    assert "あなた\n会議室はいくらですか\n" in saved.text
    assert "あなた\n同意する\n" in saved.text
    assert "なこうど\n" in saved.text
    assert "/p/" not in saved.text


async def test_nobody_elses_talk_can_be_saved(place: Place) -> None:
    async with place.agreed() as device, place.device() as stranger, place.visitor() as other:
        await device.post("/chat/say", json={"key": "question-1", "text": "わたしだけの話"})
        await place.quiet()
        assert (await stranger.get("/chat/save")).status_code == 403
        assert (await stranger.get("/chat/AAAA/save")).status_code == 403
        theirs = await other.get("/chat/save")
    assert theirs.status_code == 200
    assert "わたしだけの話" not in theirs.text
