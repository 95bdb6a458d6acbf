"""How much a judged question counts, what each subject is weighed by, and that the weights learnt are the best ones."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from knowledge import learning
from knowledge.index import Entry, Index, Ranked
from knowledge.learning import Learned
from knowledge.measuring import Query
from knowledge.plain import bare
from tests.ours import ARTICLES

FEW = ARTICLES[:34]
ENOUGH = 30  # in place of FEWEST, for the sake of speed
ASKED = [Entry(one.id, bare(one.words["ja"].question)) for one in FEW]
TOLD = [Entry(one.id, bare(one.words["ja"].short), asked=False) for one in FEW]
ENTRIES = [*ASKED, *TOLD]
SIX = [one for one in ENTRIES if one.subject <= FEW[5].id]
JUDGED = list(
    islice(
        (
            Query(f"{one.id}#{at}", bare(one.words["ja"].asks[at]), {one.id: 3.0, other.id: 1.0})
            for at in range(5)
            for one, other in zip(FEW, (*FEW[1:], FEW[0]), strict=True)
        ),
        ENOUGH + 6,
    )
)
NEW = "鍵をどこかにやった"
FIRST, SECOND, THIRD = FEW[0].id, FEW[1].id, FEW[2].id


@pytest.fixture(scope="module")
def weighed() -> Learned:
    """What is learnt from as many questions as it takes."""
    with pytest.MonkeyPatch.context() as set_:
        set_.setattr(learning, "FEWEST", ENOUGH)
        assert Learned(SIX, JUDGED[: ENOUGH - 1])._weights is None
        return Learned(ENTRIES, JUDGED)


def best(*judged: dict[str, float], question: str = NEW, asked: str = NEW) -> list[str]:
    """What comes first once these grades were given to a question that nothing speaks of."""
    past = [Query(str(at), asked, grades) for at, grades in enumerate(judged)]
    return Learned(SIX, past).rank(question, 3)


def test_without_judged_questions_the_order_is_that_of_the_index_and_no_longer_than_wanted() -> None:
    plain, learned = Index(ENTRIES), Learned(ENTRIES, [])
    for query in JUDGED[:8]:
        for most in (1, 4, 34):
            assert learned.rank(query.text, most) == plain.subjects(query.text, most)
    assert learned.rank("", 5) == []


def test_of_what_was_right_the_most_right_comes_first_and_what_was_wrong_not_at_all() -> None:
    assert best({FIRST: 3.0, SECOND: 1.0})[:2] == [FIRST, SECOND]
    assert best({SECOND: 3.0, FIRST: 1.0})[:2] == [SECOND, FIRST]
    assert FIRST not in best({FIRST: 0.0, SECOND: 0.5})
    assert best({FIRST: 0.0}) == best()
    assert best({}) == best()


def test_the_nearest_of_several_judged_questions_counts_and_not_the_last() -> None:
    assert best({FIRST: 3.0, SECOND: 3.0}, {SECOND: 1.0, FIRST: 3.0})[:2] == [FIRST, SECOND]
    far = [Query("1", NEW, {SECOND: 1.0}), Query("2", f"{NEW}。印刷の紙の代金と机の数", {FIRST: 1.0})]
    for judged in (far, far[::-1]):
        assert Learned(SIX, judged).rank(NEW, 1) == [SECOND]


def test_how_alike_a_past_question_is_counts_in_the_fourth_power_and_by_its_grade() -> None:
    learned = Learned(SIX, [Query("1", NEW, {FIRST: 4.0, SECOND: 1.0, THIRD: 0.0})])
    assert learned._alike(NEW) == pytest.approx({FIRST: 1.0, SECOND: 0.25}, abs=1e-3)
    [near] = learned._aliases.rank("鍵をなくした", 1).best
    assert 0 < near.nearest < 1
    assert learned._alike("鍵をなくした") == pytest.approx({FIRST: near.nearest**4, SECOND: near.nearest**4 / 4})
    assert learned._alike("xyzzy") == {}


def test_a_subject_is_weighed_by_its_questions_and_its_answers_each_against_the_best(weighed: Learned) -> None:
    question = JUDGED[0].text
    ranked = weighed.index.rank(question, 30).best
    subjects = [one.subject for one in ranked[:7]] + ["nobody"]
    table = weighed._clues(question, subjects, ranked, {subjects[1]: 0.5})
    raw = table[:, 15:30]
    asked = {one.subject: one for one in Index(ASKED).rank(question, 100).best}
    told = {one.subject: one for one in Index(Entry(one.subject, one.text) for one in TOLD).rank(question, 100).best}
    none = Ranked("", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for at, (subject, one) in enumerate(zip(subjects, [*ranked[:7], none], strict=True)):
        by_asked, by_told = asked.get(subject, none), told.get(subject, none)
        likeness = 0.5 if at == 1 else 0.0
        assert raw[at].tolist() == pytest.approx(
            [
                *(one.score, one.nearest, one.words, one.pairs, one.sounds),
                *(by_asked.cover, by_asked.nearest, by_asked.words, by_asked.pairs),
                *(by_told.cover, by_told.nearest, by_told.words, by_told.pairs),
                *(likeness, one.score + 0.8 * likeness),
            ]
        )
    assert table[:, :15] == pytest.approx(raw / np.maximum(raw.max(axis=0), 1e-9))
    assert table[:, 30:].tolist() == (raw >= np.maximum(raw.max(axis=0), 1e-9) * 0.999).astype(float).tolist()


def test_the_first_thirty_stand_in_the_order_of_what_was_learnt_and_the_rest_as_before(weighed: Learned) -> None:
    aliases = Learned(ENTRIES, JUDGED, weighing=False)
    changed = 0
    for query in JUDGED[:6]:
        question = f"{query.text}について教えて"
        before, after = aliases.rank(question, 34), weighed.rank(question, 34)
        clues = weighed._clues(question, before[:30], weighed.index.rank(question, 34).best, weighed._alike(question))
        order = np.argsort(-(clues @ weighed._weights), kind="stable")  # type: ignore[operator]
        assert after[:30] == [before[at] for at in order]
        assert after[30:] == before[30:]
        assert weighed.rank(question, 3) == after[:3]
        changed += before != after
    assert changed


def test_a_question_teaches_what_its_right_answers_have_that_ten_wrong_ones_lack(weighed: Learned) -> None:
    query = JUDGED[3]
    ranked = weighed.index.rank(query.text, 30).best
    subjects = [one.subject for one in ranked]
    clues = weighed._clues(query.text, subjects, ranked, weighed._alike(query.text))
    right = dict.fromkeys(subjects[2:4], 2.0)
    rows = weighed._differences(Query("1", query.text, right | {subjects[0]: 1.0}))
    wrong = [at for at in range(len(subjects)) if at not in (2, 3)][:10]
    assert [one.tolist() for one in rows] == [((clues[at] - clues[wrong]) / 20**0.5).tolist() for at in (2, 3)]
    assert sum(len(one) for one in weighed._differences(Query("1", query.text, {}))) == 0
    assert weighed._differences(Query("1", "", right)) == []


def test_the_weights_are_the_best_for_questions_that_do_not_know_their_own_alias(weighed: Learned) -> None:
    rows = []
    for fold in range(3):
        others = Learned(ENTRIES, [query for at, query in enumerate(JUDGED) if at % 3 != fold], weighing=False)
        rows += [row for query in JUDGED[fold::3] for row in others._differences(query)]
    table, begun, weights = np.vstack(rows), np.zeros(45), weighed._weights
    begun[14] = 10.0
    assert weights is not None
    pull = table.T @ (
        1 / (1 + np.exp(table @ weights))
    )  # at the best point, what pulls is what holds near the beginning
    assert pull == pytest.approx(30.0 * (weights - begun), abs=1e-6)
    assert Learned(SIX, [])._weigh([Query("1", "", {})]) == pytest.approx(begun)
