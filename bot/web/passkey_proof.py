"""What a passkey's device tells, checked by the webauthn library: nothing it says is believed before."""

from __future__ import annotations

import json
from typing import Any

from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from storage.passkeys import Passkey
from storage.staff import Member

_NAME = "Nakodo"
Place = tuple[str, str]  # the host whose passkeys these are, and the origin of its pages


def to_make(place: Place, member: Member, handle: bytes, drawn: bytes, known: list[bytes]) -> str:
    """What a browser needs to make a passkey, as JSON; a device that holds one of `known` already makes no second."""
    options = generate_registration_options(
        rp_id=place[0],
        rp_name=_NAME,
        user_id=handle,
        user_name=member.login,
        user_display_name=member.name,
        challenge=drawn,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
    )
    return options_to_json(options)


def to_sign(place: Place, drawn: bytes) -> str:
    """What a browser needs to have something signed by whichever passkey its owner chooses, as JSON."""
    return options_to_json(
        generate_authentication_options(
            rp_id=place[0], challenge=drawn, user_verification=UserVerificationRequirement.REQUIRED
        )
    )


def drawn(told: dict[str, Any]) -> bytes:
    """What the device says that it signed; b"" where it says nothing that can be read."""
    try:
        client = json.loads(base64url_to_bytes(told["response"]["clientDataJSON"]))
        return bytes(base64url_to_bytes(client["challenge"]))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        return b""


def named(told: dict[str, Any]) -> bytes:
    """Which passkey the device says it is; b"" where it says nothing that can be read."""
    try:
        return bytes(base64url_to_bytes(told["rawId"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return b""


def made(told: dict[str, Any], asked: bytes, place: Place) -> tuple[bytes, bytes, int] | None:
    """The new passkey's name, public key and counter; None for what is not proven."""
    try:
        found = verify_registration_response(
            credential=told,
            expected_challenge=asked,
            expected_rp_id=place[0],
            expected_origin=place[1],
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, TypeError, ValueError, AttributeError):
        return None
    return found.credential_id, found.credential_public_key, found.sign_count


def signed(told: dict[str, Any], asked: bytes, place: Place, known: Passkey) -> int | None:
    """The device's counter after a signature that is right; None for one that is not, or comes from a copy."""
    try:
        found = verify_authentication_response(
            credential=told,
            expected_challenge=asked,
            expected_rp_id=place[0],
            expected_origin=place[1],
            credential_public_key=known.public_key,
            credential_current_sign_count=known.signs,
            require_user_verification=True,
        )
    except (WebAuthnException, KeyError, TypeError, ValueError, AttributeError):
        return None
    return found.new_sign_count
