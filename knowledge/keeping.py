"""Keeps a bound index on disk under a mark of all that it was made of; safe to delete at any time."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from knowledge import tone
from knowledge.binding import Bound, bind, bound_of, in_order
from knowledge.postings import Postings
from knowledge.reading import NOTHING, Read, read

_UNREADABLE = (OSError, ValueError, KeyError, EOFError, BadZipFile)
_ODDS = "odds_"
_KEPT = 6  # bound indexes in the folder; older ones go
# What a bound index depends on besides the texts.
_MADE_BY = (
    *("binding.py", "keeping.py", "plain.py", "postings.py", "reading.py", "synonyms.py", "terms.py", "tone.py"),
    *("synonyms.toml", "variants.toml"),
)


def folder() -> Path | None:
    """Where indexes are kept: the folder that systemd gives the service, else the user's cache; None without a home."""
    if given := os.environ.get("CACHE_DIRECTORY"):
        return Path(given.partition(":")[0])
    try:
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nakodo"
    except RuntimeError:
        return None


def bound(entries: Sequence[tuple[str, str, bool]], kept_in: Path | None, kinds: Sequence[str] = ()) -> Bound:
    """The entries bound (see knowledge.binding), from the folder where they are kept already; None keeps nothing.

    It knows how the wordings of these kinds of subjects sound (see knowledge.tone).
    """
    if kept_in is None:
        return _with_odds(bind(entries), kinds)
    path = kept_in / f"index-{_mark(entries, kinds)}.npz"
    # A file that is gone, cut short or of another make is made again; a folder that cannot be written costs only time.
    if (kept := _kept(path)) is not None:
        return kept
    with _alone(path):
        if (kept := _kept(path)) is not None:
            return kept
        # Of texts that were read for an earlier index most are in the next one too: an article more is a second's work.
        texts, ordered = path.parent / f"texts-{_makers().hex()[:32]}.npz", in_order(entries)
        was_read = read([text for _, text, _ in ordered], _texts(texts))
        made = _with_odds(bound_of(ordered, was_read), kinds)
        with contextlib.suppress(OSError):
            _write(made, path)
            _write_texts(was_read, texts)
    return made


def _with_odds(made: Bound, kinds: Sequence[str]) -> Bound:
    return replace(made, odds={kind: tone.learnt(made, kind) for kind in kinds})


def _kept(path: Path) -> Bound | None:
    with contextlib.suppress(*_UNREADABLE):
        found = _read(path)
        path.touch()  # what is still used is not among the oldest
        return found
    return None


@contextlib.contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Of several processes that miss the same index one makes it, and the others wait for it."""
    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            door = held.enter_context((path.parent / "making").open("ab"))
            fcntl.flock(door, fcntl.LOCK_EX)
        yield


def _mark(entries: Sequence[tuple[str, str, bool]], kinds: Sequence[str]) -> str:
    mark = hashlib.sha256(_makers())
    mark.update(repr(tuple(kinds)).encode())
    for subject, text, asked in entries:
        mark.update(repr((subject, text, asked)).encode("utf-8", "backslashreplace"))
    return mark.hexdigest()[:32]


@cache
def _makers() -> bytes:
    mark = hashlib.sha256(np.__version__.encode())
    here = Path(__file__).parent
    for name in _MADE_BY:
        mark.update((here / name).read_bytes())
    with contextlib.suppress(ImportError):
        from importlib.metadata import PackageNotFoundError, version

        with contextlib.suppress(PackageNotFoundError):
            mark.update(f"{version('sudachipy')} {version('sudachidict_core')}".encode())
    return mark.digest()


def _write(made: Bound, path: Path) -> None:
    named: dict[str, Any] = {f"{_ODDS}{kind}": odds for kind, odds in made.odds.items()}
    for which, postings in (("explains", made.explains), ("likens", made.likens)):
        named |= {f"{which}_{name}": getattr(postings, name) for name in ("starts", "at", "weight")}
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        np.savez(
            part,
            subjects=_packed(made.subjects),
            vocabulary=_packed(made.vocabulary),
            rarity=made.rarity,
            first_wording=made.first_wording,
            wordings=np.array([made.wordings]),
            **named,
        )
    _put(part.name, path, _KEPT)


def _put(part: str, path: Path, most: int) -> None:
    """Put what was written in its place, and take away the oldest of its kind."""
    Path(part).replace(path)
    kind = path.name.partition("-")[0]
    newest_first = sorted(path.parent.glob(f"{kind}-*.npz"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in newest_first[most:]:
        old.unlink(missing_ok=True)


def _write_texts(texts: Read, path: Path) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        plain = {name: getattr(texts, name) for name in ("marks", "starts", "term", "often")}
        np.savez(part, **plain, vocabulary=_packed(texts.vocabulary))
    _put(part.name, path, 2)


def _texts(path: Path) -> Read:
    """What was read of texts before, or nothing."""
    with contextlib.suppress(*_UNREADABLE), path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        words = kept["vocabulary"].tobytes().decode("utf-8", "surrogatepass").split("\n")
        numbered = dict(zip(words, range(len(words)), strict=True))
        return Read(kept["marks"], kept["starts"], kept["term"], kept["often"], numbered)
    return NOTHING


def _packed(words: Sequence[str] | dict[str, int]) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _read(path: Path) -> Bound:
    with path.open("rb") as file, np.load(file, allow_pickle=False) as kept:
        subjects, words = (
            kept[name].tobytes().decode("utf-8", "surrogatepass").split("\n") for name in ("subjects", "vocabulary")
        )
        explains, likens = (
            Postings(kept[f"{which}_starts"], kept[f"{which}_at"], kept[f"{which}_weight"])
            for which in ("explains", "likens")
        )
        return Bound(
            tuple(subjects),
            dict(zip(words, range(len(words)), strict=True)),
            kept["rarity"],
            explains,
            likens,
            kept["first_wording"],
            int(kept["wordings"][0]),
            {name.removeprefix(_ODDS): kept[name] for name in kept.files if name.startswith(_ODDS)},
        )
