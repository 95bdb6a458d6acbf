"""Answers leave at once, on a line kept open too."""

from __future__ import annotations

import socket

import pytest

from bot.listening import listen


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_what_is_accepted_sends_the_body_without_waiting_for_the_head_to_be_acknowledged(host: str) -> None:
    with listen(host, 0) as door, socket.create_connection(door.getsockname()[:2]), door.accept()[0] as line:
        assert line.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) == 1
