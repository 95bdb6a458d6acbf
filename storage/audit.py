"""Who of the centre saw or did what, and when: rows that are only ever added, each bound to the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, bindparam, insert, select, text, update

from storage import feed
from storage.columns import AnyRow
from storage.crypt import Vault
from storage.engine import Store
from storage.tables import audit, audit_head

_c = audit.c
_ADD = insert(audit)
_HEAD = select(audit_head.c.last, audit_head.c.mark).where(audit_head.c.id == 1)
_MOVE = update(audit_head).where(audit_head.c.id == 1).values(last=bindparam("to"), mark=bindparam("with"))
_LAY = insert(audit_head)
_LAST = select(_c.id).order_by(_c.id.desc()).limit(1)
_READ = select(_c.id, _c.at, _c.staff_id, _c.what, _c.cases, _c.about, _c.mark).order_by(_c.id)
_CHAIN = _READ.where(_c.id > bindparam("after")).limit(bindparam("at_most"))
_OF_CASE = _READ.where(_c.cases.like(bindparam("case")))
_BETWEEN = _READ.where(_c.at >= bindparam("start"), _c.at <= bindparam("end"), _c.cases != "")
_LATELY = select(_c.what, _c.cases).where(_c.staff_id == bindparam("of"), _c.at > bindparam("since"))
_LATEST = (
    select(_c.id, _c.at, _c.staff_id, _c.what, _c.cases, _c.about, _c.mark)
    .where(_c.id < bindparam("before"))
    .order_by(_c.id.desc())
    .limit(bindparam("at_most"))
)
_ALERTS = _READ.where(text("what = 'many'"), _c.at > bindparam("since"))
LATELY = timedelta(minutes=10)  # what somebody saw again within it is not written again
MANY = 200  # cases that one member opens within it: more than a day's work (list of faults, P-16)


class What(StrEnum):
    """What was seen or done."""

    LISTED = "listed"  # saw the covers and first lines of cases in a list
    OPENED = "opened"  # saw a whole case
    SAVED = "saved"  # was handed a file of a case
    MANY = "many"  # not a deed: so many cases were opened that somebody must ask why
    CLAIM = "claim"
    RELEASE = "release"
    CLOSE = "close"
    REOPEN = "reopen"
    REPLY = "reply"
    NOTE = "note"
    WAIT = "wait"
    CALL = "call"  # wrote down what was said by telephone or at the counter
    GIVE = "give"  # gave it to a colleague
    COVER = "cover"  # took the case of a holder who is away
    ABILITY = "ability"  # changed what a member can do and when
    AWAY = "away"  # changed when a member is away
    TIMED = "timed"  # wrote a reply that leaves later
    TAG = "tag"
    SORT = "sort"  # set right what a case is about and how soon it is wanted
    SEARCHED = "searched"  # found these cases by words
    UNTIMED = "untimed"  # took one back
    TICK = "tick"  # ticked or unticked an item of a checklist
    MERGE = "merge"  # let a case go into another
    UNMERGE = "unmerge"
    RELATE = "relate"  # tied two cases, or untied them
    SPLIT = "split"  # made a case out of messages of another
    SHARE = "share"  # made a way in for a partner outside the centre
    UNSHARE = "unshare"
    PARTNER = "partner"  # a partner read what was opened to them
    APPOINT = "appoint"  # set, moved or called off an appointment
    CANNED = "canned"  # changed the ready words
    SETTING = "setting"  # changed what the centre has set
    ARTICLE = "article"  # wrote a version of an answer; the version tells which and why
    PUBLISHED = "published"  # settled what residents read
    SEGMENT = "segment"  # kept or put away whom announcements are meant for
    ANNOUNCE = "announce"  # wrote a broadcast, or took it back
    ANNOUNCE_TEST = "announce_test"
    ANNOUNCE_ASK = "announce_ask"
    ANNOUNCE_YES = "announce_yes"  # agreed to a colleague's
    ANNOUNCE_STOP = "announce_stop"
    CAME = "came"
    WENT = "went"
    PASSWORD = "password"  # noqa: S105 - that it was set, not what it is
    ADDED = "added"
    LINKED = "linked"
    REMOVED = "removed"
    CODED = "coded"  # got a code that links their Telegram
    JOINED = "joined"  # linked their Telegram by it
    QUESTIONS = "questions"  # read what residents asked and nobody could answer
    ASKED = "asked"  # looked into this very record
    REFUSED = "refused"  # tried a case that is not there for them
    ROLE = "role"
    BACK = "back"  # let in again
    SECOND = "second"  # set up a second factor
    NO_SECOND = "no_second"  # it was taken away
    PASSKEY = "passkey"  # set one up
    NO_PASSKEY = "no_passkey"  # took one away
    RECOVERED = "recovered"  # came in by a recovery code
    ENDED = "ended"  # ended a session
    UNLOCKED = "unlocked"
    APART = "apart"  # must not know of these cases from now on
    REJOINED = "rejoined"
    EVENT = "event"  # made or changed an event; which one stands in its versions
    EVENT_OUT = "event_out"  # published, cancelled or took one off
    EVENT_PEOPLE = "event_people"  # saw who signed up, or stood at the door
    IMPORTED = "imported"
    GRANT = "grant"  # wrote or changed a call for grants; which one stands in its versions
    GRANT_OUT = "grant_out"  # checked one against its source, or took it off
    REMINDED = "reminded"  # decided about late reminders
    BROUGHT = "brought"  # asked a specialist into a case
    PARTED = "parted"  # took that back
    PRINTED = "printed"  # saw a case laid out for paper
    EXPORT = "export"  # asked for a file of cases
    EXPORT_YES = "export_yes"  # agreed to a colleague's file
    EXPORT_NO = "export_no"
    EXPORTED = "exported"  # these cases are in a member's file
    FETCHED = "fetched"  # was handed the file
    DELETE = "delete"  # ordered that content goes
    KEEP = "keep"  # took that back in time
    DELETED = "deleted"  # it went
    HOLD = "hold"  # nothing of this case may be deleted
    UNHOLD = "unhold"
    RETENTION = "retention"  # changed how long something is kept
    CLOSING = "closing"  # closed a case, a moment of second thoughts before it is so


@dataclass(frozen=True)
class Entry:
    """One thing to write down: keys and numbers, never words. `staff_id` None is the command line; `about` a member."""

    staff_id: int | None
    what: What
    cases: tuple[int, ...] = ()
    about: int | None = None


@dataclass(frozen=True)
class Kept:
    """One row of the record."""

    id: int
    at: datetime
    staff_id: int | None
    what: str
    cases: tuple[int, ...]
    about: int | None


@dataclass(frozen=True)
class Link:
    """How far the chain is known to hold: the last row's number, and the mark that the next one is bound to."""

    last: int = 0
    mark: bytes = b""


