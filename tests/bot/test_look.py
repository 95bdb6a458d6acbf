"""What the centre knows reaches the engine whole: in full, in kind, in time, and within what a phone can be sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

import pytest

from bot.channels.letters import units
from bot.channels.line_draw import MOST_OBJECTS, draw
from bot.look import Shelf
from dialogs.around import Finding, Found
from dialogs.heard import Tapped, Typed
from dialogs.saying import Button, Message
from dialogs.tap import ArticleTap, DetailsTap, read
from dialogs.words import bracketed
from knowledge.answer import Composed, compose
from knowledge.article import BRIEF, LANGUAGES
from storage import Store
from tests.bot.centre import Centre
from tests.ours import BY_ID, GLOSSARY, shelf

TODAY = date(2026, 11, 24)
LAST = max(article.review_by for article in BY_ID.values())


def found(raw: str, language: str = "ja", today: date = TODAY, look: Shelf | None = None) -> Found | None:
    """What a tap stands for."""
    return (look or shelf())(Tapped(raw), language, today)


@pytest.mark.parametrize("tap", [ArticleTap("printing"), DetailsTap("printing", 2)], ids=["article", "details"])
def test_a_tapped_article_is_found_with_all_it_says(tap: ArticleTap | DetailsTap) -> None:
    seen = found(str(tap), "en")
    assert seen is not None
    card = seen.cards[0]
    assert (card.id, card.version) == ("printing", BY_ID["printing"].version)
    assert card.text == compose(BY_ID["printing"], "en").text
    assert card.details == compose(BY_ID["printing"], "en").details
    assert [other for other, _ in card.related] == list(BY_ID["printing"].related)
    assert all(BY_ID[other].words["en"].question == question for other, question in card.related)


def test_N09_a_neighbour_that_is_past_its_day_is_not_offered_and_an_article_not_shown() -> None:
    one, other, *_ = BY_ID["printing"].related
    old = replace(BY_ID[one], review_by=date(2026, 11, 23))
    look = Shelf([BY_ID["printing"], old, BY_ID[other]], TODAY)
    seen = found("q:printing", look=look)
    assert seen is not None
    assert [name for name, _ in seen.cards[0].related] == [other]
    assert found(f"i:{one}:1", look=look) is None
    assert found("i:printing:2", today=LAST.replace(year=LAST.year + 1)) is None


@pytest.mark.parametrize(
    "raw", ["i:nothing:1", "q:nothing", "q:term-nothing", "m:menu", "", "i:printing", "q:printing:fr"]
)
def test_a_tap_that_names_nothing_finds_nothing(raw: str) -> None:
    assert found(raw) is None


@pytest.mark.parametrize(
    ("question", "language"),
    [("NPO 법인 조건은?", "ko"), ("成为NPO法人需要什么条件?", "zh")],
)
def test_a_question_in_chinese_or_korean_is_answered_in_it(question: str, language: str) -> None:
    seen = shelf()(Typed(question), "ja", TODAY)
    assert seen is not None
    assert {card.language for card in seen.cards} == {language}
    assert all(card.title == BY_ID[card.id].words[language].question for card in seen.cards)
    again = found(str(ArticleTap(seen.cards[0].id, language)), "en")
    assert again is not None
    assert again.cards[0] == replace(seen.cards[0])


def test_the_meaning_of_a_word_is_told_with_the_articles_to_read() -> None:
    seen = shelf()(Typed("定款とは"), "ja", TODAY)
    assert seen is not None
    assert (seen.kind, seen.reason, seen.cards[0].id) == (Finding.ANSWER, "term", "term-teikan")
    assert seen.cards[0].text.startswith("定款:")
    assert [name for name, _ in seen.cards[0].related] == list(GLOSSARY.terms["term-teikan"].articles)
    assert not seen.cards[0].details


def test_a_word_whose_articles_are_all_past_their_day_is_not_explained() -> None:
    seen = shelf()(Typed("定款とは"), "ja", LAST.replace(year=LAST.year + 1))
    assert seen is not None
    assert not [card for card in seen.cards if card.id.startswith("term-")]


def test_a_word_inside_a_trouble_is_never_explained() -> None:
    for words in ("会計の人がお金をごまかしているかもしれません 定款とは", "もう死にたいです。定款とは"):
        seen = shelf()(Typed(words), "ja", TODAY)
        assert seen is not None
        assert seen.kind in (Finding.PERSON, Finding.URGENT), words


def words(drawn: object) -> Iterator[str]:
    """Every text of LINE's objects, in the order of the page."""
    if isinstance(drawn, list):
        for one in drawn:
            yield from words(one)
    elif isinstance(drawn, dict):
        yield from (value for key, value in drawn.items() if key == "text" and isinstance(value, str))
        yield from words([value for value in drawn.values() if isinstance(value, list | dict)])


def squeezed(text: str) -> str:
    """A text without its gaps: a long one is parted at some of them."""
    return "".join(text.split())


@pytest.mark.parametrize("language", [*LANGUAGES, *BRIEF])
def test_every_answer_and_its_details_reach_a_phone_whole(language: str) -> None:
    """LINE takes five objects of 5,000 units in one go; nothing of the longest article is left out."""
    texts = [text for article in BY_ID.values() for text in _both(compose(article, language))]
    longest = sorted(texts, key=units)[-10:]
    assert units(longest[-1]) < 5000
    for text in longest:
        drawn = draw([Message(text, tuple(Button(str(n), f"q:{n}") for n in range(6)))])
        assert len(drawn) <= MOST_OBJECTS
        assert squeezed(text) in squeezed("".join(words(drawn)))


def _both(composed: Composed) -> tuple[str, str]:
    return bracketed(composed.text), bracketed(composed.details)


@pytest.mark.parametrize(
    "tap",
    [
        ArticleTap("printing"),
        ArticleTap("printing", "ko"),
        DetailsTap("printing", 2),
        DetailsTap("chokai-incorporate-conditions", 999999999, "zh"),
    ],
    ids=str,
)
def test_a_tap_is_read_back_and_fits_a_button(tap: ArticleTap | DetailsTap) -> None:
    assert read(str(tap)) == tap
    assert len(str(tap).encode("ascii")) <= 64


def test_the_button_of_every_article_and_term_fits() -> None:
    for name in (*BY_ID, *GLOSSARY.terms):
        assert read(f"q:{name}:zh") == ArticleTap(name, "zh")
        assert read(f"i:{name}:999:zh") == DetailsTap(name, 999, "zh")


def test_a_short_question_goes_on_with_the_answer_that_was_shown(store: Store, now: datetime) -> None:
    centre = Centre(store, now)
    centre.begin("U1")
    first = centre.say("U1", "NPO法人の設立の手続き")
    tapped = next((b.tap for message in first for b in message.buttons if b.tap == "q:npo-setup-steps"), None)
    if tapped:
        centre.say("U1", Tapped(tapped))
    more = " ".join(message.text for message in centre.say("U1", "費用は?"))
    assert BY_ID["npo-setup-time-and-cost"].words["ja"].short in more


def test_without_an_answer_before_it_a_short_question_is_not_guessed(store: Store, now: datetime) -> None:
    centre = Centre(store, now)
    centre.begin("U1")
    more = " ".join(message.text for message in centre.say("U1", "費用は?"))
    assert BY_ID["npo-setup-time-and-cost"].words["ja"].short not in more
