"""One person has one open case: what is filed into it, what never is, and what the coordinators read there."""

from __future__ import annotations

from datetime import datetime

import pytest

from dialogs.heard import Tapped
from storage import Store, cases
from storage.cases import Case
from tests.bot.centre import Centre

TO_THE_STORY = ("文字だけ", "いいえ", "だれにも伝えない")
STORY = "会長とけんかをしています"


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def the_case(centre: Centre) -> Case:
    """The only open case there is."""
    (head,) = centre.cases()
    case = centre.store.read(lambda conn: cases.get(conn, centre.store.vault, head.id))
    assert case is not None
    return case


def until_the_story(centre: Centre, who: str = "U1", trouble: str = "会計・税") -> None:
    """A form on our own page, filled in up to the story."""
    for heard in (Tapped("f:consultation"), "個人", trouble, "1週間以内", *TO_THE_STORY):
        centre.say(who, heard, "web")


def test_what_was_written_on_our_page_is_not_filed_before_its_own_consent(centre: Centre) -> None:
    centre.begin("U1", "web")
    until_the_story(centre)
    centre.say("U1", STORY, "web")
    centre.say("U1", "人と話したい", "web")
    keys = [key for key, _, _ in the_case(centre).rows]
    assert keys[1:] == ["standing", "trouble", "urgency", "way", "more", "share"]
    stopped = centre.say("U1", "同意しない", "web")
    assert "書かれたことも残しません" in stopped[0].text
    assert STORY not in str(the_case(centre).rows)
