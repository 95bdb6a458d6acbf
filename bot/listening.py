"""Opens the socket that people or platforms come to."""

from __future__ import annotations

import socket

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket at this address, for `port` 0 at any free port. Raises OSError where it cannot be had.

    Answers leave at once. asyncio would see to that only for a socket that names its protocol (its number, not 0), and
    this one does not: head and body of each answer on a line kept open would be 40 ms apart, until the other side
    acknowledged the head (Nagle's way). Connections take over what the listening socket has.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    door = socket.create_server((host, port), family=family, backlog=BACKLOG)
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door
