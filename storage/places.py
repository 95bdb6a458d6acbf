"""Places where a card with our QR code lies: how many people each brought, and never who."""

from __future__ import annotations

import re
from hmac import compare_digest

from sqlalchemy import Connection

from storage import tally
from storage.crypt import Vault

NAME = re.compile("[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
_CODE = re.compile(f"at-({NAME.pattern})-([a-z2-7]{{8}})")
_COUNTED = "came:"


def code_of(vault: Vault, place: str) -> str:
    """What the card of a place carries: its name, and a mark by which nobody else can make up others."""
    return f"at-{place}-{vault.brief('place', place)}"


def came(conn: Connection, vault: Vault, code: str) -> bool:
    """Count somebody who came by a card; False for a code that is none of ours."""
    found = _CODE.fullmatch(code)
    if found is None or not compare_digest(found[2], vault.brief("place", found[1])):
        return False
    tally.add(conn, {_COUNTED + found[1]: 1})
    return True


def counts(conn: Connection) -> dict[str, int]:
    """How many came by the card of each place, by its name."""
    return dict(sorted(tally.under(conn, _COUNTED).items()))
