"""How much a question sounds like a person's matter comes from the words that such matters have and others do not."""

from __future__ import annotations

from knowledge.binding import bind
from knowledge.terms import terms
from knowledge.tone import Tone

TEXTS = [
    ("HUMAN#0", "代表が怒鳴る", True),
    ("HUMAN#1", "仲間に怒鳴られた", True),
    ("HUMAN#2", "役員が怒鳴るので怖い", True),
    ("room", "会議室を借りたい", True),
    ("room", "会議室の予約", True),
    ("print", "チラシの印刷", True),
    ("print", "印刷機が怒鳴るような音を出す", False),
]
TONE = Tone(bind(TEXTS), "HUMAN")


def of(text: str) -> float:
    """The tone of the words of a text."""
    return TONE.of([f"w{word}" for word in terms(text).words])


def test_words_of_its_own_kind_are_above_nothing_and_those_of_others_below() -> None:
    assert of("怒鳴る") > 0.5
    assert of("会議室") < -0.5
    assert of("怒鳴る") > of("怒鳴る会議室") > of("会議室")


def test_what_is_written_in_the_body_of_an_article_has_no_tone() -> None:
    without = Tone(bind(TEXTS[:-1]), "HUMAN")
    assert without.of(["w怒鳴る"]) > 0.5
    assert abs(TONE.of(["w怒鳴る"]) - without.of(["w怒鳴る"])) < 0.5


def test_nothing_known_sounds_like_nothing() -> None:
    assert TONE.of(["wxyzzy"]) == 0
    assert TONE.of([]) == 0
    assert Tone(bind([]), "HUMAN").of(["w会議"]) == 0


def test_more_of_the_same_is_louder_by_the_root_of_its_number() -> None:
    one, other = TONE.of(["w怒鳴る"]), TONE.of(["w怒鳴る", "w怒鳴る"])
    assert abs(other - one * 2**0.5) < 1e-9
