"""A run whose few failures may be looked over once more alone, and those that may not."""

from __future__ import annotations

import pytest

from tests.again import AT_MOST, failed

RUN = '<testsuites><testsuite name="pytest" errors="{}" failures="{}" tests="4000"/></testsuites>'


@pytest.mark.parametrize(
    ("report", "many"),
    [
        (RUN.format(0, 1), 1),
        (RUN.format(1, 2), AT_MOST),
        (RUN.format(2, 2), None),
        (RUN.format(0, 0), None),
        ("", None),
        (RUN[:40], None),
        ("<testsuites/>", None),
    ],
)
def test_only_few_failures_of_a_run_that_ended_are_tried_again(report: str, many: int | None) -> None:
    assert failed(report) == many
