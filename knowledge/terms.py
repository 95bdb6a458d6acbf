"""Cuts a text into what it is compared by: words in their normal form, pairs of characters, and threes of its sound."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from knowledge.plain import even, folded
from knowledge.synonyms import groups_of

try:
    from sudachipy import Dictionary, SplitMode
except ImportError:  # an installation without the dictionary of words still has characters and sounds
    Dictionary = None


class Channel(Enum):
    """How a text is looked at; the value begins each term of the channel."""

    WORD = "w"
    PAIR = "c"
    SOUND = "s"


@dataclass(frozen=True)
class Terms:
    """How often each word, pair and sound occurs, each in order of first appearance; `meanings` of the words by word.

    A word's meanings are the synonym groups that it belongs to.
    """

    words: dict[str, int]
    pairs: dict[str, int]
    sounds: dict[str, int]
    meanings: dict[str, tuple[str, ...]]


class _Morph(NamedTuple):
    """A word as the dictionary sees it."""

    normal: str
    sound: str
    telling: bool
    meanings: tuple[str, ...]


_TELLING = frozenset({"名詞", "動詞", "形容詞", "副詞", "形状詞", "接尾辞", "接頭辞"})
_SILENT = frozenset({"補助記号", "空白"})
# Normal forms that say nothing about the matter: to do, to be, thing, how, please tell, and the polite ways of it.
_EMPTY = frozenset(
    re.findall(
        r"\S+",
        "為る 有る 居る 成る 事 物 出来る 教える 下さる 良い 如何 何 御 所 の 時 頂く 呉れる 貰う 知る 願う 様 達"
        " 御座る 存ずる 存じる 申す 致す 宜しい 伺う 参る 承る 仰る 私 我々 うち 共 言う 思う 欲しい",
    )
)
_STOPWORDS = frozenset(
    re.findall(
        r"[a-z]+",
        "a an the i we you he she it they my our your me us is are was were be been am do does did to of in on at for"
        " and or with by as this that these those there what how can could would should will shall may have has had"
        " please if so about from want like need any some get tell know d s m t re ll ve im id",
    )
)
_LATIN = re.compile(r"[a-z0-9]+")
_NOT_LATIN = re.compile(r"[^a-z0-9 ]+")
# Korean, and characters that only simplified Chinese has: their main nouns are read in Japanese, see variants.toml.
_FOREIGN = re.compile(
    r"[가-힣询们请么吗设预费补资办样谁这书员机关业务团动场钱证规则应该进还对报记账转让钟馆课议约问题语认]"
)
_QUIET = frozenset(chr(code) for code in range(0x3041, 0x3097)) | {"ー"}  # hiragana: particles and inflections
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def terms(text: str) -> Terms:
    """What a text is compared by. Without the dictionary of words, words are those in Latin letters only."""
    same = even(text)
    if _FOREIGN.search(same):
        same = folded(text)
    words: dict[str, int] = {}
    meanings: dict[str, tuple[str, ...]] = {}
    sound = ""
    for run in _NOT_LATIN.findall(same):
        sound += " "
        for morph in _morphs(run):
            sound += morph.sound
            if morph.telling:
                words[morph.normal] = words.get(morph.normal, 0) + 1
                if morph.meanings:
                    meanings[morph.normal] = morph.meanings
    for word in _LATIN.findall(same):
        if word not in _STOPWORDS:
            stem = _stem(word)
            words[stem] = words.get(stem, 0) + 1
            if known := groups_of(stem):
                meanings[stem] = known
    return Terms(words, _pairs(folded(text)), _threes(sound), meanings)


def _pairs(text: str) -> dict[str, int]:
    """Characters and pairs of neighbours; what is only hiragana, or in Latin letters, tells nothing here."""
    counts = Counter(text)
    counts.update(map("".join, pairwise(text)))
    return {pair: count for pair, count in counts.items() if _loud(pair)}


@lru_cache(maxsize=30_000)
def _loud(pair: str) -> bool:
    wide = not any(character == " " or character.isascii() for character in pair)
    return wide and any(character not in _QUIET for character in pair)


def _threes(sound: str) -> dict[str, int]:
    counts = Counter(map("".join, zip(sound, sound[1:], sound[2:], strict=False)))
    return {three: count for three, count in counts.items() if " " not in three}


def _morphs(run: str) -> Iterator[_Morph]:
    tokenizer = _tokenizer()
    if tokenizer is None:
        yield _Morph(run, run.translate(_TO_KATAKANA), telling=False, meanings=())
        return
    for found in tokenizer.tokenize(run):
        key = (found.word_id(), found.part_of_speech_id(), found.surface())  # unknown words share one number
        morph = _KNOWN.get(key)
        if morph is None:
            morph = _read(found)
            if len(_KNOWN) < _REMEMBERED:
                _KNOWN[key] = morph
        yield morph


# Asking the dictionary four things about a word costs more than finding the word; it is remembered up to this many.
_REMEMBERED = 20_000
_KNOWN: dict[tuple[int, int, str], _Morph] = {}


def _read(found: Any) -> _Morph:
    part = found.part_of_speech()[0]
    normal = str(found.normalized_form()).lower()
    sound = "" if part in _SILENT and not found.is_oov() else str(found.reading_form())
    telling = part in _TELLING and normal not in _EMPTY
    meanings = (*(f"#{group}" for group in found.synonym_group_ids()), *groups_of(normal))
    return _Morph(normal, sound.translate(_TO_KATAKANA), telling, meanings if telling else ())


@cache
def _tokenizer() -> Any:
    return None if Dictionary is None else Dictionary(dict="core").tokenizer(mode=SplitMode.A)


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ers", "er", "ed", "es", "s", "y", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
