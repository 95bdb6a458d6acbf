"""Passwords: hashed with Argon2 in a thread, two at a time, so that a flood of guesses cannot take all memory."""

from __future__ import annotations

from functools import cache
from secrets import token_urlsafe

import anyio
import anyio.to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST, LONGEST = 10, 200

EFFORT = PasswordHasher()  # RFC 9106's second choice: 64 MiB, three times over


class Passwords:
    """Hashes and checks passwords; checking takes as long for somebody who does not exist."""

    def __init__(self) -> None:
        self._hasher = EFFORT
        self._turns = anyio.CapacityLimiter(2)

    async def hashed(self, password: str) -> str:
        """What may be stored of a password."""
        return await anyio.to_thread.run_sync(self._hasher.hash, _bytes(password), limiter=self._turns)

    async def fits(self, stored: str | None, password: str) -> bool:
        """Whether this is the password of `stored`; always False, and as slow, for None."""

        def check() -> bool:
            try:
                self._hasher.verify(stored or _nobodys(), _bytes(password))
            except (VerificationError, InvalidHashError):
                return False
            return stored is not None

        return await anyio.to_thread.run_sync(check, limiter=self._turns)


@cache
def _nobodys() -> str:
    """A hash for names that nobody has, made with the same effort as a real one."""
    return EFFORT.hash(token_urlsafe())


def _bytes(password: str) -> bytes:
    # Longer ones are refused when they are set; nobody makes us hash a novel.
    return password[: LONGEST + 1].encode("utf-8", "surrogatepass")
