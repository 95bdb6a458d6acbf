"""How often each link of a broadcast was opened: sums alone, from which nobody can be told."""

from __future__ import annotations

import re
from hmac import compare_digest

from sqlalchemy import Connection

from storage import tally
from storage.crypt import Vault

_CODE = re.compile("([0-9]{1,12})-([0-9]{1,3})-([a-z2-7]{8})")
_COUNTED = "opened:"


def code_of(vault: Vault, broadcast_id: int, place: int) -> str:
    """What stands in our address for the link at this place of a broadcast; nobody else can make up others."""
    return f"{broadcast_id}-{place}-{vault.brief('opening', f'{broadcast_id}-{place}')}"


def told(vault: Vault, code: str) -> tuple[int, int] | None:
    """Which link of which broadcast a code stands for; None where it is none of ours."""
    found = _CODE.fullmatch(code)
    if found is None or not compare_digest(found[3], vault.brief("opening", f"{found[1]}-{found[2]}")):
        return None
    return int(found[1]), int(found[2])


def add(conn: Connection, broadcast_id: int, place: int) -> None:
    """It was opened once more."""
    tally.add(conn, {f"{_COUNTED}{broadcast_id}:{place}": 1})


def of(conn: Connection, broadcast_id: int) -> dict[int, int]:
    """How often each was opened, by its place."""
    return {int(place): n for place, n in tally.under(conn, f"{_COUNTED}{broadcast_id}:").items()}
