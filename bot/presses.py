"""A button that may be pressed twice: its key is kept with a mark of what was meant, in the effect's transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from storage import inbox
from storage.crypt import Key, Vault
from storage.inbox import Incoming

MARK = "inbox.mark"
_DESK = "desk"


@dataclass(frozen=True)
class Press:
    """Who pressed with which key, and what was meant; marked under the key of the person it is about."""

    name: str
    meant: tuple[str | int, ...]
    sealed_by: Key

    def before(self, conn: Connection, vault: Vault) -> bool | None:
        """None when this key is new; True when it came with the same meaning, False when with another."""
        found = inbox.marked(conn, _DESK, self.name)
        return None if found is None else found in (b"", self._mark(vault))

    def first(self, conn: Connection, vault: Vault, now: datetime) -> bool:
        """Remember the key; False when somebody was quicker."""
        press = Incoming(_DESK, self.name, "", now, None, mark=self._mark(vault))
        return inbox.receive(conn, vault, [press], now)[0]

    def _mark(self, vault: Vault) -> bytes:
        return vault.mark(self.sealed_by, MARK, json.dumps(self.meant))
