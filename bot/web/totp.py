"""One-time codes of six digits by the clock (RFC 6238): whether one fits now, and how a telephone learns them."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from hmac import compare_digest
from io import BytesIO

import pyotp
import segno
from markupsafe import Markup

STEP_S = 30
_NEAR = (0, -1, 1)  # a telephone's clock may go half a minute wrong


def fresh() -> str:
    """A new secret: 160 bits in base32 (RFC 4226, 4)."""
    return pyotp.random_base32()


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The half minute (counted from 1970) whose code this is; None when it is no code of now. Wide digits count."""
    signs = unicodedata.normalize("NFKC", typed)
    code = "".join(sign for sign in signs if sign in "0123456789")
    rest = {sign for sign in signs if sign not in "0123456789"}
    if len(code) != 6 or not rest <= {" ", "-"}:
        return None
    here, made = int(now.timestamp()) // STEP_S, pyotp.TOTP(secret)
    fitting = [here + near for near in _NEAR if compare_digest(made.generate_otp(here + near), code)]
    return fitting[0] if fitting else None


def address(secret: str, login: str, centre: str) -> str:
    """The address that an authenticator app reads from the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=centre)


def picture(words: str) -> Markup:
    """Words as a QR code, an SVG to stand in a page; black on white in any colour scheme, for cameras."""
    out = BytesIO()
    segno.make(words, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=True, scale=4, border=4, dark="#000", light="#fff", omitsize=True,
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return Markup(out.getvalue().decode().strip())  # noqa: S704 - numbers and paths of our own making
