"""An event is seen by everybody from its first public day to its last, both among them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from knowledge.event import Content

FIRST, LAST = date(2026, 11, 20), date(2026, 11, 22)


@pytest.mark.parametrize(
    ("first", "last", "seen"),
    [
        (None, None, [True] * 5),
        (FIRST, None, [False, True, True, True, True]),
        (None, LAST, [True, True, True, True, False]),
        (FIRST, LAST, [False, True, True, True, False]),
        (LAST, LAST, [False, False, False, True, False]),
    ],
)
def test_an_event_is_public_from_its_first_day_to_its_last(
    first: date | None, last: date | None, seen: list[bool]
) -> None:
    event = Content(title="祭り", organiser="町会", public_from=first, public_until=last)
    assert [event.public_on(FIRST + timedelta(days=at)) for at in range(-1, 4)] == seen


def test_the_last_public_day_is_not_before_the_first() -> None:
    with pytest.raises(ValueError, match="public_until is before public_from"):
        Content(title="祭り", organiser="町会", public_from=LAST, public_until=FIRST)
