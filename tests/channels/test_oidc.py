"""Which claims of an ID token prove a person, and what counts as LINE being down."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.doubles.faults import Empty, Fault, Refuse, Reset
from bot.channels.doubles.line import LinePlatform
from bot.channels.doubles.line.login import LOGIN_ID, LOGIN_SECRET
from bot.channels.oidc import Asked, Failed, Login, SignedIn, proven
from bot.channels.oidc import line as line_login
from bot.channels.oidc_wire import answers, who
from tests.channels.samples import HANAKO, NOW
from tests.each import each

NONCE = "0f" * 16
AT = int(NOW.timestamp())
GOOD: dict[str, Any] = {
    "iss": "https://access.line.me",
    "aud": LOGIN_ID,
    "sub": HANAKO,
    "exp": AT + 60,
    "iat": AT,
    "nonce": NONCE,
}


def login(host: str, secret: str = LOGIN_SECRET) -> Login:
    """The channel, at the platform in miniature."""
    return line_login(host, host, LOGIN_ID, secret, "https://nakodo.example/line/login")


CHANNEL = login("https://line.example")
WRONG: list[tuple[str, dict[str, Any]]] = [
    ("another issuer", {"iss": "https://access.line.me/"}),
    ("no issuer", {"iss": None}),
    ("another channel", {"aud": "1650000000"}),
    ("several channels", {"aud": [LOGIN_ID, "1650000000"]}),
    ("a channel by number", {"aud": int(LOGIN_ID)}),
    ("nobody", {"sub": ""}),
    ("no person", {"sub": None}),
    ("a person by number", {"sub": 7}),
    ("over", {"exp": AT - 61}),
    ("over one day", {"exp": "soon"}),
    ("without end", {"exp": None}),
    ("without end, as such", {"exp": float("inf")}),
    ("another sign-in", {"nonce": NONCE[::-1]}),
    ("no sign-in", {"nonce": None}),
    ("a nonce of other letters", {"nonce": "é"}),
]


def test_line_s_claims_for_us_and_now_name_the_person() -> None:
    assert proven(GOOD, CHANNEL, NONCE, NOW) == SignedIn(HANAKO)


@each(("change",), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_other_claims_name_nobody(change: dict[str, Any]) -> None:
    assert proven({**GOOD, **change}, CHANNEL, NONCE, NOW) is Failed.UNPROVEN


@each(("left",), [(name,) for name in ("iss", "aud", "sub", "exp", "nonce")])
def test_claims_with_something_missing_name_nobody(left: str) -> None:
    assert proven({name: one for name, one in GOOD.items() if name != left}, CHANNEL, NONCE, NOW) is Failed.UNPROVEN


DOWN: list[tuple[Fault, Failed]] = [
    (Refuse(500), Failed.DOWN),
    (Refuse(503), Failed.DOWN),
    (Reset(accepted=False), Failed.DOWN),
    (Refuse(400), Failed.UNPROVEN),
    (Refuse(413), Failed.UNPROVEN),
    (Refuse(429), Failed.UNPROVEN),
    (Empty(), Failed.UNPROVEN),
]


@pytest.mark.anyio
async def test_only_what_no_code_can_cause_counts_as_line_being_down(line: LinePlatform, line_host: str) -> None:
    asked = Asked("s" * 32, NONCE, "v" * 64)
    for fault, failed in DOWN:
        line.faults.next("login", fault)
        assert await who(login(line_host), asked, "code", NOW) is failed, fault
    assert await who(login(line_host), asked, "code", NOW) is Failed.UNPROVEN
    assert await who(login(line_host, "not our secret"), asked, "code", NOW) is Failed.DOWN
    assert await who(login("http://127.0.0.1:9"), asked, "code", NOW) is Failed.DOWN


@pytest.mark.anyio
async def test_line_is_there_or_not(line: LinePlatform, line_host: str) -> None:
    assert await answers(login(line_host))
    line.faults.next("login", Refuse(502))
    assert not await answers(login(line_host))
    assert not await answers(login("http://127.0.0.1:9"))
