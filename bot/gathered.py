"""What is gathered while a person is heard, for the one transaction that writes it: things said, words that go out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import Any

from bot.billboard import Shelves
from dialogs.around import Code, Meeting, Promise
from dialogs.deeds import Deed
from dialogs.question import Item
from dialogs.saying import Message
from dialogs.tap import AppointmentTap, OutcomeTap
from dialogs.wishes import Receiving
from knowledge.search import Learnt
from storage.casefile import CaseHead
from storage.inbox import Waiting
from storage.people import Contact, Person
from storage.talk import Author, Way

OWN = frozenset({"web", "terminal"})  # our own pages: private questions may be asked there
TOKEN_LIFE = timedelta(seconds=50)  # LINE: "within one minute"; we stop trusting it a little earlier


@dataclass(frozen=True)
class Kept:
    """One thing said, to be written to the talk. `parcel` is its place in the visit's parcels.

    `source` is the platform's id of a picture or file that is to be fetched for the case.
    """

    at: datetime
    way: Way
    author: Author
    body: dict[str, Any]
    of: Waiting
    in_case: bool
    parcel: int | None = None
    source: str = ""


@dataclass(frozen=True)
class Out:
    """Words for one contact, with LINE's right to answer for free where there is one."""

    messages: tuple[Message, ...]
    to: Contact
    reply_token: str = ""
    reply_until: datetime | None = None
    urgent: bool = False  # words on danger: they go before all else, and from the last push of the month if need be

    @classmethod
    def answering(cls, messages: tuple[Message, ...], waiting: Waiting, now: datetime) -> Out:
        """Words for whoever wrote; an event's token is trusted while it is fresh."""
        to = Contact(waiting.contact_id, waiting.person_id, waiting.channel, waiting.address)
        until = waiting.arrived_at + TOKEN_LIFE
        return (
            cls(messages, to, waiting.reply_token, until) if waiting.reply_token and now < until else cls(messages, to)
        )


@dataclass(frozen=True)
class Moment:
    """What is the same for all who are heard together."""

    now: datetime
    shelves: Mapping[str, Sequence[Item]]
    promise: Promise
    zone: tzinfo
    learnt: Learnt | None = None  # reads what people confirmed, as of now
    worth: Callable[[str, int], Code] | None = None  # of a code (bare signs) to a person; counts the try
    enlist: Callable[[Waiting, str | None], Message | None] | None = None  # a coordinator's own chat (bot/enlisting.py)
    came: Callable[[str], bool] | None = None  # somebody new, by the card of a place with this code
    stands: Callable[[int, str, str], bool] | None = None  # whether a person was asked about a case, at a stage
    meets: Callable[[int, int], Meeting | None] | None = None  # a person's appointment by its number, while it stands
    receives: Callable[[int], Receiving] | None = None  # what a person wants to receive
    meant: Callable[[int], Mapping[str, frozenset[str]]] | None = None  # which codes a version of a segment names
    grants: Callable[[Person], Sequence[Item]] | None = None  # the open calls for grants, as a person stands to them

    def shelves_for(self, person: Person) -> Mapping[str, Sequence[Item]]:
        """The shelves as this person sees them."""
        own = {} if self.grants is None else {"grants": partial(self.grants, person)}
        return Shelves(self.shelves, own)

    def stale(self, person_id: int, said: OutcomeTap | AppointmentTap | None) -> bool:
        """Whether a person answers what they were never asked about a case of theirs, or what is over."""
        return isinstance(said, OutcomeTap) and not (self.stands and self.stands(person_id, said.ref, said.stage.value))

    def meeting(self, person_id: int, said: OutcomeTap | AppointmentTap | None) -> Meeting | None:
        """The appointment that a person answers; None for somebody else's or one that is over."""
        return self.meets(person_id, said.number) if isinstance(said, AppointmentTap) and self.meets else None

    def receiving(self, person_id: int, said: Sequence[Deed]) -> Receiving:
        """What a person wants to receive, as it is after what was said before in this very round."""
        kept = self.receives(person_id) if self.receives else Receiving()
        for deed in said:
            kept = kept.after(deed, self.now)
        return kept

    def promised(self, case: CaseHead | None) -> Promise:
        """What is promised to somebody with this open case: what they were told before holds, and after a first reply
        nobody knows how long the next takes.
        """
        if case is None:
            return self.promise
        if case.first_reply_at is not None:
            return replace(self.promise, by=None)
        told = case.promised_at
        return replace(self.promise, by=told.astimezone(self.zone) if told and told > self.now else None)

    def fresh(self, waiting: Waiting) -> bool:
        """Whether LINE still takes the token of this event."""
        return self.now - waiting.arrived_at < TOKEN_LIFE


def chat_of(person: Person, waiting: Waiting) -> Contact | None:
    """Where somebody who writes on our own page is answered: in the chat they came from, for a page gets closed."""
    home = next((one.home for one in person.contacts if one.id == waiting.contact_id), None)
    near = (one for one in person.contacts if one.home == home)  # not one that was joined to it by a code
    chats = (one for one in near if one.channel not in OWN and one.reachable)
    return next(chats, None) if waiting.channel in OWN else None


def home_of(person: Person, waiting: Waiting) -> int:
    """The contact that words about this are for later."""
    return chat.id if (chat := chat_of(person, waiting)) else waiting.contact_id


def carried_by(outs: list[Out], waiting: Waiting, moment: Moment) -> Waiting | None:
    """The event whose free reply nobody needs; else it carries the first words for its contact that have none."""
    if not waiting.reply_token or not moment.fresh(waiting):
        return None
    for place, out in enumerate(outs):
        if out.to.id == waiting.contact_id and not out.reply_token:
            until = waiting.arrived_at + TOKEN_LIFE
            outs[place] = replace(out, reply_token=waiting.reply_token, reply_until=until)
            return None
    return waiting
