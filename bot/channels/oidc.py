"""What a sign-in elsewhere is made of: the address to send a browser to, and which claims prove a person."""

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
ABOUT = "/.well-known/openid-configuration"
_SKEW = timedelta(minutes=1)


@dataclass(frozen=True)
class Login:
    """A provider of sign-ins as OpenID Connect describes it, our number and secret there, and where people come back.

    `verify` is where LINE checks its own ID tokens; without it a token counts because it came from the provider itself.
    """

    issuer: str
    about: str
    authorize: str
    token: str
    number: str
    secret: str
    back: str
    verify: str = ""
    scope: str = "openid"


def line(pages: str, api: str, number: str, secret: str, back: str) -> Login:
    """A LINE Login channel: where LINE's pages are and where its API is.

    It must belong to the same provider as the Messaging API channel: else LINE has another id for each person.
    """
    own = "/oauth2/v2.1/"
    paths = pages + ABOUT, f"{pages}{own}authorize", f"{api}{own}token"
    return Login(ISSUER, *paths, number, secret, back, f"{api}{own}verify")


@dataclass(frozen=True)
class Asked:
    """What was drawn for one sign-in: all of it is known to us and to the browser that began it, to nobody else."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class SignedIn:
    """The provider proved who it is: their id there, and their mail address where it stands behind that as well."""

    address: str
    mail: str = ""


class Failed(StrEnum):
    """Why nobody is proven."""

    UNPROVEN = "unproven"  # the provider does not stand behind it
    DOWN = "down"  # it does not answer, or not us


def address(login: Login, asked: Asked) -> str:
    """Where to send the browser. Source: developers.line.biz, "Integrating LINE Login"; RFC 7636 for the challenge."""
    challenge = urlsafe_b64encode(sha256(asked.verifier.encode()).digest()).rstrip(b"=").decode()
    told = {
        "response_type": "code",
        "client_id": login.number,
        "redirect_uri": login.back,
        "state": asked.state,
        "scope": login.scope,
        "nonce": asked.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in login.authorize else "?"
    return f"{login.authorize}{joint}{urlencode(told)}"


def proven(claims: dict[str, Any], login: Login, nonce: str, now: datetime) -> SignedIn | Failed:
    """Whom these claims of an ID token name, if they are the provider's, for us, for this sign-in, and not yet over."""
    match claims:
        case {"iss": str(issuer), "aud": str(audience) | [str(audience)], "sub": str(user), "exp": int(end)}:
            drawn = claims.get("nonce")
            ours = issuer == login.issuer and audience == login.number
            ours = ours and isinstance(drawn, str) and compare_digest(drawn.encode(), nonce.encode())
            alive = now.timestamp() < end + _SKEW.total_seconds()
            return SignedIn(user, _mail(claims)) if ours and alive and user else Failed.UNPROVEN
        case _:
            return Failed.UNPROVEN


def _mail(claims: dict[str, Any]) -> str:
    """An address that nobody proved may be anybody's."""
    mail = claims.get("email")
    return mail if isinstance(mail, str) and claims.get("email_verified") is True else ""
