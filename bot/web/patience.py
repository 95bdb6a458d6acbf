"""Slows down who guesses passwords, without ever shutting out the one whose password it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from secrets import compare_digest, token_urlsafe

from sqlalchemy import Connection

from storage import tries
from storage.crypt import Vault

STRETCH = timedelta(minutes=15)
PER_NAME, PER_DEVICE, PER_ADDRESS = 10, 10, 60
PER_CODE = 6  # of codes, after the right password: three of a million fit at any moment, so guessing one takes a year
DEVICE_LASTS = timedelta(days=180)


def device_mark(vault: Vault, login: str) -> str:
    """A mark for a browser that signed in with this name before; nobody else can make one."""
    drawn = token_urlsafe(12)
    return f"{drawn}.{_proof(vault, login, drawn)}"


def may_try(conn: Connection, vault: Vault, login: str, caller: tuple[str, str], now: datetime) -> bool:
    """Count this try and say whether it may go on. `caller` is (network address, device mark or "").

    Strangers share one counter per name. A browser that signed in before has its own, so that an outsider who guesses
    at a name never locks its owner out of the desk they sit at. Unknown names are counted like any other.
    """
    address, mark = caller
    drawn = _trusted(vault, login, mark)
    mine = ("device:" + drawn, PER_DEVICE) if drawn else ("name:" + _blind(vault, "login", login), PER_NAME)
    limits = dict([mine, ("address:" + _blind(vault, "address", address), PER_ADDRESS)])
    counted = tries.count(conn, limits.keys(), now, STRETCH)
    return all(counted[name] <= limit for name, limit in limits.items())


def may_try_code(conn: Connection, staff_id: int, now: datetime) -> bool:
    """Count a try at a second factor, for which one must be halfway in already, and say whether it may go on."""
    name = f"second:{staff_id}"
    return tries.count(conn, [name], now, STRETCH)[name] <= PER_CODE


def _trusted(vault: Vault, login: str, mark: str) -> str:
    drawn, _, proof = mark.partition(".")
    fits = drawn.isascii() and len(drawn) == 16 and proof.isascii()
    return drawn if fits and compare_digest(proof, _proof(vault, login, drawn)) else ""


def _proof(vault: Vault, login: str, drawn: str) -> str:
    return vault.index("sign in/device/" + login, drawn).hex()


def _blind(vault: Vault, what: str, text: str) -> str:
    return vault.index("sign in/" + what, text).hex()
