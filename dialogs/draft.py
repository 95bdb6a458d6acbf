"""A turn while it is being worked out: the one place that changes, gone when the turn is done."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from dialogs.around import Around, House
from dialogs.asking import ask
from dialogs.deeds import Deed, Turn
from dialogs.flow import Flow
from dialogs.saying import Button, Message
from dialogs.session import Session
from dialogs.words import Words


@dataclass
class Draft:
    """The session as it becomes, with what is said and done so far."""

    house: House
    around: Around
    session: Session
    messages: list[Message] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)

    @property
    def words(self) -> Words:
        """The words of the person's language as of now."""
        return self.house.library[self.session.language]

    @property
    def flow(self) -> type[Flow] | None:
        """The running flow, if one runs that this release still has."""
        return self.house.flows.get(self.session.flow or "")

    def keep(self, **changes: Any) -> None:
        """Change the session."""
        self.session = replace(self.session, **changes)

    def say(self, key: str, *buttons: Button, **values: str | int) -> None:
        """Say a phrase."""
        self.messages.append(Message(self.words.say(key, **values), buttons))

    def do(self, deed: Deed) -> None:
        """Leave something to be done."""
        self.deeds.append(deed)

    def ask(self) -> None:
        """Ask where the flow stands."""
        self.messages.append(ask(self.house, self.session, self.around))

    def end(self) -> Turn:
        """The finished turn."""
        return Turn(self.session, tuple(self.messages), tuple(self.deeds))
