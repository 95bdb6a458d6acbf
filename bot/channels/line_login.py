"""What a sign-in with LINE is made of: the address to send a browser to, and which claims prove a person."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

CHANNEL = "line"
ISSUER = "https://access.line.me"
_AUTHORIZE = "/oauth2/v2.1/authorize"
_SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class Login:
    """A LINE Login channel: where LINE's pages are and where its API is, our number and secret, where people come back.

    It must belong to the same provider as the Messaging API channel: else LINE has another id for each person.
    """

    pages: str
    api: str
    number: str
    secret: str
    back: str


@dataclass(frozen=True)
class Asked:
    """What was drawn for one sign-in: all of it is known to us and to the browser that began it, to nobody else."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class SignedIn:
    """LINE proved who it is: their user id."""

    address: str


class Failed(StrEnum):
    """Why nobody is proven."""

    UNPROVEN = "unproven"  # LINE does not stand behind it
    DOWN = "down"  # LINE does not answer, or not us


def address(login: Login, asked: Asked) -> str:
    """Where to send the browser. Source: developers.line.biz, "Integrating LINE Login"; RFC 7636 for the challenge."""
    challenge = urlsafe_b64encode(sha256(asked.verifier.encode()).digest()).rstrip(b"=").decode()
    told = {
        "response_type": "code",
        "client_id": login.number,
        "redirect_uri": login.back,
        "state": asked.state,
        "scope": "openid",
        "nonce": asked.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return f"{login.pages}{_AUTHORIZE}?{urlencode(told)}"


def proven(claims: dict[str, Any], number: str, nonce: str, now: datetime) -> SignedIn | Failed:
    """Whom these claims of an ID token name, when they are LINE's, for us, for this sign-in, and not yet over."""
    match claims:
        case {"iss": str(issuer), "aud": str(audience), "sub": str(user), "exp": int(end), "nonce": str(drawn)}:
            ours = issuer == ISSUER and audience == number and compare_digest(drawn.encode(), nonce.encode())
            alive = now.timestamp() < end + _SKEW.total_seconds()
            return SignedIn(user) if ours and alive and user else Failed.UNPROVEN
        case _:
            return Failed.UNPROVEN
