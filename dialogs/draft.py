"""A turn while it is being worked out: the one place that changes, gone when the turn is done."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dialogs.around import Around, House
from dialogs.asking import ask
from dialogs.deeds import Deed, Turn
from dialogs.place import Place, find_place
from dialogs.saying import Button, Message
from dialogs.session import Session
from dialogs.words import Words


@dataclass
class Draft:
    """The session as it becomes, with what is said and done so far."""

    house: House
    around: Around
    session: Session
    away: bool = False  # the person comes back after a night or longer
    messages: list[Message] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    _placed: Session | None = None
    _place: Place | None = None

    @property
    def words(self) -> Words:
        """The words of the person's language as of now."""
        return self.house.library[self.session.language]

    @property
    def place(self) -> Place | None:
        """Where the running flow stands as of now, if one runs that this release still has."""
        if self._placed is not self.session:
            self._place = find_place(self.house, self.session, self.around, self._place)
            self._placed = self.session
        return self._place

    @property
    def here(self) -> Place:
        """The same, for what happens inside a flow only."""
        if self.place is None:
            raise LookupError("no flow runs")
        return self.place

    def keep(self, **changes: Any) -> None:
        """Change the session."""
        self.session = self.session.kept(**changes)

    def say(self, key: str, *buttons: Button, **values: str | int) -> None:
        """Say a phrase."""
        self.messages.append(Message(self.words.say(key, **values), buttons))

    def do(self, deed: Deed) -> None:
        """Leave something to be done."""
        self.deeds.append(deed)

    def ask(self) -> None:
        """Ask where the flow stands."""
        self.messages.append(ask(self.here))

    def end(self) -> Turn:
        """The finished turn."""
        return Turn(self.session, tuple(self.messages), tuple(self.deeds))
