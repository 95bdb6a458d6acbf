"""How much a question sounds like a person's matter comes from the words that such matters have and others do not."""

from __future__ import annotations

import numpy as np

from knowledge.binding import bind
from knowledge.terms import terms
from knowledge.tone import Tone, learnt

TEXTS = [
    ("HUMAN#0", "代表が怒鳴る", True),
    ("HUMAN#1", "仲間に怒鳴られた", True),
    ("HUMAN#2", "役員が怒鳴るので怖い", True),
    ("room", "会議室を借りたい", True),
    ("room", "会議室の予約", True),
    ("print", "チラシの印刷", True),
    ("print", "印刷機が怒鳴るような音を出す", False),
]


def tone(texts: list[tuple[str, str, bool]]) -> Tone:
    """The tone of a person's matter, learnt from these."""
    bound = bind(texts)
    return Tone(bound, learnt(bound, "HUMAN"))


TONE = tone(TEXTS)


def of(text: str, heard: Tone = TONE) -> float:
    """The tone of a text."""
    said = terms(text)
    held = {"w": said.words, "c": said.pairs, "s": said.sounds}
    return heard.of([way + one for way, some in held.items() for one in some])


def test_words_of_its_own_kind_are_above_nothing_and_those_of_others_below() -> None:
    assert of("怒鳴る") > 0.1
    assert of("会議室") < -0.1
    assert of("怒鳴る") > of("怒鳴る会議室") > of("会議室")


def test_what_is_written_in_the_body_of_an_article_has_no_tone() -> None:
    assert abs(of("怒鳴る") - of("怒鳴る", tone(TEXTS[:-1]))) < 1e-6
    assert TONE.of(["w音"]) == 0


def test_nothing_known_sounds_like_nothing() -> None:
    assert TONE.of(["wxyzzy"]) == 0
    assert TONE.of([]) == 0
    assert tone([]).of(["w会議"]) == 0


def test_a_word_said_twice_is_one_word() -> None:
    assert TONE.of(["w怒鳴る", "w怒鳴る"]) == TONE.of(["w怒鳴る"])


def test_where_all_or_none_are_of_a_kind_nothing_tells_them_apart() -> None:
    assert tone(TEXTS[:3]).of(["w怒鳴る"]) == 0
    assert tone(TEXTS[3:]).of(["w会議"]) == 0


def test_of_the_same_texts_the_same_is_learnt_whatever_their_number() -> None:
    many = bind([(f"{subject}{n}", text, asked) for n in range(40) for subject, text, asked in TEXTS])
    odds = learnt(many, "HUMAN")
    assert np.array_equal(odds, learnt(many, "HUMAN"))
    assert np.isfinite(odds).all()
    assert of("怒鳴る", Tone(many, odds)) > of("怒鳴る") > 0  # more of the same is surer, and never beside itself


def test_a_rare_kind_is_heard_as_well_as_a_frequent_one() -> None:
    others = [(f"room{n}", f"会議室の予約 {n}番", True) for n in range(300)]
    assert of("怒鳴られて怖い", tone([*TEXTS, *others])) > 0.5
