"""A message that was taken back goes from what was made of it: the running form, and a case that is filed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from dialogs.heard import Tapped, Typed, Withdrew
from storage import Store, cases, people
from storage.cases import Case
from tests.bot.centre import Centre

STORY = "会長とけんかをしています"
NOTED = "(取り消されました)"
WITH_A_GROUP = (Tapped("f:consultation"), "NPO法人", "会計・税", "急がない", "文字だけ", "はい", "情報がほしい")


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def type_in(centre: Centre, *words: str) -> None:
    """Typed on our own page; each is known to the platform by its own words."""
    for text in words:
        centre.receive(centre.event("U1", Typed(text), "web", said=f"m-{text}"))
        centre.hear()


def take_back(centre: Centre, text: str) -> None:
    centre.say("U1", Withdrew(f"m-{text}"), "web")


def answers(centre: Centre) -> dict[str, Any]:
    person = centre.person_of("U1", "web")
    session = centre.store.read(lambda conn: people.load(conn, centre.store.vault, [person]))[person].session
    assert session is not None
    found: dict[str, Any] = session["answers"]
    return found


def the_case(centre: Centre) -> Case:
    (head,) = centre.cases()
    case = centre.store.read(lambda conn: cases.get(conn, centre.store.vault, head.id))
    assert case is not None
    return case


@pytest.mark.parametrize(
    ("words", "key"), [("来年の3月1日", "deadline"), ("十二人です", "members"), ("2011年", "founded")]
)
def test_an_answer_that_was_read_out_of_the_words_is_asked_again(centre: Centre, words: str, key: str) -> None:
    centre.begin("U1", "web")
    for heard in WITH_A_GROUP:
        centre.say("U1", heard, "web")
    type_in(centre, "来年の3月1日", "みどりの会", "新小岩", "十二人です", "2011年")
    before = answers(centre)
    assert key in before
    take_back(centre, words)
    assert answers(centre).keys() == before.keys() - {key}


@pytest.mark.parametrize("closed", [False, True], ids=["open", "closed"])
def test_an_answer_of_a_filed_case_is_emptied_and_shown_as_taken_back(centre: Centre, closed: bool) -> None:
    centre.begin("U1", "web")
    for heard in (Tapped("f:consultation"), "個人", "会計・税", "急がない", "文字だけ", "いいえ", "だれにも伝えない"):
        centre.say("U1", heard, "web")
    type_in(centre, STORY, "同意する", "送る")
    before = the_case(centre)
    assert STORY in str(before.rows)
    if closed:
        by = cases.By(cases.Who.SYSTEM)
        centre.store.writer.submit(lambda conn: cases.close(conn, before.head.id, by, centre.now)).result()
    take_back(centre, STORY)
    after = centre.store.read(lambda conn: cases.get(conn, centre.store.vault, before.head.id))
    assert after is not None
    assert STORY not in str((after.rows, after.record))
    assert [value for key, _, value in after.rows if key == "story"] == [NOTED]
    assert after.record == {key: raw for key, raw in before.record.items() if key != "story"}
    assert after.head.version > before.head.version
