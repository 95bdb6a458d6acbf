"""What residents are asked about their group is what rules of calls compare with, though neither knows the other."""

from __future__ import annotations

from enum import StrEnum

import pytest

from dialogs.flows import grants
from knowledge import grant


@pytest.mark.parametrize(
    ("asked", "compared"),
    [(grants.Form, grant.Form), (grants.Area, grant.Area), (grants.Kind, grant.Kind)],
    ids=["form", "area", "kind"],
)
def test_each_answer_is_a_rule(asked: type[StrEnum], compared: type[StrEnum]) -> None:
    assert [one.value for one in asked] == [one.value for one in compared]
