"""The pictures of the phone that are kept, and beside them the words that stood on each when it was taken."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path

from PIL import Image

from dialogs.words import bare, library
from tests.browser.walks import Step, Walk

FOLDER = Path(__file__).parent / "pictures"
_WORDS = FOLDER / "words.json"
CHANNELS = ("line", "telegram", "web")
WIDTH, HEIGHT = 390, 844
AT_THE_END = 1_000  # so many signs of the words are kept: what is seen is the end of the talk
COLOURS = 16  # letters stay sharp, and a picture has some 12 KB


def file_of(channel: str, kind: str) -> Path:
    """Where a picture lies."""
    return FOLDER / f"{channel}-{kind}.webp"


def words_taken() -> dict[str, str]:
    """The words on each picture, by the name of its file."""
    told: dict[str, str] = json.loads(_WORDS.read_text("utf-8"))
    return told


def keep(shots: dict[Path, tuple[bytes, str]]) -> None:
    """Put these pictures (PNG, and the words on it) in the place of all that were there."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    for file, (png, _) in shots.items():
        plain = Image.open(BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
        plain.convert("RGB").save(file, "WEBP", lossless=True, method=6)
    words = {file.name: words[-AT_THE_END:] for file, (_, words) in sorted(shots.items())}
    _WORDS.write_text(json.dumps(words, ensure_ascii=False, indent=1) + "\n", "utf-8")


def missing(walk: Walk, step: Step, words: str) -> list[str]:
    """What should stand on a picture as the house says it today and does not; values put in later do not count."""
    book = library()[walk.language]
    asked = [piece for key in step.shows for piece in re.split(r"\{\w+\}", bare(book.say(key)))]
    return [piece for piece in asked if _plain(piece) not in _plain(words)]


def _plain(words: str) -> str:
    """Without readings in brackets and without blanks, which every channel sets in its own way."""
    return re.sub(r"\s|\([ぁ-ゖー]+\)", "", words)
