"""The page for what cannot be shown speaks the language of who reads it, and Japanese to coordinators."""

from __future__ import annotations

import pytest

from bot.web.paper import words
from dialogs.words import library
from tests.web.talking import Place

pytestmark = pytest.mark.anyio
READERS = [
    ("/none", "", "ja", "ページがありません"),
    ("/none", "en-GB,en;q=0.9,ja;q=0.5", "en", "There is no such page"),
    ("/none", "fr-FR, zh-CN;q=0.8", "zh-Hans", "没有这个页面"),
    ("/none", "ko", "ko", "페이지가 없습니다"),
    ("/none?lang=ja-easy", "en", "ja", "ページが ありません"),
    ("/none?lang=xx", "fr", "ja", "ページがありません"),
    ("/none?lang=..%2Fja", "\x80, <b>," * 400, "ja", "ページがありません"),
    ("/console/none", "en", "ja", "ページがありません"),
]


async def test_what_is_not_there_is_said_in_the_readers_language(place: Place) -> None:
    async with place.device() as device:
        for path, wish, tag, said in READERS:
            answer = await device.get(path, headers=[(b"accept-language", wish.encode("latin-1"))])
            assert answer.status_code == 404, path
            assert f'<html lang="{tag}">' in answer.text, (path, wish)
            assert said in answer.text, (path, wish)


async def test_the_page_that_says_nothing_says_the_day_in_the_readers_language(place: Place) -> None:
    async with place.device() as device:
        days = [(await device.get("/clock", headers={"accept-language": one})).text for one in ("ja", "en", "ko")]
    assert "年" not in days[0]
    assert "月" in days[0]
    assert "월" in days[2]
    assert len({day.partition("<html")[2] for day in days}) == 3


def test_every_trouble_has_its_words_in_every_language() -> None:
    for language in library():
        for part in ("title", "words"):
            assert all(words(language).say(f"trouble.s{n}_{part}") for n in (400, 403, 404, 405, 429, 500, 503))
