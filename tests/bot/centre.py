"""A whole small centre for a test: a store, everything that hears, a clock that can be moved, people who write."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.bell import Bell
from bot.conversation import Round, hear
from bot.handover import Desk
from bot.mind import Mind
from bot.nights import Nights
from dialogs.heard import Heard, Tapped, Typed, to_json
from dialogs.saying import Message
from storage import Store, inbox, outbox, people, staff, talk, worklist
from storage.cases import CaseHead
from storage.inbox import Incoming
from storage.outbox import Claimed, Delivery, Finished
from storage.staff import Member, Role
from storage.tables import message
from tests.ours import mind


@dataclass
class Centre:
    """Drives hear() and the desk step by step."""

    store: Store
    now: datetime
    mind: Mind = field(default_factory=mind)
    _events: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.desk = Desk(self.store, self.mind, Bell(), lambda: self.now)

    def event(self, who: str, heard: Heard, channel: str = "line", **more: str) -> Incoming:
        """Something a person did, not yet received."""
        number = next(self._events)
        payload = {"heard": to_json(heard), "said": more.get("said", f"m{number}")}
        return Incoming(
            channel=channel,
            event_id=more.get("event_id", f"e{number}"),
            address=who,
            at=self.now,
            payload=payload,
            reply_token=f"token{number}" if channel == "line" else "",
            said_id=payload["said"] if isinstance(payload["said"], str) else "",
        )

    def receive(self, *events: Incoming) -> list[bool]:
        """What a platform brings."""
        return self.store.writer.submit(lambda c: inbox.receive(c, self.store.vault, events, self.now)).result()

    def hear(self) -> Round:
        """One round."""
        return self.store.writer.submit(lambda c: hear(c, self.store.vault, self.mind, self.now)).result()

    def say(self, who: str, heard: Heard | str, channel: str = "line") -> list[Message]:
        """Receive, hear, and what goes out to this person because of it."""
        self.now += timedelta(seconds=1)
        self.receive(self.event(who, Typed(heard) if isinstance(heard, str) else heard, channel))
        last = self.store.read(lambda c: c.execute(select(func.max(message.c.id))).scalar()) or 0
        self.hear()
        after = [line for line in self.lines(who, channel, last) if line.way is talk.Way.OUT]
        return [Message.from_json(line.body) for line in after if line.body]

    def begin(self, who: str, channel: str = "line") -> None:
        """Somebody who has agreed."""
        self.say(who, "こんにちは", channel)
        self.say(who, Tapped("m:consent"), channel)

    def person_of(self, who: str, channel: str = "line") -> int:
        """Whose address this is."""
        return self.store.read(lambda c: people.known(c, self.store.vault, [(channel, who)]))[channel, who].person_id

    def lines(self, who: str, channel: str = "line", after: int = 0) -> list[talk.Said]:
        """The talk with this person, as kept, after a line."""
        found = self.store.read(lambda c: people.known(c, self.store.vault, [(channel, who)]))
        if (channel, who) not in found:
            return []
        person_id = found[channel, who].person_id
        return self.store.read(lambda c: talk.of_person(c, self.store.vault, person_id, after))

    def claimed(self) -> list[Claimed]:
        """What delivery would carry now."""
        return self.store.writer.submit(
            lambda c: outbox.claim(c, self.store.vault, "postman", self.now, at_most=100)
        ).result()

    def carried(self) -> list[Claimed]:
        """Everything that goes out, in order, as if each were accepted at once."""
        gone: list[Claimed] = []
        while parcels := self.claimed():
            done = [Finished(one.id, "postman", Delivery.SENT, self.now, via="push", attempts=1) for one in parcels]
            self.store.writer.submit(lambda c, done=done: outbox.finish(c, done)).result()  # type: ignore[misc]
            gone += parcels
        return gone

    def member(self, login: str) -> Member:
        """A coordinator."""

        def job(c: Connection) -> Member | None:
            staff.add(c, login, login.title(), Role.COORDINATOR, self.now)
            return staff.by_login(c, login)

        member = self.store.writer.submit(job).result()
        assert isinstance(member, Member)
        return member

    def cases(self) -> list[CaseHead]:
        """Every open case."""
        return [one.head for one in self.store.read(lambda c: worklist.items(c, worklist.Wanted(self.now)))]


def nights(centre: Centre) -> Nights:
    """Who lets go what was kept long enough."""
    return Nights(centre.store, centre.mind.zone, lambda: centre.now)
