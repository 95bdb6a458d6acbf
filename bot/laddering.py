"""The ladder of reminders before the last day of a call: planned, moved, ended; never of what nobody checked lately."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.grant_board import shown
from bot.notices import Made, Pen, To, awake, tell
from bot.reminding import Teller
from dialogs import grants as talk
from dialogs.grant import LADDER
from knowledge.grant import Content, stale
from knowledge.offsets import Offset
from storage import grant_people, grants, reminders
from storage.grant_people import State, Use
from storage.grants import Grant
from storage.grants import State as GrantState
from storage.outbox import REMINDER
from storage.reminders import Kind, Reminder, When, Whose
from storage.reminders import State as Sent

_AT = 10  # the hour of the centre's clock: by day, and with time left to act


def end_of(content: Content, zone: ZoneInfo) -> datetime:
    """When the last day is over."""
    return datetime.combine(content.closes + timedelta(days=1), time(), zone)


def climb(pen: Pen, of: Grant, one: Use) -> None:
    """Plan, or move, what this person will hear: a word is of no use any more when the next one is due."""
    end = end_of(of.content, pen.mind.zone)
    dues = [Offset(days=-left, hour=_AT).due(end - timedelta(days=1)) for left in LADDER]
    steps = zip(LADDER, dues, [*dues[1:], end], strict=True)
    moments = {str(Offset(days=-left, hour=_AT)): When(due, until) for left, due, until in steps}
    reminders.plan(pen.conn, Whose(Kind.GRANT, of.id, one.person_id, one.contact_id), moments, pen.now)


def stand(pen: Pen, of: Grant, one: Use) -> None:
    """From now on somebody stands so to a call, and hears of it or no more."""
    grant_people.use(pen.conn, one, pen.now)
    if one.state is State.USING:
        climb(pen, of, one)
    else:
        reminders.cancel(pen.conn, Kind.GRANT, of.id, one.person_id)


def changed(pen: Pen, before: Grant, after: Grant) -> int:
    """Whoever makes use of a call hears that its last day moved, or that it is off; how many were told."""
    using = [one for one in grant_people.users(pen.conn, after.id) if one.state is State.USING]
    off = after.state is GrantState.AWAY
    if off:
        reminders.cancel(pen.conn, Kind.GRANT, after.id)
    elif before.state is GrantState.PUBLISHED:
        for one in using:
            climb(pen, after, one)
    moved = before.content.closes != after.content.closes
    over = pen.now >= end_of(before.content, pen.mind.zone) and pen.now >= end_of(after.content, pen.mind.zone)
    if over or not (off or moved):
        return 0
    for one in using:
        tell(pen, To(one.person_id, one.contact_id), _news(pen, after, off), REMINDER, awake(pen, one.person_id))
    return len(using)


def _news(pen: Pen, of: Grant, off: bool) -> Made:
    if off:
        return lambda words: [talk.off(of.content.name, words)]
    said = shown(of, pen.mind.local(pen.now).date(), pen.mind.public_url)
    return lambda words: [talk.moved(said, words)]


def _soon(pen: Pen, one: Reminder) -> Made | None:
    """So many days are left. Of what nobody compared with its source for long nothing is said: a person decides."""
    of = grants.find(pen.conn, one.whose.item)
    using = grant_people.mine(pen.conn, one.whose.person_id).get(one.whose.item) is State.USING
    if of is None or of.state is not GrantState.PUBLISHED or not using:
        return None
    today = pen.mind.local(pen.now).date()
    if stale(of.checked, today):
        reminders.take(pen.conn, one, Sent.LATE, pen.now)
        return None
    said, left = shown(of, today, pen.mind.public_url), (of.content.closes - today).days
    return lambda words: [talk.reminder(said, left, words)]


TELLERS: Mapping[Kind, Teller] = {Kind.GRANT: _soon}
