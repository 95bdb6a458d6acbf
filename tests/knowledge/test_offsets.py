"""Nobody is written to in the hours they keep quiet, to the hour, and a word that waits comes the moment they end."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.offsets import by_day, rests_until

NIGHT, NOON, TO_MIDNIGHT = (22, 7), (12, 14), (20, 24)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of this November on the centre's clock."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "quiet", "until"),
    [
        (at(22, 21, 59), NIGHT, None),
        (at(22, 22), NIGHT, at(23, 7)),
        (at(22, 23, 30), NIGHT, at(23, 7)),
        (at(23, 0, 10), NIGHT, at(23, 7)),
        (at(23, 6, 59), NIGHT, at(23, 7)),
        (at(23, 7), NIGHT, None),
        (at(22, 11, 59), NOON, None),
        (at(22, 12), NOON, at(22, 14)),
        (at(22, 13, 59), NOON, at(22, 14)),
        (at(22, 14), NOON, None),
        (at(22, 21), TO_MIDNIGHT, at(23, 0)),
        (at(22, 9), (9, 9), None),
    ],
)
def test_quiet_hours_begin_and_end_with_the_hour(moment: datetime, quiet: tuple[int, int], until: datetime) -> None:
    assert rests_until(moment, quiet) == until


def test_what_waits_for_the_end_of_quiet_hours_still_comes_by_day() -> None:
    assert by_day(at(22, 19), (18, 24)) == at(23, 8)
    assert by_day(at(22, 22), (7, 10)) == at(23, 10)
    assert by_day(at(22, 10, 30)) == at(22, 10, 30)
