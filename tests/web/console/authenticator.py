"""A device that holds a passkey, in software: real keys, attestation objects and signatures, as WebAuthn wants them."""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(data: bytes) -> str:
    """Bytes as they travel."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def data_of(told: str) -> bytes:
    """And back."""
    return urlsafe_b64decode(told + "=" * (-len(told) % 4))


@dataclass
class Authenticator:
    """One device with one passkey. `flags` says that its owner was there and was verified; `signs` counts uses."""

    origin: str = "http://127.0.0.1"
    host: str = "127.0.0.1"
    flags: int = PRESENT | VERIFIED
    signs: int = 0
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    name: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def make(self, options: dict[str, Any]) -> str:
        """What it tells when it made its passkey, as the page posts it."""
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})
        more = bytes(16) + len(self.name).to_bytes(2, "big") + self.name + public
        told = {"fmt": "none", "attStmt": {}, "authData": self._about(self.flags | ATTESTED) + more}
        client = self._client("webauthn.create", options)
        return self._told({"attestationObject": text(cbor2.dumps(told)), "clientDataJSON": text(client)})

    def sign(self, options: dict[str, Any]) -> str:
        """What it tells when it signed, as the page posts it."""
        self.signs += 1
        about, client = self._about(self.flags), self._client("webauthn.get", options)
        signed = self.key.sign(about + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        told = {"authenticatorData": text(about), "clientDataJSON": text(client), "signature": text(signed)}
        return self._told(told)

    def _about(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.signs.to_bytes(4, "big")

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": options["challenge"], "origin": self.origin}).encode()

    def _told(self, response: dict[str, str]) -> str:
        name = text(self.name)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