class Broken(Exception):
    """The record was changed from outside; the message names the first row that does not fit, and nothing of it."""


def add(conn: Connection, vault: Vault, entries: Sequence[Entry], now: datetime) -> None:
    """Write down, in the caller's transaction."""
    if not entries:
        return
    feed.in_order(conn)  # one after another, also over several servers: each row is bound to the one before
    link = _held(conn)
    rows = []
    for entry in entries:
        row = Kept(link.last + 1, now, entry.staff_id, entry.what.value, entry.cases, entry.about)
        mark = _mark(vault, link, row)
        rows.append(
            {"id": row.id, "at": now, "staff_id": row.staff_id, "what": row.what, "about": row.about, "mark": mark}
            | {"cases": _spelt(row.cases)}
        )
        link = _next(vault, row.id, mark)
    conn.execute(_ADD, rows)
    conn.execute(_MOVE, {"to": link.last, "with": link.mark})


def unwritten(conn: Connection, staff_id: int, opened: int | None, listed: Iterable[int], now: datetime) -> list[Entry]:
    """What must be written down before a member is shown the case `opened` and a list of the cases `listed`."""
    seen: dict[str, set[int]] = {what.value: set() for what in What}
    warned = False
    for what, cases in conn.execute(_LATELY, {"of": staff_id, "since": now - LATELY}):
        seen.setdefault(what, set()).update(_read(cases))
        warned = warned or what == What.MANY
    known = seen[What.OPENED]
    new: list[Entry] = []
    if opened is not None and opened not in known:
        known = known | {opened}
        new.append(Entry(staff_id, What.OPENED, (opened,)))
        if len(known) >= MANY and not warned:
            new.append(Entry(staff_id, What.MANY))
    rest = tuple(one for one in listed if one not in known and one not in seen[What.LISTED])
    return [*new, Entry(staff_id, What.LISTED, rest)] if rest else new


