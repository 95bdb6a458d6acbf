"""What a deed at the desk is made of: the case, its person, who does it, and whether its key was used before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from bot.gathered import OWN
from bot.presses import Press
from dialogs.saying import Message
from storage import cases, people, talk
from storage.audit import What
from storage.cases import CaseHead
from storage.crypt import Vault
from storage.people import Contact, Person
from storage.staff import Member, Role

LONGEST = 4000  # characters of one reply: fits every channel whole


@dataclass(frozen=True)
class Done:
    """It happened, or had happened already under the same key."""


@dataclass(frozen=True)
class Refused:
    """It did not happen. `by` names whoever or whatever explains it, `instead` the case to go on with."""

    why: Literal[
        "taken", "not_holder", "closed", "gone", "empty", "too_long", "other_words", "other_open", "withdrawn",
        "moment", "many", "nobody_there", "away", "hole", "quicker", "newer", "apart",
        "no_case", "same_case", "other_person", "no_lines", "no_consent", "blank", "tagged",
    ]  # fmt: skip
    by: str = ""
    instead: int | None = None


# Who does what only the clock does.
NOBODY = Member(0, "", "", Role.SYSTEM, active=False, password_hash=None)


@dataclass(frozen=True)
class Act:
    """Somebody's deed in its transaction, at a case that is held for it."""

    conn: Connection
    vault: Vault
    head: CaseHead
    person_id: int
    staff: Member
    now: datetime
    answers: int | None = None  # the line that is answered
    reminds: bool = False  # its words draw on what is kept back for reminders

    @property
    def urgent(self) -> bool:
        """Whether its words go before all others; how it went with a case that is over is no emergency."""
        return self.head.why == "urgent" and not (self.head.closed_at and self.staff is NOBODY)


@dataclass(frozen=True)
class Manner:
    """How a reply is given: to which line of the talk, and what is written with it, the first time only."""

    answers: int | None = None
    beside: Callable[[Connection], None] | None = None


Step = Callable[[Act], Done | Refused]


@dataclass(frozen=True)
class Deed:
    """What is done at a case: its name for the audit, and the step that does it."""

    what: What
    step: Step


def held(conn: Connection, case_id: int) -> CaseHead | None:
    """The case, while no worker hears its person and nobody forgets them: that would be decided on what was before."""
    head = cases.head_of(conn, case_id)
    while head is not None and head.person_id is not None and people.hold(conn, head.person_id):
        held, head = head.person_id, cases.head_of(conn, case_id)
        if head is None or head.person_id == held:
            return head
        # Their channels were joined or parted while we waited: the case is somebody else's now.
    return None


def unfit(text: str) -> Refused | None:
    """Why words cannot go, if they cannot."""
    if not text.strip():
        return Refused("empty")
    return Refused("too_long") if len(text) > LONGEST else None


def not_mine(act: Act) -> Refused:
    """Why somebody who does not hold the case may not."""
    return Refused("closed") if act.head.closed_at else Refused("not_holder", act.head.holder_name or "")


def press_of(act: Act, key: str, deed: str, text: str) -> Press:
    """The key of a deed, with what was meant by it."""
    return Press(f"{act.staff.id}:{key}", (deed, act.head.id, text.strip()), whom(act)[0].key)


def settled(act: Act, pressed: Press) -> Done | Refused | None:
    """What a key that was used before is answered, whatever has become of the case since; None for a new one."""
    before = pressed.before(act.conn, act.vault)
    return None if before is None else Done() if before else Refused("other_words")


def whom(act: Act) -> tuple[Person, Contact | None]:
    """The person of the case, and the contact they last wrote from about it, else the one it came from, else any.

    Our own pages get closed: whoever wrote there is answered in a chat of theirs where they have one, and reads it on
    either. Who blocked us there is answered on another channel that they joined to it.
    """
    person = people.load(act.conn, act.vault, [act.person_id])[act.person_id]
    ways = {one.id: one for one in person.contacts}
    chats = [one.id for one in person.contacts if one.channel not in OWN and one.reachable]
    last = talk.last_way(act.conn, act.head.id, chats) if person.joined else None
    own = ways.get(last or 0) or ways.get(act.head.contact_id or 0)
    if person.joined and chats and own and not own.reachable:
        own = ways[chats[0]]
    return person, own or next(iter(person.contacts), None)


def line_of(
    act: Act, to: tuple[Person, Contact], message: Message, author: talk.Author, number: int | None
) -> talk.Line:
    """What is kept in the talk; `number` is that of its parcel."""
    person, contact = to
    return talk.Line(
        person_id=person.id,
        key=person.key,
        at=act.now,
        way=talk.Way.OUT,
        author=author,
        body=replace(message, quote=None).to_json(),
        case_id=act.head.id,
        contact_id=contact.id,
        staff_id=act.staff.id if author is talk.Author.STAFF else None,
        channel=contact.channel,
        outbox_id=number,
        answers=act.answers,
    )


def once(step: Step, deed: str, key: str) -> Step:
    """A step without words that is done once for its key, however often it is asked for; always, without a key."""

    def first(act: Act) -> Done | Refused:
        press = press_of(act, key, deed, "")
        if (before := settled(act, press)) is not None:
            return before
        done = step(act)
        if isinstance(done, Done):
            press.first(act.conn, act.vault, act.now)
        return done

    return first if key else step


def unasked(conn: Connection, vault: Vault, head: CaseHead, now: datetime, *, reminds: bool = False) -> Act | None:
    """The bot says something about a case of its own accord; None where nobody can be reached."""
    if head.person_id is None:
        return None
    act = Act(conn, vault, head, head.person_id, NOBODY, now, reminds=reminds)
    contact = whom(act)[1]
    return act if contact is not None and contact.reachable else None
