"""What two processes of ours say to each other over a pair of sockets: frames of a length and a pickled value.

Both ends are this program on this machine, and nobody else holds the sockets: that is what makes pickle fit.
"""

from __future__ import annotations

import pickle
from asyncio import IncompleteReadError, StreamReader
from typing import Any

_LENGTH = 4


class Broken(Exception):
    """The other end made a mistake; of what it raised, only the kind travels: its words may be somebody's."""


def frame(value: Any) -> bytes:
    """A value as it travels."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(body).to_bytes(_LENGTH) + body


async def next_frame(reader: StreamReader) -> Any | None:
    """The next value, or None when the other end is gone."""
    try:
        length = int.from_bytes(await reader.readexactly(_LENGTH))
        return pickle.loads(await reader.readexactly(length))  # noqa: S301 - see above
    except (IncompleteReadError, ConnectionError):
        return None