def of_case(conn: Connection, case_id: int) -> list[Kept]:
    """Everything that anybody saw of a case or did to it, oldest first. Reads the whole record: not for a page."""
    return [_kept(row) for row in conn.execute(_OF_CASE, {"case": f"%,{case_id},%"})]


def between(conn: Connection, start: datetime, end: datetime) -> list[Kept]:
    """What was seen or done to cases, with those who may have been looking on since before. Reads the whole record."""
    return [_kept(row) for row in conn.execute(_BETWEEN, {"start": start - LATELY, "end": end})]


def latest(conn: Connection, before: int = 2**62, at_most: int = 100) -> list[Kept]:
    """The newest rows below a number, newest first."""
    return [_kept(row) for row in conn.execute(_LATEST, {"before": before, "at_most": at_most})]


def alerts(conn: Connection, since: datetime) -> list[Kept]:
    """Each time somebody opened very many cases at once."""
    return [_kept(row) for row in conn.execute(_ALERTS, {"since": since})]


def head(conn: Connection) -> Link:
    """Where the record says it ends."""
    found = conn.execute(_HEAD).first()
    return Link() if found is None else Link(*found)


def follow(conn: Connection, vault: Vault, link: Link, end: Link, at_most: int = 5000) -> Link:
    """The chain followed from `link` for some rows, at most to `end`. Raises Broken."""
    wanted = min(at_most, end.last - link.last)
    for row in conn.execute(_CHAIN, {"after": link.last, "at_most": wanted}).all():
        if row.id != link.last + 1 or row.mark != _mark(vault, link, _kept(row)):
            raise Broken(f"row {link.last + 1}")
        link, wanted = _next(vault, row.id, row.mark), wanted - 1
    if wanted or (link.last == end.last and link != end):
        raise Broken(f"row {link.last + 1}")
    return link


def check(store: Store) -> Link:
    """The end of the record, when every row up to it is as it was written. Raises Broken."""
    end, link = store.read(head), Link()
    while link != end:
        here = link
        link = store.read(lambda conn: follow(conn, store.vault, here, end))  # noqa: B023 - called at once
    if store.read(lambda conn: conn.execute(_CHAIN, {"after": 0, "at_most": 1}).first()) and not end.last:
        raise Broken("row 1")
    return end


def _held(conn: Connection) -> Link:
    """Where to go on; a head that was taken away is laid anew after the last row, where the break then shows."""
    found = conn.execute(_HEAD).first()
    if found is not None:
        return Link(*found)
    fresh = Link(conn.execute(_LAST).scalar() or 0)
    conn.execute(_LAY, {"id": 1, "last": fresh.last, "mark": fresh.mark})
    return fresh


def _kept(row: AnyRow) -> Kept:
    return Kept(row.id, row.at, row.staff_id, row.what, tuple(_read(row.cases)), row.about)


def _mark(vault: Vault, before: Link, row: Kept) -> bytes:
    told = (before.mark.hex(), row.id, row.at.astimezone(UTC).isoformat(), row.staff_id, row.what)
    return vault.index("audit", "|".join(map(str, (*told, _spelt(row.cases), row.about))))


def _next(vault: Vault, last: int, mark: bytes) -> Link:
    # Not the row's own mark: whoever cuts the last rows off cannot make the head that would fit.
    return Link(last, vault.index("audit_head", f"{last}|{mark.hex()}"))


def _spelt(cases: Sequence[int]) -> str:
    return f",{','.join(map(str, cases))}," if cases else ""


def _read(cases: str) -> Iterator[int]:
    return (int(one) for one in cases.split(",") if one)
