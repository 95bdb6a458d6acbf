"""Events on a machine of any zone: the same dates are read, said, reminded of and given away, summer time or not."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta

import pytest
from starlette.datastructures import FormData

from bot import event_out
from bot.event_in import read
from bot.happenings import TELLERS
from bot.reminding import Reminding
from bot.web.console import event_form
from storage import Store
from tests.bot.centre import Centre
from tests.bot.fair import at, content, find, publish, sign_up, text_of
from tests.zones import ZONES

pytestmark = pytest.mark.anyio
# Every Saturday at ten, over the days on which summer time begins and ends elsewhere.
_LINES = (
    "BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", "SUMMARY:会", "DTSTART:20261024T100000", "DTEND:20261024T120000",
    "RRULE:FREQ=WEEKLY;UNTIL=20270410T010000Z", "END:VEVENT", "END:VCALENDAR",
)  # fmt: skip
CALENDAR = "".join(f"{line}\r\n" for line in _LINES)
TABLE = "NO,イベント名,開始日,開始時間,終了時間\n1,会,2027-03-14,02:30,03:30\n"
FORM = {"title": "会", "organiser": "町会", "what": "event", "way": "none", "dates": "2026-10-24 10:00-12:00"}


def files(centre: Centre) -> list[datetime]:
    """When the events of a calendar, a table and a form begin."""
    zone = centre.mind.zone
    spans = [read(data.encode(), zone, centre.now).found[0].spans for data in (CALENDAR, TABLE)]
    form = event_form.read(FormData(FORM | {"repeat": "7", "until": "2027-04-10"}), zone)
    return [one.starts_at for some in (*spans, form.spans) for one in some]


async def test_S14_the_machines_own_zone_moves_no_event(store: Store, now: datetime, zones: pytest.MonkeyPatch) -> None:
    centre = Centre(store, now)
    of = publish(centre, content(), at(centre, 9))
    pairs, told = [(find(centre, of), of.dates[0])], {}
    for zone in ZONES:
        zones.setenv("TZ", zone)
        time.tzset()
        centre.begin(zone)
        words = [message.text for message in (*centre.say(zone, "イベント"), *sign_up(centre, zone, of))]
        given = (event_out.calendar(pairs, ""), event_out.atom(pairs, ""), event_out.data_csv(pairs, ""))
        told[zone] = (re.sub(r"[0-9A-Z]{4,}", "code", "".join(words)), given, files(centre))
    assert all(one == told["UTC"] for one in told.values())
    begins = {moment.astimezone(centre.mind.zone).strftime("%H:%M") for moment in told["UTC"][2]}
    assert begins == {"10:00", "02:30"}  # an hour that does not exist where summer time begins on that day
    centre.carried()
    for earlier, heard in ((timedelta(hours=16, minutes=1), 0), (timedelta(hours=16), len(ZONES))):
        centre.now = of.dates[0].span.starts_at - earlier
        await Reminding(store, centre.mind, TELLERS, lambda: centre.now).look()
        assert len(text_of(centre.carried())) == heard
