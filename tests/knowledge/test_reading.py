"""A text is read once: what is bound with the help of what was read before is the same to the bit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest

from knowledge import keeping
from knowledge.binding import Bound, bind, in_order
from knowledge.library import entries_of
from knowledge.reading import read
from tests.ours import ARTICLES

FEW = entries_of(ARTICLES[:6])
OTHERS = [*entries_of(ARTICLES[2:8]), ("own-1", "カラスの巣", True)]


def same(one: Bound, other: Bound) -> bool:
    """Whether two are equal in all they hold."""
    arrays = [
        (one.rarity, other.rarity),
        (one.first_wording, other.first_wording),
        *zip(vars(one.explains).values(), vars(other.explains).values(), strict=True),
        *zip(vars(one.likens).values(), vars(other.likens).values(), strict=True),
    ]
    plain = (one.subjects, list(one.vocabulary), one.wordings) == (
        other.subjects,
        list(other.vocabulary),
        other.wordings,
    )
    return plain and all(np.array_equal(mine, theirs) for mine, theirs in arrays)


def test_an_index_made_of_what_was_read_before_is_the_one_made_anew(tmp_path: Path) -> None:
    assert same(keeping.bound(FEW, tmp_path), bind(FEW))
    assert same(keeping.bound(OTHERS, tmp_path), bind(OTHERS))
    assert same(keeping.bound(FEW[:3], tmp_path), bind(FEW[:3]))


def test_what_was_read_before_and_cannot_be_read_again_is_read_anew(tmp_path: Path) -> None:
    keeping.bound(FEW, tmp_path)
    (texts,) = tmp_path.glob("texts-*.npz")
    texts.write_bytes(texts.read_bytes()[:99])
    assert same(keeping.bound(OTHERS, tmp_path), bind(OTHERS))


def test_what_was_read_is_kept_whole_half_a_letter_and_all(tmp_path: Path) -> None:
    some = [("own-1", "カラスの巣\ud83d", True), ("own-\udc00", "巣を取る", False)]
    made = keeping.bound(some, tmp_path)
    assert same(keeping.bound(some, tmp_path), made)
    assert same(made, bind(some))
    (index,), (texts,) = tmp_path.glob("index-*.npz"), tmp_path.glob("texts-*.npz")
    assert same(keeping._read(index), made)
    kept, fresh = keeping._texts(texts), read([text for _, text, _ in in_order(some)])
    for name in ("marks", "starts", "term", "often"):
        assert np.array_equal(getattr(kept, name), getattr(fresh, name))
    assert kept.vocabulary == fresh.vocabulary


def test_what_is_kept_is_written_beside_its_place_whatever_other_folders_are_like(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    assert same(keeping.bound(FEW[:3], tmp_path / "own"), bind(FEW[:3]))
    assert sorted(one.name.partition("-")[0] for one in (tmp_path / "own").iterdir()) == ["index", "making", "texts"]


def test_the_same_text_twice_is_read_once_and_stands_twice() -> None:
    once = read(["会議室", "印刷", "会議室"])
    again = read(["印刷", "会議室"], once)
    assert len(once.marks) == 3
    assert len(set(once.marks.tolist())) == 2
    assert again.marks.tolist() == [once.marks[1], once.marks[0]]
    assert list(again.vocabulary) == list(read(["印刷", "会議室"]).vocabulary)


def test_nothing_is_read_of_nothing() -> None:
    assert read([]).vocabulary == {}
    assert read([""]).columns()[0].tolist() == []
