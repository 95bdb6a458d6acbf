"""The pages of the console say nothing of their own: every Japanese word comes from the file of words."""

from __future__ import annotations

import re

from bot.web.console.words import word
from tests.each import each
from tests.house.floor import ending, text

# Kana, kanji and their marks; signs between words, such as 「」・〜, are no words.
JAPANESE = re.compile(
    r"[\u3005-\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9d]+"
)
KEY = re.compile(r"""\bword\(["'](\w+\.\w+)["'][,)]""")
PAGES = [path for path in ending(".html") if path.as_posix().startswith("bot/web/pages/console/")]


def test_no_page_of_the_console_has_japanese_words_of_its_own() -> None:
    assert len(PAGES) > 50
    assert {path.name: found for path in PAGES if (found := JAPANESE.findall(text(path)))} == {}


@each(
    ("said", "found"),
    [("催しの一覧", 1), ("{{ member.name|theirs }}さん", 1), ("「{{ name }}」、・〜:？", 0), ("ｶﾅ", 1)],
)
def test_words_are_found_and_signs_are_left(said: str, found: int) -> None:
    assert len(JAPANESE.findall(said)) == found


def test_every_word_that_a_page_asks_for_by_its_whole_name_is_there() -> None:
    asked = {key for path in PAGES for key in KEY.findall(text(path))}
    assert len(asked) > 500
    assert sorted(key for key in asked if not _there(key)) == []


def _there(key: str) -> bool:
    try:
        return bool(word(key))
    except KeyError:
        return False
