"""What is known of a question after looking it up is what the ranking says of it, clue by clue."""

from __future__ import annotations

import math

import pytest

from knowledge.library import Library
from knowledge.topics import FOR_A_PERSON, IN_PASSING, NOT_OURS
from knowledge.weighing import ratio
from tests.knowledge.thin import few_strangers
from tests.ours import BY_ID

FEW = [BY_ID[one] for one in ("printing", "printing-price", "lockers", "group-rules", "group-officers")]
PLAIN, TROUBLED = "印刷機の料金はいくらですか", "会長に怒鳴られて会則どころではない"


@pytest.fixture(scope="module")
def library() -> Library:
    """Five articles of three topics, and every topic without one."""
    with few_strangers():
        return Library(FEW)


@pytest.mark.parametrize("question", [PLAIN, TROUBLED, "明日の天気と印刷"])
def test_each_clue_says_what_it_is_named_for(library: Library, question: str) -> None:
    ranking = library.index.rank(question, 40, library._ours)
    topics = [library.topic(one.subject) for one in ranking.best]
    seen = library.look(question)
    clues = seen.clues
    assert clues is not None
    both = list(zip(ranking.best, topics, strict=True))
    ours = [(one, topic) for one, topic in both if topic not in (FOR_A_PERSON, NOT_OURS, IN_PASSING)]
    best, first = ours[0]
    assert [one.subject for one in seen.ours] == [one.subject for one, _ in ours]
    assert clues.score == best.score
    assert clues.size == pytest.approx(math.log1p(len(ranking.terms)) / 4)
    assert clues.crowd == [topic for _, topic in ours][:5].count(first) / 5
    rival = next((one for one, topic in ours if topic != first), None)
    assert clues.rival == pytest.approx(ratio(rival, best) if rival else 0.0)
    for name, share, topic in (("person", "persons", FOR_A_PERSON), ("elsewhere", "strangers", NOT_OURS)):
        nearest = next((one for one, found in both if found == topic), None)
        assert getattr(clues, name) == pytest.approx(ratio(nearest, best))
        assert getattr(clues, share) == topics[:10].count(topic) / 10
    assert clues.latin == 0.0


def test_a_question_and_a_trouble_differ_in_what_they_sound_like(library: Library) -> None:
    plain, troubled = (library.look(one).clues for one in (PLAIN, TROUBLED))
    assert plain is not None
    assert troubled is not None
    assert troubled.persons > plain.persons
    assert troubled.personal > plain.personal
    assert 0 < plain.crowd <= 1


def test_what_nobody_has_a_word_for_has_no_clues(library: Library) -> None:
    assert library.look("zzqx").clues is None
    assert library.look("").ours == ()
