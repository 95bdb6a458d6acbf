"""Keys, and the sealing of everything personal before it reaches a table."""

from __future__ import annotations

import hmac
import json
from base64 import b32encode
from collections.abc import Sequence
from os import urandom
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic_core import PydanticSerializationError, from_json, to_json

_HEAD = b"\x01\x01"  # form of the envelope, number of the master secret
_NONCE = 12
_BODY = 2 + _NONCE
_SHORTEST = 32
_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class WrongKey(Exception):
    """The bytes were sealed with another key, or moved from another column. The message never holds content."""


class Key:
    """A cipher ready for use. Its bytes cannot be printed."""

    __slots__ = ("cipher",)

    def __init__(self, raw: bytes) -> None:
        self.cipher = AESGCMSIV(raw)

    def __repr__(self) -> str:
        return "Key(…)"


class Vault:
    """Seals and unseals with AES-256-GCM-SIV.

    A sealed value is: version byte, key-id byte, 12-byte nonce, ciphertext with its tag. The name of its column
    ("table.column") is authenticated with it, so a value cannot be moved to another column. The master secret
    (at least 32 characters, else ValueError) is never used itself: three keys are derived from it.
    """

    def __init__(self, secret: str) -> None:
        if len(secret) < _SHORTEST:
            raise ValueError(f"the secret key must have at least {_SHORTEST} characters")
        master = secret.encode()
        self.house = Key(_derive(master, b"house"))
        self._index = _derive(master, b"index")
        self._wrap = Key(_derive(master, b"wrap"))

    def seal(self, key: Key, where: str, data: bytes | str) -> bytes:
        """`data` sealed for the column `where`; text as UTF-8, and half surrogate pairs survive."""
        nonce = urandom(_NONCE)
        clear = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
        return _HEAD + nonce + key.cipher.encrypt(nonce, clear, where.encode())

    def unseal(self, key: Key, where: str, sealed: bytes) -> bytes:
        """What was sealed. Raises WrongKey when the key, the column or a single bit is not the same."""
        if sealed[:2] != _HEAD or len(sealed) < 2 + _NONCE + 16:
            raise WrongKey(f"{where} holds bytes that this release did not seal")
        try:
            return key.cipher.decrypt(sealed[2 : 2 + _NONCE], sealed[2 + _NONCE :], where.encode())
        except InvalidTag:
            raise WrongKey(f"{where} was sealed with another key: is NAKODO_SECRET_KEY the one from before?") from None

    def seal_json(self, key: Key, where: str, data: Any) -> bytes:
        """Plain JSON data, sealed."""
        try:
            clear = to_json(data)
        except PydanticSerializationError:  # half a surrogate pair, which is no UTF-8
            return self.seal(key, where, _AS_JSON(data))
        return self.seal(key, where, clear)

    def unseal_json(self, key: Key, where: str, sealed: bytes) -> Any:
        """The inverse of `seal_json`."""
        clear = self.unseal(key, where, sealed)
        try:
            return from_json(clear, cache_strings="keys")  # a cache of values would keep residents' words
        except ValueError:
            return json.loads(clear.decode("utf-8", "surrogatepass"))

    def unseal_text(self, key: Key, where: str, sealed: bytes) -> str:
        """The inverse of `seal` for text."""
        return self.unseal(key, where, sealed).decode("utf-8", "surrogatepass")

    def unseal_texts(self, key: Key, where: str, sealed: Sequence[bytes]) -> list[str]:
        """Many texts of one column, in half the time of one after the other. Raises as `unseal` does."""
        decrypt, said = key.cipher.decrypt, where.encode()
        if any(one[:2] != _HEAD for one in sealed):
            raise WrongKey(f"{where} holds bytes that this release did not seal")
        try:
            return [decrypt(one[2:_BODY], one[_BODY:], said).decode("utf-8", "surrogatepass") for one in sealed]
        except (InvalidTag, ValueError):
            return [self.unseal_text(key, where, one) for one in sealed]  # says what is wrong with which

    def new_person_key(self) -> tuple[Key, bytes]:
        """A fresh key for one person, and the same wrapped for `person.wrapped_key`."""
        raw = urandom(32)
        return Key(raw), self.seal(self._wrap, "person.wrapped_key", raw)

    def unwrap(self, wrapped: bytes) -> Key:
        """The key of a person."""
        return Key(self.unseal(self._wrap, "person.wrapped_key", wrapped))

    def mark(self, key: Key, where: str, text: str) -> bytes:
        """16 bytes by which the same text is known again under the same key; without that key they tell nothing.

        They are the tag of AES-GCM-SIV under a fixed nonce, which this cipher is made to bear: it shows equality alone.
        """
        return key.cipher.encrypt(bytes(_NONCE), text.encode("utf-8", "surrogatepass"), b"mark:" + where.encode())[-16:]

    def index(self, where: str, text: str) -> bytes:
        """16 bytes by which equal texts of one place are found again, without telling the text."""
        said = where.encode() + b"\x00" + text.encode("utf-8", "surrogatepass")
        return hmac.digest(self._index, said, "sha256")[:16]

    def brief(self, where: str, text: str) -> str:
        """Eight letters by which a name that we gave out is told from one that somebody made up."""
        return b32encode(self.index(where, text)[:5]).decode().lower()


def _derive(master: bytes, name: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"nakodo/1/" + name).derive(master)
