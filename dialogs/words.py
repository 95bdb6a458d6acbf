"""The words of one language: read from a TOML file, filled with values, readings marked for the channel to draw."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import tomli

FOLDER = Path(__file__).parent / "words"
LANGUAGES = ("ja", "ja-easy", "en", "zh", "ko")
ORIGINAL = "ja"

# Unicode's interlinear annotation: base text and its reading travel inside a plain string (Unicode 15, chapter 23.8).
_ANCHOR, _SEPARATOR, _END = "\ufff9", "\ufffa", "\ufffb"
_READING = re.compile(r"\{([^{}|]+)\|([^{}|]+)\}")
_HOLE = re.compile(r"\{([a-z_]+)\}")
_DRAWN = re.compile(f"{_ANCHOR}([^{_SEPARATOR}]*){_SEPARATOR}([^{_END}]*){_END}")
_KANA = re.compile("[ぁ-ゖァ-ヺー・]+")
_UNSAFE = re.compile("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


class WordsWrong(Exception):
    """A words file cannot be used; the message names file, key and mend."""


@dataclass(frozen=True)
class Phrase:
    """One entry of a words file, cut at its holes: text, name, text, name, … text."""

    parts: tuple[str, ...]

    @classmethod
    def of(cls, raw: str) -> Phrase:
        """Cut `raw`; `{漢字|かんじ}` becomes a marked reading, `{name}` a hole."""
        marked = _READING.sub(f"{_ANCHOR}\\1{_SEPARATOR}\\2{_END}", raw)
        return cls(tuple(_HOLE.split(marked)))

    @property
    def holes(self) -> frozenset[str]:
        """The names that must be filled."""
        return frozenset(self.parts[1::2])

    def fill(self, values: Mapping[str, str | int]) -> str:
        """The phrase with its holes filled; values are shown literally, never parsed."""
        if len(self.parts) == 1:
            return self.parts[0]
        return "".join(part if i % 2 == 0 else _filled(str(values[part])) for i, part in enumerate(self.parts))


def shown(value: str) -> str:
    """A display copy of what somebody wrote: no controls, no marks of ours, and unable to turn its surroundings."""
    clean = _UNSAFE.sub("", value)
    return f"\u2068{clean}\u2069" if _RIGHT_TO_LEFT.search(clean) else clean


def _filled(value: str) -> str:
    """`shown`, but kana readings stay: one phrase may fill another, and kana over a word can mislead nobody."""
    if _ANCHOR not in value:
        return shown(value)
    return "".join(
        f"{_ANCHOR}{shown(base)}{_SEPARATOR}{reading}{_END}" if reading and _KANA.fullmatch(reading) else shown(base)
        for base, reading in pieces(value)
    )


def bracketed(text: str) -> str:
    """Readings in brackets, 漢字(かんじ), for channels that have no ruby."""
    return _DRAWN.sub(r"\1(\2)", text)


def bare(text: str) -> str:
    """The text without its readings."""
    return _DRAWN.sub(r"\1", text)


def pieces(text: str) -> Iterator[tuple[str, str | None]]:
    """The text as (base, reading or None), for channels that draw ruby."""
    last = 0
    for found in _DRAWN.finditer(text):
        if found.start() > last:
            yield text[last : found.start()], None
        yield found.group(1), found.group(2)
        last = found.end()
    if last < len(text):
        yield text[last:], None


def plain(text: str) -> str:
    """A copy for comparing only: width and case folded, spaces and closing marks dropped."""
    folded = unicodedata.normalize("NFKC", bare(text)).casefold()
    return re.sub(r"[\s\u200b-\u200d\ufeff。.、,!?！？「」『』()♪~〜]+", "", folded)


@lru_cache(maxsize=4096)
def plain_label(label: str) -> str:
    """`plain` for labels of ours, remembered; words of people are not kept in memory for this."""
    return plain(label)


@dataclass(frozen=True)
class Words:
    """Every phrase of one language by dotted key, such as `consultation.way.ask`."""

    language: str
    phrases: Mapping[str, Phrase]
    # What people type instead of tapping, by command: plain() forms.
    spoken: Mapping[str, str] = field(default_factory=dict)

    def say(self, key: str, /, **values: str | int) -> str:
        """The phrase `key`, filled. KeyError for an unknown key: the check of all files makes that impossible."""
        parts = self.phrases[key].parts
        return parts[0] if len(parts) == 1 else self.phrases[key].fill(values)

    def has(self, key: str) -> bool:
        """Whether there is such a phrase."""
        return key in self.phrases

    def keys(self, section: str) -> list[str]:
        """The last parts of the keys directly under `section`, in the file's order."""
        start = section + "."
        return [key[len(start) :] for key in self.phrases if key.startswith(start) and "." not in key[len(start) :]]


