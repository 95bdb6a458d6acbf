"""Links of a broadcast whose openings are counted: through our own door, which the message says, in every language."""

from __future__ import annotations

import re

import pytest

from bot.links import Links
from storage import openings
from tests.broadcast.square import Square

pytestmark = pytest.mark.anyio
PAGE, MORE = "https://www.city.taito.lg.jp/clean", "https://www.city.taito.lg.jp/more?day=29"
TEXTS = {
    "ja": f"清掃活動があります。くわしくは {PAGE} か {MORE} を見てください。もう一度 {PAGE} です。",
    "en": f"A cleaning day. All about it: {MORE} and {PAGE}",
}
SAID = {"ja": "だれが開いたかは数えません。", "en": "never by whom", "ko": "누가 열었는지는"}


async def test_links_stay_as_they_are_where_nobody_counts(town: Square) -> None:
    [phone] = town.crowd("line", 1)
    town.approved(town.draft(TEXTS["ja"]))
    await town.run()
    [said] = town.shows(phone)
    assert TEXTS["ja"] in said
    assert SAID["ja"] not in said


async def test_where_the_centre_counts_each_link_is_ours_and_the_message_says_so(town: Square) -> None:
    town.links = Links(town.store.vault, "https://nakodo.example")
    town.herald = town.another()
    phones = {language: town.crowd("line", 1, language, first=at)[0] for at, language in enumerate(SAID)}
    one = town.approved(town.draft(TEXTS["ja"], texts=TEXTS))
    await town.run()
    found = {language: town.shows(phone)[0] for language, phone in phones.items()}
    for language, words in SAID.items():
        assert words in found[language]
        assert "city.taito" not in found[language]
    places = {language: _places(town, text) for language, text in found.items()}
    # English comes first in order, and Koreans read what was not translated.
    assert places == {
        "ja": [(one.id, 1), (one.id, 0), (one.id, 1)],
        "en": [(one.id, 0), (one.id, 1)],
        "ko": places["ja"],
    }


def _places(town: Square, text: str) -> list[tuple[int, int] | None]:
    codes = re.findall(r"https://nakodo\.example/to/(\S+)", text)
    return [openings.told(town.store.vault, code) for code in codes]


async def test_words_without_links_say_nothing_of_them(town: Square) -> None:
    town.links = Links(town.store.vault, "https://nakodo.example")
    town.herald = town.another()
    [phone] = town.crowd("line", 1)
    town.approved()
    await town.run()
    assert SAID["ja"] not in town.shows(phone)[0]
