"""A sign-in with LINE on its way: what binds it to one browser and one link, and when the link alone is enough."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from bot.channels.oidc import Asked
from storage import tokens
from storage.crypt import Vault

LASTS = timedelta(minutes=10)
_STATE = re.compile("[0-9a-f]{32}")
_KEPT = re.compile(r"(?P<at>[0-9]{1,12})\.(?P<drawn>[A-Za-z0-9_-]{43})\.(?P<link>[A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Attempt:
    """One sign-in. `kept` is what the browser keeps in a cookie; what LINE sees is worked out from it by our key."""

    kept: str
    link: str
    asked: Asked


def begin(vault: Vault, link_token: str, now: datetime) -> Attempt:
    """A new one, for a link."""
    kept = f"{int(now.timestamp())}.{tokens.draw()}.{link_token}"
    return Attempt(kept, link_token, _asked(vault, kept))


def name(state: str) -> str:
    """What the cookie of a sign-in is called: two in one browser never meet. Empty for what was never a state."""
    return f"nakodo-line-{state[:16]}" if _STATE.fullmatch(state) else ""


def resume(vault: Vault, kept: str, state: str, now: datetime) -> Attempt | None:
    """The sign-in that this browser began with this state, None when it did not, or began it too long ago."""
    found = _KEPT.fullmatch(kept)
    if found is None or not _STATE.fullmatch(state):
        return None
    asked, age = _asked(vault, kept), now.timestamp() - int(found["at"])
    fits = compare_digest(asked.state, state) and -1 <= age < LASTS.total_seconds()
    return Attempt(kept, found["link"], asked) if fits else None


def ticket(vault: Vault, link_token: str, now: datetime) -> str:
    """For ten minutes this link may be pressed without LINE, because LINE did not answer us."""
    until = int((now + LASTS).timestamp())
    return f"{until}.{_proof(vault, 'ticket', f'{until}.{link_token}')}"


def holds(vault: Vault, shown: str, link_token: str, now: datetime) -> bool:
    """Whether a ticket is ours, for this link, and not over."""
    until, _, proof = shown.partition(".")
    if not re.fullmatch("[0-9]{1,12}", until) or now.timestamp() > int(until):
        return False
    return compare_digest(
        proof.encode("utf-8", "surrogatepass"), _proof(vault, "ticket", f"{until}.{link_token}").encode()
    )


def _asked(vault: Vault, kept: str) -> Asked:
    verifier = _proof(vault, "verifier", kept) + _proof(vault, "verifier, second half", kept)
    return Asked(_proof(vault, "state", kept), _proof(vault, "nonce", kept), verifier)


def _proof(vault: Vault, what: str, text: str) -> str:
    return vault.index("line login/" + what, text).hex()
