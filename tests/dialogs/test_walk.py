"""Whatever people type, tap, show or leave undone, in any order: something is said, and a person is within reach."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.around import House
from dialogs.deeds import PersonWanted
from dialogs.heard import Came, Tapped, Typed
from tests.dialogs.everything import Everything, house_with
from tests.dialogs.walk import KINDS, Act, Walker, random_act

HOUSE: House = house_with(Everything)
STEPS, SHORT = 20_000, 6_000
ACTS = st.builds(Act, st.sampled_from(KINDS), st.integers(0, 9_999), st.integers(0, 9_999))


@given(st.lists(ACTS, max_size=60))
@settings(max_examples=400, deadline=None)
def test_any_acts_in_any_order_leave_a_living_session(acts: list[Act]) -> None:
    walker = Walker(HOUSE)
    for act in acts:
        walker.step(act)
    _lives(walker)


@given(
    st.lists(
        st.text(max_size=80) | st.text("はい1２もどるやめ人と話したい{}%\u202e\u200b\u0000", max_size=12), max_size=20
    )
)
@settings(max_examples=200, deadline=None)
def test_any_words_leave_a_living_session(texts: list[str]) -> None:
    walker = Walker(HOUSE)
    walker.hear(Came())
    walker.hear(Tapped("m:consent"))
    walker.hear(Tapped("f:everything"))
    for text in texts:
        walker.hear(Typed(text))
    _lives(walker)


# Fifty walks are the million steps; a short one is part of every run.
@pytest.mark.parametrize("seed", [20, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1001, 1051))])
def test_D20_a_long_walk_has_no_dead_end(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 (a walk, not a secret)
    walker = Walker(HOUSE)
    steps = SHORT if seed == 20 else STEPS
    for _ in range(steps):
        walker.step(random_act(chance))
    _lives(walker)
    assert walker.filed >= steps // 1_000, "the walk no longer reaches the end of any form"


def _lives(walker: Walker) -> None:
    """From wherever it ended, a person can be asked for, and gets one."""
    walker.own = True
    walker.hear(Typed("メニュー"))
    walker.hear(Tapped("m:consent"))
    made = walker.hear(Tapped("m:person"))
    assert any(isinstance(deed, PersonWanted) for deed in made.deeds)
