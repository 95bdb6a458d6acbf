"""A hostile resident at the events: forged and old buttons, other people's places, crowds, and words as weapons."""

from __future__ import annotations

from datetime import datetime

import pytest

from dialogs.heard import Tapped
from storage import Store
from tests.bot.centre import Centre
from tests.bot.fair import at, content, publish, sign_up

pytestmark = pytest.mark.anyio
MANY = "9" * 18


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def test_forged_buttons_with_numbers_that_no_row_has_are_answered(centre: Centre) -> None:
    centre.begin("U1")
    of = publish(centre, content(), at(centre, 9))
    sign_up(centre, "U1", of)
    for number in (MANY, MANY + "99"):
        for tap in ("h:leave", "h:take", "h:rate", "h:join", "h:more", "w:why", "g:use"):
            assert centre.say("U1", Tapped(f"{tap}:{number}"))