def _flatten(table: Mapping[str, Any], before: str, file: Path) -> Iterator[tuple[str, str | list[str]]]:
    for key, value in table.items():
        name = f"{before}.{key}" if before else key
        if isinstance(value, Mapping):
            yield from _flatten(value, name, file)
        elif isinstance(value, (str, list)):
            yield name, value
        else:
            raise WordsWrong(f"{file.name}: {name} is not text; put it in quotation marks")


def _phrase(value: str, key: str, file: Path) -> Phrase:
    if "{" in _HOLE.sub("", _READING.sub("", value)):
        raise WordsWrong(
            f"{file.name}: {key} has a brace that is neither {{name}} nor {{漢字|かんじ}}; mend or remove it"
        )
    return Phrase.of(value)


def _learn(spoken: dict[str, str], command: str, said: list[str], file: Path) -> None:
    for word in said:
        form = plain(str(word))
        if not form:
            raise WordsWrong(
                f"{file.name}: spoken.{command} holds “{word}”, which anything empty would match; remove it"
            )
        if spoken.setdefault(form, command) != command:
            raise WordsWrong(
                f"{file.name}: “{word}” is in spoken.{spoken[form]} and spoken.{command}; keep one of them"
            )


@cache
def load(language: str, folder: Path = FOLDER) -> Words:
    """Read one language's file. Raises WordsWrong naming file, key and mend."""
    file = folder / f"{language}.toml"
    try:
        table = tomli.loads(file.read_text("utf-8"))
    except FileNotFoundError as missing:
        raise WordsWrong(f"{file.name} is missing; every language needs its file in dialogs/words") from missing
    except tomli.TOMLDecodeError as broken:
        raise WordsWrong(f"{file.name} cannot be read: {broken}; mend that line") from broken
    phrases: dict[str, Phrase] = {}
    spoken: dict[str, str] = {}
    for key, value in _flatten(table, "", file):
        if isinstance(value, str):
            phrases[key] = _phrase(value, key, file)
        elif key.startswith("spoken."):
            _learn(spoken, key.removeprefix("spoken."), value, file)
        else:
            raise WordsWrong(f"{file.name}: {key} is a list; only [spoken] holds lists")
    return Words(language, phrases, spoken)


@cache
def library(folder: Path = FOLDER) -> Mapping[str, Words]:
    """All languages, checked against the original. Raises WordsWrong."""
    books = {language: load(language, folder) for language in LANGUAGES}
    original = books[ORIGINAL]
    for book in books.values():
        check_same(original, book)
    return books


def check_same(original: Words, other: Words) -> None:
    """The same keys with the same holes, or WordsWrong naming the first difference."""
    name = f"{other.language}.toml"
    for key in original.phrases:
        if key not in other.phrases:
            raise WordsWrong(f"{name}: {key} is missing; translate it from {original.language}.toml")
    for key, phrase in other.phrases.items():
        if key not in original.phrases:
            raise WordsWrong(f"{name}: {key} is not in {original.language}.toml; remove it or add it there")
        if phrase.holes != original.phrases[key].holes:
            wanted = ", ".join(sorted(original.phrases[key].holes)) or "none"
            raise WordsWrong(f"{name}: {key} needs exactly these placeholders: {wanted}")
