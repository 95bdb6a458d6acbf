"""Events that a group offers in a talk: a draft in the console, seen by nobody before it was read, and word of it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Connection

from bot.notices import Pen
from bot.offering import decided
from dialogs.heard import Tapped
from dialogs.saying import Message
from knowledge.plain import bare
from storage import Store, event_offers, events, people
from storage.events import Event, State
from tests import ours
from tests.bot.centre import Centre
from tests.bot.desk import write
from tests.bot.fair import text_of


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    made = Centre(store, now)
    made.begin("U1")
    return made


def tap_of(messages: list[Message], label: str) -> Tapped:
    return Tapped(next(one.tap for message in messages for one in message.buttons if one.label.endswith(label)))


def offer(centre: Centre, name: str = "落ち葉そうじ") -> list[Message]:
    """The whole form, as somebody fills it in."""
    centre.say("U1", Tapped("f:event_offer"))
    for words in (name, "中央町会", "12月5日 午前10時", "12時", "浅草公会堂"):
        said = centre.say("U1", words)
    said = centre.say("U1", tap_of(said, "有料"))
    said = centre.say("U1", "500円")
    said = centre.say("U1", tap_of(said, "親子"))
    said = centre.say("U1", next(Tapped(one.tap) for one in said[-1].buttons if one.tap.startswith("d:")))
    said = centre.say("U1", "みんなで掃きます。<b>")
    said = centre.say("U1", tap_of(said, "同意する"))
    return centre.say("U1", next(Tapped(one.tap) for one in said[-1].buttons if one.tap.startswith("s:")))


def settle(centre: Centre, to: State) -> None:
    """A coordinator decides."""

    def job(conn: Connection) -> None:
        [before] = events.latest(conn)
        if to is State.PUBLISHED:
            assert events.publish(conn, before, None, centre.now)
        else:
            assert events.move(conn, before, to, None, centre.now)
        after = events.find(conn, before.id)
        assert after is not None
        for _ in range(2):  # told once
            decided(Pen(conn, centre.store.vault, centre.mind, centre.now), before, after)

    write(centre, job)


def only(centre: Centre) -> Event:
    [found] = centre.store.read(events.latest)
    return found


def test_what_a_group_offers_is_a_draft_that_nobody_sees_before_it_was_read(centre: Centre) -> None:
    assert "受け取りました" in offer(centre)[-1].text
    made = only(centre)
    content = made.content
    assert (made.state, made.editor, content.title, content.organiser) == (
        State.DRAFT,
        None,
        "落ち葉そうじ",
        "中央町会",
    )
    assert (content.cost, content.free, content.targets, content.about) == (
        "500円",
        False,
        ("parents",),
        "みんなで掃きます。<b>",
    )
    start, end = (centre.mind.local(one) for one in (made.dates[0].span.starts_at, made.dates[0].span.ends_at))
    assert (start.month, start.day, start.hour, end.hour) == (12, 5, 10, 12)
    assert "落ち葉" not in "".join(one.text for one in centre.say("U1", "近くの催し"))
    assert "届けた催し:1件" in centre.say("U1", Tapped("m:mine"))[-1].text


@pytest.mark.parametrize(("to", "word"), [(State.PUBLISHED, "公開しました"), (State.AWAY, "公開しませんでした")])
def test_who_offered_it_hears_once_what_became_of_it(centre: Centre, to: State, word: str) -> None:
    offer(centre)
    centre.carried()
    settle(centre, to)
    [text] = text_of(centre.carried())
    assert word in text


def test_at_most_five_wait_and_who_is_forgotten_takes_what_was_not_published_along(centre: Centre) -> None:
    for n in range(5):
        offer(centre, f"会{n}")
    assert "5件" in offer(centre, "六つめ")[-1].text
    assert len(centre.store.read(events.latest)) == 5
    person = centre.person_of("U1")
    write(centre, lambda conn: people.forget(conn, person, centre.now))
    assert centre.store.read(events.latest) == []
    assert centre.store.read(event_offers.undecided) == frozenset()


@pytest.mark.parametrize("language", ["ja", "ja-easy", "en", "zh", "ko"])
def test_the_words_that_the_answer_names_begin_the_offer_in_each_language(centre: Centre, language: str) -> None:
    words, said = centre.mind.house.library[language], ours.BY_ID["events-posting"].words[language]
    typed = words.say("events.bring")
    assert typed in bare(said.short)
    assert typed in bare(said.next)
    centre.say("U1", Tapped(f"l:{language}"))
    assert bare(words.say("event_offer.called.ask")) in bare(centre.say("U1", typed)[-1].text)
