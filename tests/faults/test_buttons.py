"""Old and forged buttons, and a person who writes much faster than anybody answers: on the whole application."""

from __future__ import annotations

import asyncio

import pytest

from storage import inbox, talk
from tests.faults.town import Town, said

pytestmark = pytest.mark.anyio

FORGED = {
    "another run": "a:99:standing:npo",
    "a question of nobody": "a:1:price:0",
    "a value of nobody": "a:1:standing:king",
    "a flow of nobody": "f:payroll",
    "sent without being asked": "o:1",
    "done without a question": "d:1:trouble",
    "a number that is none": "a:-1:standing:npo",
    "an article of nobody": "v:nowhere:1:y",
    "words instead of data": "' OR 1=1--",
    "much too long": "a:1:standing:" + "x" * 280,
}


async def rows_of_effects(place: Town) -> list[int]:
    """How many cases, links and figures there are: what a button could bring about besides words."""
    return [await place.count(table) for table in ("case_file", "private_link", "answer_shown", "unanswered")]


async def test_D09_a_button_of_a_form_that_is_over_says_so_and_does_nothing(either: Town) -> None:
    await either.agreed("hanako")
    for data in ("f:consultation", "a:1:standing:npo", "m:cancel"):
        assert await either.line(either.tap("hanako", data)) == 200
    assert await either.line(either.event("hanako", "はい")) == 200
    await either.hear()
    session = (await either.person("hanako")).session
    before, lines = await rows_of_effects(either), len(await either.lines("hanako"))
    either.clock.on(days=30)
    assert await either.line(either.tap("hanako", "a:1:standing:school"), either.tap("hanako", "o:1")) == 200
    await either.hear()
    answers = [one for one in (await either.lines("hanako"))[lines:] if one.way is talk.Way.OUT]
    assert answers
    assert any("終わって" in said(one) or "やめ" in said(one) for one in answers)
    now = (await either.person("hanako")).session
    assert session is not None
    assert now is not None
    assert (now.get("flow"), now.get("answers")) == (session.get("flow"), session.get("answers"))
    assert await rows_of_effects(either) == before


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED)
async def test_D10_a_forged_button_changes_nothing_and_the_talk_goes_on(place: Town, data: str) -> None:
    await place.agreed("hanako", "taro")
    for mine in ("f:consultation", "a:1:standing:npo"):
        assert await place.line(place.tap("taro", mine)) == 200
    await place.hear()
    taro, before = (await place.person("taro")).session, await rows_of_effects(place)
    assert await place.line(place.tap("hanako", data)) == 200
    await place.hear()
    assert await rows_of_effects(place) == before
    assert (await place.person("taro")).session == taro
    assert await asyncio.to_thread(place.store.read, inbox.dead) == []
    assert await place.line(place.event("hanako", "メニュー")) == 200
    await place.hear()
    assert said((await place.lines("hanako"))[-1])


async def test_D17_fifty_messages_in_five_seconds_are_all_kept_and_answered_in_one_stream(either: Town) -> None:
    await either.agreed("hanako")
    texts = [f"{number}つめ" for number in range(50)]
    posts = [either.event("hanako", text) for text in texts]
    hearing = asyncio.create_task(either.hear())
    assert await asyncio.gather(*(either.line(one) for one in posts)) == [200] * 50
    await hearing
    await either.hear()
    assert await either.own_words("hanako") == texts
    lines = await either.lines("hanako")
    answers = [one.outbox_id for one in lines if one.way is talk.Way.OUT]
    assert answers == sorted(answers, key=lambda number: number or 0)
    assert len(set(answers[-50:])) == 50
    assert await either.waiting() == 0
