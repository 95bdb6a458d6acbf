"""A quick run leaves out one database of each test above storage, never both, and of storage nothing."""

from __future__ import annotations

import pytest

from tests.engines import ENGINES, ON_BOTH, elsewhere
from tests.house.floor import ROOT

NAMES = [f"tests/bot/test_{n}.py::test_it" for n in range(400)]


def test_each_test_runs_on_one_database_and_both_databases_get_their_part() -> None:
    kept = {engine: [n for n in NAMES if not elsewhere(f"{n}[{engine}-a]", engine)] for engine in ENGINES}
    assert sorted(kept["sqlite"] + kept["postgresql"]) == sorted(NAMES)
    assert len(NAMES) // 5 < len(kept["postgresql"]) < len(NAMES) // 3


def test_storage_and_what_races_and_deaths_do_to_it_are_left_whole_and_so_is_what_needs_no_database() -> None:
    for place in ("storage/test_x", "broadcast/test_x", "faults/test_kills", "faults/test_two_servers"):
        assert not any(elsewhere(f"tests/{place}.py::test_it[{one}]", one) for one in ENGINES)
    assert not any(elsewhere(name, "") for name in NAMES)


@pytest.mark.parametrize("place", ON_BOTH)
def test_each_place_that_is_tried_on_both_is_there(place: str) -> None:
    assert list(ROOT.glob(place.rstrip("/") + "*"))
