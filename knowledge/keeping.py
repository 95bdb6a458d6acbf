"""Keeps a bound index on disk under a mark of all that it was made of; safe to delete at any time."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from knowledge.binding import Bound, bind
from knowledge.postings import Postings

_KEPT = 4  # bound indexes in the folder; older ones go
# What a bound index depends on besides the texts.
_MADE_BY = (
    *("binding.py", "keeping.py", "plain.py", "postings.py", "synonyms.py", "terms.py"),
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


def bound(entries: Sequence[tuple[str, str, bool]], kept_in: Path | None) -> Bound:
    """The entries bound (see knowledge.binding), from the folder where they are kept already; None keeps nothing."""
    if kept_in is None:
        return bind(entries)
    path = kept_in / f"index-{_mark(entries)}.npz"
    # A file that is gone, cut short or of another make is made again; a folder that cannot be written costs only time.
    if (kept := _kept(path)) is not None:
        return kept
    with _alone(path):
        if (kept := _kept(path)) is not None:
            return kept
        made = bind(entries)
        with contextlib.suppress(OSError):
            _write(made, path)
    return made


def _kept(path: Path) -> Bound | None:
    with contextlib.suppress(OSError, ValueError, KeyError):
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


def _mark(entries: Sequence[tuple[str, str, bool]]) -> str:
    mark = hashlib.sha256(_makers())
    for entry in entries:
        mark.update(repr(entry).encode("utf-8", "backslashreplace"))
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
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        np.savez(
            part,
            subjects=_packed(made.subjects),
            vocabulary=_packed(made.vocabulary),
            rarity=made.rarity,
            first_wording=made.first_wording,
            wordings=np.array([made.wordings]),
            **{f"explains_{name}": getattr(made.explains, name) for name in ("starts", "at", "weight")},
            **{f"likens_{name}": getattr(made.likens, name) for name in ("starts", "at", "weight")},
        )
    Path(part.name).replace(path)
    newest_first = sorted(path.parent.glob("index-*.npz"), key=lambda one: one.stat().st_mtime, reverse=True)
    for old in newest_first[_KEPT:]:
        old.unlink(missing_ok=True)


def _packed(words: Sequence[str] | dict[str, int]) -> np.ndarray[tuple[int], np.dtype[np.uint8]]:
    return np.frombuffer("\n".join(words).encode("utf-8", "surrogatepass"), dtype=np.uint8)


def _read(path: Path) -> Bound:
    with np.load(path, allow_pickle=False) as kept:
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
        )
