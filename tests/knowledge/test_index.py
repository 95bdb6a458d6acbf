"""Words, sounds, spellings and meanings lead to the same subject; what was kept on disk is what was bound."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge import keeping, terms
from knowledge.binding import Bound, bind, bound_of
from knowledge.index import NEAREST, Entry, Index
from knowledge.reading import Read
from knowledge.spelling import Spelling

ENTRIES = [
    Entry("room", "会議室を借りたい"),
    Entry("room", "会議室は一時間ごとに貸します", asked=False),
    Entry("crowd", "クラウドファンディングを始めたい"),
    Entry("fee", "How much is the registration fee?"),
    Entry("print", "チラシを印刷したい"),
]
INDEX = Index(ENTRIES)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("会議室を借りる", "room"),
        ("かいぎしつ かりたい", "room"),
        ("会義室を借りたい", "room"),
        ("クラウドファンデングを始める", "crowd"),
        ("クラファン", "crowd"),
        ("regstration", "fee"),
        ("registering", "fee"),
        ("プリントする", "print"),
        ("想印传单", "print"),
    ],
    ids=["inflected", "kana", "homophone", "typo", "short_form", "letter_missing", "stem", "meaning", "chinese"],
)
def test_finds(question: str, subject: str) -> None:
    assert INDEX.rank(question).best[0].subject == subject


def test_characters_and_sounds_are_enough_without_the_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "_tokenizer", lambda: None)
    bare = Index(ENTRIES)
    assert [bare.rank(text).best[0].subject for text in ("会議室", "かりたい", "fees", "印刷")] == [
        "room",
        "room",
        "fee",
        "print",
    ]


@pytest.mark.parametrize("text", ["", " ", "。", "xyzzy"])
def test_what_nobody_knows_finds_nothing(text: str) -> None:
    ranking = INDEX.rank(text)
    assert ranking.best == ()
    assert ranking.unknown == pytest.approx(1.0)


def test_the_best_of_the_chosen_are_never_crowded_out() -> None:
    crowd = Index(
        [*(Entry(f"crowd{at}", "会議室を借りたい") for at in range(60)), Entry("own", "会議室の鍵"), *ENTRIES]
    )
    chosen = np.array([one == "own" for one in crowd.bound.subjects])
    assert "own" not in crowd.subjects("会議室を借りたい", 40)
    best = crowd.rank("会議室を借りたい", 40, chosen).best
    assert [one.subject for one in best][-1] == "own"
    assert len(best) == 41
    assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)
    assert crowd.rank("会議室を借りたい", 40, ~chosen).best == crowd.rank("会議室を借りたい", 40).best


def test_an_empty_index_finds_nothing() -> None:
    assert Index([]).rank("会議室").best == ()


def test_every_share_lies_between_nothing_and_all() -> None:
    for one in INDEX.rank("会議室を借りたい").best:
        for share in (one.nearest, one.cover, one.words, one.pairs, one.sounds):
            assert 0 <= share <= 1.0001


def test_the_same_wording_is_as_near_as_can_be() -> None:
    assert INDEX.rank("チラシを印刷したい").best[0].nearest == pytest.approx(1.0, abs=1e-3)


def test_what_is_kept_is_what_was_bound(tmp_path: Path) -> None:
    fresh = keeping.bound(ENTRIES, tmp_path)
    (file,) = tmp_path.glob("index-*.npz")
    kept = keeping.bound(ENTRIES, tmp_path)
    assert (kept.subjects, kept.vocabulary, kept.wordings) == (fresh.subjects, fresh.vocabulary, fresh.wordings)
    assert np.array_equal(kept.explains.weight, bind(ENTRIES).explains.weight)
    assert kept.size > 0
    file.write_bytes(b"cut short")
    assert keeping.bound(ENTRIES, tmp_path).subjects == fresh.subjects


def test_other_texts_are_another_file_and_only_the_newest_stay(tmp_path: Path) -> None:
    for n in range(9):
        keeping.bound([("a", f"会議室 {n}", True)], tmp_path)
    assert len(list(tmp_path.glob("index-*.npz"))) == 6
    assert len(list(tmp_path.glob("texts-*.npz"))) == 1
    assert list(tmp_path.glob("*.part")) == []


def test_of_two_that_miss_the_same_index_one_makes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []

    def slowly(entries: Sequence[tuple[str, str, bool]], texts: Read) -> Bound:
        made.append(entries)
        time.sleep(0.05)
        return bound_of(entries, texts)

    monkeypatch.setattr(keeping, "bound_of", slowly)
    with ThreadPoolExecutor(2) as both:
        one, other = both.map(lambda _: keeping.bound([("a", "会議室", True)], tmp_path), range(2))
    assert (one.subjects, len(made)) == (other.subjects, 1)


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert keeping.bound([("a", "会議室", True)], tmp_path / "file").subjects == ("a",)


@pytest.mark.parametrize(
    ("typed", "read"),
    [("wboook", "wbook"), ("wbok", None), ("wbokk", "wbook"), ("wボランテア", "wボランティア"), ("w漢字漢字", None)],
)
def test_one_mistake_is_forgiven(typed: str, read: str | None) -> None:
    assert Spelling(["wbook", "wボランティア", "w漢字漢語", "cbook"]).nearest(typed) == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("wfile", "wfiles"),
        ("wiles", "wfiles"),
        ("wファイア", "wファイル"),
        ("w4rooms", None),
        ("w市民活勤", None),
        ("wrests", None),
        ("wldap", None),
        ("wdmap", "wdamp"),
        ("wdumb", None),
    ],
)
def test_what_is_no_mistake_of_writing_or_might_be_two_is_left(typed: str, read: str | None) -> None:
    """A number is what was meant; of two words equally near nobody knows which; kanji are not spelt."""
    known = ["wfiles", "wファイル", "w3rooms", "w市民活動", "wtests", "wnests", "wdamp"]
    assert Spelling(known).nearest(typed) == read


def test_the_index_is_kept_where_the_machine_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert keeping.folder() == tmp_path / "cache" / "nakodo"
    monkeypatch.setenv("CACHE_DIRECTORY", f"{tmp_path / 'own'}:{tmp_path / 'other'}")
    assert keeping.folder() == tmp_path / "own"
    monkeypatch.delenv("CACHE_DIRECTORY")
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert keeping.folder() == tmp_path / ".cache" / "nakodo"


def test_nobody_without_a_home_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("CACHE_DIRECTORY", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert keeping.folder() is None


MANY = Index(Entry(f"s{at:02}", "会議室" * (at % 7 + 1) + "予約" * (at % 3), asked=at % 2 == 0) for at in range(60))


@pytest.mark.parametrize("at_most", [1, 2, 3, 14, 15, 16, 59, 60, 100])
def test_the_best_are_the_same_however_many_are_asked_for(at_most: int) -> None:
    every = MANY.rank("会議室の予約", 60).best
    assert len(every) == 60
    assert list(every) == sorted(every, key=lambda one: (-one.score, one.subject))
    assert MANY.rank("会議室の予約", at_most).best == every[:at_most]
    assert MANY.subjects("会議室の予約", at_most) == [one.subject for one in every[:at_most]]


def test_what_is_told_of_a_subject_are_shares() -> None:
    found = INDEX.rank("会議室を借りたい").best[0]
    assert 0.9 < found.nearest <= 1.0001
    for share in (found.cover, found.words, found.pairs, found.sounds):
        assert 0.5 < share <= 1
    assert found.score == pytest.approx(found.cover + NEAREST * found.nearest, abs=1e-5)


def test_what_nobody_has_used_counts_as_unknown() -> None:
    assert INDEX.rank("会議室").unknown == 0
    half = INDEX.rank("会議室 zzzqqq")
    assert 0.05 < half.unknown < 0.95
    assert INDEX.rank("zzzqqq xxxyyy").unknown == pytest.approx(1)
    assert "wzzzqqq" in half.terms
