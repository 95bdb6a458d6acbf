"""An event that was called off and takes place after all, and what it says in easy Japanese."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.happenings import TELLERS, changed
from bot.notices import Pen
from bot.reminding import Reminding
from dialogs.heard import Tapped
from storage import Store, events
from storage.events import Change, Event, State
from tests.bot.centre import Centre
from tests.bot.desk import write
from tests.bot.fair import at, content, find, publish, sign_up, text_of

pytestmark = pytest.mark.anyio
PLAIN, EASY = "落葉を清掃します。", "おちばを ひろいます。"


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def call_off(centre: Centre, of: Event) -> None:
    """As the console does it."""

    def job(conn: Connection) -> int:
        before = find(centre, of)
        assert events.move(conn, before, State.CANCELLED, None, centre.now)
        after = events.find(conn, of.id)
        assert after is not None
        return changed(Pen(conn, centre.store.vault, centre.mind, centre.now), before, after)

    write(centre, job)


def restore(centre: Centre, of: Event) -> None:
    """Written anew, read by somebody else, and published again."""
    spans = [date.span for date in of.dates]
    off = find(centre, of)
    said = of.content.model_copy(update={"about": "やはり行います。"})
    new = Change(said, spans, off.editor or 1, of.id, off.version)
    assert write(centre, lambda conn: events.change(conn, new, centre.now))

    def job(conn: Connection) -> int:
        before = events.find(conn, of.id)
        assert before is not None
        assert events.publish(conn, before, None, centre.now)
        after = events.find(conn, of.id)
        assert after is not None
        return changed(Pen(conn, centre.store.vault, centre.mind, centre.now), before, after)

    write(centre, job)


async def test_exactly_those_who_were_told_that_it_is_off_hear_once_that_it_is_not(centre: Centre) -> None:
    for who in ("U1", "U2", "U3", "U4"):
        centre.begin(who)
    centre.say("U2", Tapped("l:en"))
    of = publish(centre, content(capacity=9), at(centre, 9))
    sign_up(centre, "U1", of)
    centre.say("U2", Tapped(f"h:join:{of.dates[0].id}"))
    centre.say("U2", Tapped("a:1:people:1"))
    centre.say("U2", Tapped("s:1"))
    sign_up(centre, "U3", of)
    [mine] = centre.say("U3", "申し込みを見る")
    centre.say("U3", Tapped(mine.buttons[0].tap))  # gave it up before
    centre.carried()
    call_off(centre, of)
    assert sorted("中止" in text for text in text_of(centre.carried())) == [False, True]
    restore(centre, of)
    ja, en = sorted(centre.carried(), key=lambda one: one.address)
    assert "行うことになりました。" in text_of([ja])[0]
    assert "takes place after all" in text_of([en])[0]
    joins = [button[1] for message in ja.messages for button in message["buttons"]]
    assert joins[0] == f"h:join:{of.dates[0].id}"
    assert sign_up(centre, "U1", of)[0].text.startswith("申し込みました。")
    centre.carried()
    call_off(centre, of)
    restore(centre, find(centre, of))
    again = text_of(centre.carried())
    assert [text for text in again if "takes place" in text] == []  # they had not signed up anew
    assert len([text for text in again if "行うことになりました。" in text]) == 1


async def test_who_signs_up_again_is_reminded_again_and_who_does_not_is_not(centre: Centre) -> None:
    for who in ("U1", "U2"):
        centre.begin(who)
    of = publish(centre, content(capacity=9), at(centre, 9))
    for who in ("U1", "U2"):
        sign_up(centre, who, of)
    call_off(centre, of)
    restore(centre, of)
    sign_up(centre, "U1", of)
    centre.carried()
    start = of.dates[0].span.starts_at
    said = []
    for before in (16, 2):
        centre.now = start - timedelta(hours=before)
        await Reminding(centre.store, centre.mind, TELLERS, lambda: centre.now).look()
        said.append([parcel.address for parcel in centre.carried()])
    assert said == [["U1"], ["U1"]]


@pytest.mark.parametrize(("easy", "shown"), [(EASY, EASY), ("", PLAIN)])
async def test_easy_japanese_is_read_by_whoever_asked_for_it_and_japanese_where_there_is_none(
    centre: Centre, easy: str, shown: str
) -> None:
    of = publish(centre, content(about=PLAIN, easy=easy), at(centre, 9))
    for who, language, wanted in (("U1", "ja-easy", shown), ("U2", "ja", PLAIN)):
        centre.begin(who)
        if language != "ja":
            centre.say(who, Tapped(f"l:{language}"))
        said = centre.say(who, Tapped(f"h:show:{of.dates[0].id}"))[0].text
        assert wanted in said
        assert len({EASY, PLAIN} & set(said.split("\n"))) == 1
