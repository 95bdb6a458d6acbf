"""A tired coordinator at the events: two clicks, two tabs, stale forms, wide digits, slips of a year."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection
from starlette.datastructures import FormData

from bot.web.console import event_form
from knowledge.event import Way
from storage import events, sign_ups, talk
from storage.events import DateState, Event, Span, State
from tests.each import each
from tests.web.console.office import Office
from tests.web.console.test_console_events import put

pytestmark = pytest.mark.anyio
TOKYO = ZoneInfo("Asia/Tokyo")
FORM = {"title": "会", "organiser": "町会", "dates": "2026-12-05 10:00-12:00", "what": "event", "way": "bot"}
NEW = "/console/events/new"


def newest(office: Office) -> Event:
    return office.store.read(events.latest)[0]


def joins(office: Office, of: Event, who: str = "u1", people: int = 2) -> int:
    """Somebody signs up for the first date; the number of the person."""

    def job(conn: Connection) -> int:
        contact, person = office.who(conn, "line", who)
        sign_ups.ask(conn, of.dates[0].id, (person.id, contact.id), people, office.clock())
        return person.id

    return int(office.write(job))


def told(office: Office, person: int) -> list[str]:
    lines = office.store.read(lambda conn: talk.of_person(conn, office.store.vault, person))
    return [line.body["text"] for line in lines if line.body]


async def test_two_clicks_make_one_event_and_keep_one_version(office: Office) -> None:
    async with office.browser(office.member("writer")) as one:
        at = [(await one.post(NEW, data=FORM)).headers["location"] for _ in range(2)]
        assert at[0] == at[1]
        more = FORM | {"title": "別の会", "after": "1"}
        assert [(await one.post(at[0], data=more)).status_code for _ in range(2)] == [303, 303]
        assert (newest(office).version, len(office.store.read(events.latest))) == (2, 1)
        stale = await one.post(at[0], data=FORM | {"after": "1"})  # another tab, from before
        assert stale.status_code == 409
        assert 'name="after" value="1"' in stale.text  # pressed again it is still refused
        assert newest(office).content.title == "別の会"


async def test_what_was_changed_after_it_was_read_is_not_published_unread(office: Office) -> None:
    async with office.browser(office.member("writer")) as one, office.browser(office.member("reader")) as other:
        at = (await one.post(NEW, data=FORM)).headers["location"].partition("?")[0]
        assert 'name="after" value="1"' in (await other.get(at)).text
        await one.post(at, data=FORM | {"title": "まったく別の会", "after": "1"})
        answer = await other.post(f"{at}/publish", data={"after": "1"})
        assert (answer.status_code, newest(office).state) == (409, State.DRAFT)
        assert "まったく別の会" in answer.text  # the page shows what there is, never an empty form
        assert [(await other.post(f"{at}/publish", data={"after": "2"})).status_code for _ in range(2)] == [303, 303]
        assert newest(office).state is State.PUBLISHED


async def test_a_draft_is_never_called_off_before_everybodys_eyes_nor_one_with_people_taken_down(
    office: Office,
) -> None:
    draft, of = put(office, publish=False, title="まだ秘密"), put(office, way=Way.BOT, title="会")
    person = joins(office, of)
    async with office.browser(office.member("reader")) as browser, office.browser() as anybody:
        assert (await browser.post(f"/console/events/{draft.id}/cancel", data={"sure": "yes"})).status_code == 409
        assert "まだ秘密" not in (await anybody.get("/events")).text
        assert (await browser.post(f"/console/events/{of.id}/away", data={})).status_code == 409
        assert "1件の申し込みに中止を知らせます" in (await browser.get(f"/console/events/{of.id}")).text
        assert (
            await browser.post(f"/console/events/{of.id}/cancel", data={})
        ).status_code == 409  # a slip tells nobody
        assert told(office, person) == []
        for _ in range(2):
            sure = await browser.post(f"/console/events/{of.id}/cancel", data={"sure": "yes"})
            assert sure.status_code == 303
        assert [text[:2] for text in told(office, person)] == ["会、"]
        for _ in range(2):
            assert (await browser.post(f"/console/events/{of.id}/away", data={})).status_code == 303


async def test_a_slip_of_a_year_and_an_event_that_is_over_are_not_published(office: Office) -> None:
    of = put(office, way=Way.BOT, title="会")
    person, writer = joins(office, of), office.member("writer")
    async with office.browser(writer) as one:
        at = f"/console/events/{of.id}"
        slip = await one.post(at, data=FORM | {"dates": "2025-12-05 10:00-12:00", "after": "1"})
        assert (slip.status_code, "過ぎた日時があります" in slip.text) == (422, True)
        made = (await one.post(NEW, data=FORM)).headers["location"].partition("?")[0]
    office.clock.on(days=20)
    async with office.browser(office.member("reader")) as other:
        old = await other.post(f"{made}/publish", data={"after": "1"})
        assert (old.status_code, "日時がすべて過ぎています" in old.text) == (409, True)
    assert told(office, person) == []


async def test_dates_that_are_over_keep_who_came_when_the_next_ones_are_written_in_their_place(office: Office) -> None:
    of = put(office, way=Way.BOT, title="会")
    person = joins(office, of)
    office.clock.on(days=4)
    ahead = office.clock().astimezone(TOKYO) + timedelta(days=7)
    line = f"{ahead:%Y-%m-%d} 10:00-12:00"
    async with office.browser(office.member("writer")) as one, office.browser(office.member("reader")) as other:
        await one.post(f"/console/events/{of.id}", data=FORM | {"dates": line, "after": "1"})
        assert (await other.post(f"/console/events/{of.id}/publish", data={"after": "2"})).status_code == 303
    after = newest(office)
    assert [date.state for date in after.dates] == [DateState.ON, DateState.ON]
    assert after.dates[0].span == of.dates[0].span
    who = office.store.read(lambda conn: [len(sign_ups.of_date(conn, date.id)) for date in after.dates])
    assert (who, told(office, person)) == ([1, 0], [])


def fields(**more: Any) -> FormData:
    return FormData([(name, str(value)) for name, value in (FORM | more).items()])


@each(
    ("more", "wrong"),
    [
        ({"capacity": "30人"}, "「定員(1回あたり)」は数字で"), ({"capacity": "三十"}, "「定員(1回あたり)」は数字で"),
        ({"closes_days": "まえ"}, "「締め切り」は数字で"), ({"dates": "0001-01-01 00:00-01:00"}, "日時の行"),
        ({"dates": "9999-12-31 10:00-12:00", "repeat": "7", "until": "9999-12-31"}, "日時の行"),
        ({"dates": "2026-02-29 10:00-12:00"}, "日時の行"), ({"dates": "2026-12-05 12:00-10:00"}, "日時の行"),
        ({"url": "javascript:alert(1)"}, "「元のページ」"), ({"url": "data:text/html,x"}, "「元のページ」"),
        ({"repeat": "7", "until": "2026-13-45"}, "いつまでか"), ({"title": "\u202e\u200b \x00"}, "「題名」"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_named(more: dict[str, str], wrong: str) -> None:
    assert wrong in event_form.read(fields(**more), TOKYO).wrong


def test_wide_digits_are_digits_and_an_event_of_several_days_stays_one() -> None:
    found = event_form.read(
        fields(
            capacity="３０",
            dates="２０２６-１２-０５ １０:００〜２０２６-１２-０７ １６:００",
            repeat="7",
            until="２０２６-１２-０５",
        ),
        TOKYO,
    )
    assert found.content is not None
    assert found.content.capacity == 30
    start = datetime(2026, 12, 5, 10, tzinfo=TOKYO)
    assert found.spans == (Span(start, start + timedelta(days=2, hours=6)),)


async def test_several_days_come_back_out_of_the_form_as_they_went_in(office: Office) -> None:
    async with office.browser(office.member("writer")) as one:
        lines = "2026-12-05 10:00-2026-12-07 16:00\n2027-12-31 10:00-2028-01-01 01:00"
        at = (await one.post(NEW, data=FORM | {"dates": lines})).headers["location"]
        assert lines in (await one.get(at)).text


async def test_who_writes_a_long_form_is_at_the_desk_and_is_not_locked_out_of_it(office: Office) -> None:
    async with office.browser(office.member("writer")) as one:
        for at in (NEW, "/console/grants/new", "/console/broadcasts?edit=0", "/console/segments?edit=0"):
            assert "/here." in (await one.get(at)).text, at
