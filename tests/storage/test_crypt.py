"""What is sealed can be read with the right key in the right column, and in no other way."""

from __future__ import annotations

import pytest

from storage.crypt import Vault, WrongKey
from tests.conftest import SECRET
from tests.each import each

TEXTS = {
    "a kanji outside the first plane": "𠮷野家",
    "a variation sequence": "葛\U000e0100飾区",
    "a family of emoji": "👨‍👩‍👧‍👦",
    "NUL": "a\x00b",
    "right-to-left override": "\u202eabc",
    "half a surrogate pair": "\ud83d",
    "escape codes": "\x1b[2J",
    "nothing": "",
    "much": "あ" * 100_000,
}


@pytest.fixture
def vault() -> Vault:
    """A vault of the tests."""
    return Vault(SECRET)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_text_comes_back_bit_for_bit(vault: Vault, text: str) -> None:
    assert vault.unseal_text(vault.house, "a.b", vault.seal(vault.house, "a.b", text)) == text
    assert vault.unseal_json(vault.house, "a.b", vault.seal_json(vault.house, "a.b", {"text": [text]})) == {
        "text": [text]
    }


def test_the_same_words_never_look_the_same(vault: Vault) -> None:
    assert len({vault.seal(vault.house, "a.b", "はい") for _ in range(100)}) == 100


def test_a_value_moved_to_another_column_is_refused(vault: Vault) -> None:
    sealed = vault.seal(vault.house, "note.body", "canary")
    with pytest.raises(WrongKey, match=r"message\.body") as refused:
        vault.unseal(vault.house, "message.body", sealed)
    assert "canary" not in str(refused.value)


def test_another_secret_is_told_in_plain_words(vault: Vault) -> None:
    sealed = vault.seal(vault.house, "a.b", "x")
    other = Vault(SECRET + "!")
    with pytest.raises(WrongKey, match="NAKODO_SECRET_KEY"):
        other.unseal(other.house, "a.b", sealed)


def test_the_key_of_one_person_does_not_open_the_words_of_another(vault: Vault) -> None:
    first, wrapped = vault.new_person_key()
    second, _ = vault.new_person_key()
    sealed = vault.seal(first, "message.body", "x")
    assert vault.unseal(vault.unwrap(wrapped), "message.body", sealed) == b"x"
    with pytest.raises(WrongKey):
        vault.unseal(second, "message.body", sealed)


@each("place", range(0, 40, 3))
def test_a_single_flipped_bit_is_noticed(vault: Vault, place: int) -> None:
    sealed = bytearray(vault.seal(vault.house, "a.b", "ten signs!"))
    sealed[place] ^= 1
    with pytest.raises(WrongKey):
        vault.unseal(vault.house, "a.b", bytes(sealed))


@pytest.mark.parametrize("cut", [0, 1, 13, 29])
def test_a_cut_value_is_noticed(vault: Vault, cut: int) -> None:
    with pytest.raises(WrongKey):
        vault.unseal(vault.house, "a.b", vault.seal(vault.house, "a.b", "x")[:cut])


def test_a_key_does_not_print_itself(vault: Vault) -> None:
    assert repr(vault.house) == "Key(…)"
    assert not hasattr(vault.house, "__dict__")


def test_the_blind_index_finds_equals_and_keeps_places_apart(vault: Vault) -> None:
    assert vault.index("contact.address/line", "U1") == vault.index("contact.address/line", "U1")
    assert vault.index("contact.address/line", "U1") != vault.index("contact.address/telegram", "U1")
    assert vault.index("contact.address/line", "U1") != Vault(SECRET + "!").index("contact.address/line", "U1")
    assert len(vault.index("a.b", "x")) == 16


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 32"):
        Vault("x" * 31)


def test_a_mark_knows_the_same_text_again_under_the_same_key_alone() -> None:
    vault = Vault(SECRET)
    (mine, _), (other, _) = vault.new_person_key(), vault.new_person_key()
    mark = vault.mark(mine, "inbox.mark", "はい\ud83d")
    assert mark == vault.mark(mine, "inbox.mark", "はい\ud83d")
    assert len(mark) == 16
    assert mark not in (
        vault.mark(mine, "inbox.mark", "いいえ"),
        vault.mark(other, "inbox.mark", "はい\ud83d"),
        vault.mark(mine, "outbox.mark", "はい\ud83d"),
    )
