"""A quick run leaves out one database of each test above storage, never both, and of storage nothing."""

from __future__ import annotations

from tests.engines import ENGINES, elsewhere

NAMES = [f"tests/bot/test_{n}.py::test_it" for n in range(400)]


def test_each_test_runs_on_one_database_and_both_databases_get_their_part() -> None:
    kept = {engine: [n for n in NAMES if not elsewhere(f"{n}[{engine}-a]", engine)] for engine in ENGINES}
    assert sorted(kept["sqlite"] + kept["postgresql"]) == sorted(NAMES)
    assert len(NAMES) // 5 < len(kept["postgresql"]) < len(NAMES) // 3


def test_storage_faults_and_what_needs_no_database_are_left_whole() -> None:
    for folder in ("storage", "faults", "broadcast"):
        assert not any(elsewhere(f"tests/{folder}/test_x.py::test_it[{one}]", one) for one in ENGINES)
    assert not any(elsewhere(name, "") for name in NAMES)
