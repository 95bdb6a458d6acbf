"""What a text is compared by: words however they end, how often, and sounds that nothing else runs into."""

from __future__ import annotations

import pytest

from knowledge import terms as module
from knowledge.terms import terms


@pytest.mark.parametrize(
    ("forms", "stem"),
    [
        ("rent rents renting rentings rented renter renters", "rent"),
        ("registration registrations registring", "registr"),
        ("party parties", "part"),
        ("price prices", "pric"),
        ("box boxes", "box"),
        ("fee fees", "fee"),
        ("bus", "bus"),
        ("yes", "yes"),
    ],
)
def test_a_word_is_the_same_however_it_ends_and_a_short_one_stays(forms: str, stem: str) -> None:
    assert terms(forms).words == {stem: len(forms.split())}


def test_words_are_counted_in_the_order_they_come_and_words_that_tell_nothing_are_not() -> None:
    found = terms("会議室の予約と会議の時間を教えて")
    assert list(found.words.items()) == [("会議", 2), ("室", 1), ("予約", 1), ("時間", 1)]
    assert {"会議", "予約"} <= set(found.meanings) <= set(found.words)
    assert terms("how do I get to the room").words == {"room": 1}
    assert terms("事を為る").meanings == {}


def test_sounds_stay_within_what_is_written_together() -> None:
    assert terms("会議room予約").sounds == {"カイギ": 1, "ヨヤク": 1}
    assert terms("会議予約").sounds == {"カイギ": 1, "イギヨ": 1, "ギヨヤ": 1, "ヨヤク": 1}
    assert terms("かいぎ").sounds == {"カイギ": 1}


def test_a_sign_is_mute_and_letters_that_the_dictionary_does_not_know_are_not() -> None:
    assert terms("会議室ー").sounds == terms("会議室").sounds
    assert terms("ヽヽヽヽ").sounds == {}
    assert terms("직원이답").sounds == {"직원이": 1, "원이답": 1}


def test_pairs_are_of_signs_that_tell_something() -> None:
    assert terms("会議の a会").pairs == {"会": 2, "議": 1, "会議": 1, "議の": 1}


def test_without_the_dictionary_sounds_and_pairs_are_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_tokenizer", lambda: None)
    found = terms("会ぎ室 rooms")
    assert (found.words, found.meanings) == ({"room": 1}, terms("room").meanings)
    assert found.sounds == {"会ギ室": 1}
    assert found.pairs == {"会": 1, "室": 1, "会ぎ": 1, "ぎ室": 1}
