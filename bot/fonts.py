"""Fonts that can write all five languages, for what is drawn and printed: the operator's, or one of the system."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

# Where the packages of Debian, Ubuntu, Fedora and Arch put one.
_PLACES = tuple(
    Path(place) / "NotoSansCJK-Bold.ttc"
    for place in (
        "/usr/share/fonts/opentype/noto",
        "/usr/share/fonts/google-noto-cjk",
        "/usr/share/fonts/google-noto-sans-cjk-fonts",
        "/usr/share/fonts/noto-cjk",
    )
)
_FACES = {"zh": "SC", "ko": "KR"}  # of a collection: the letters as each language writes them


class NoFont(Exception):
    """No font that can write the menus; the message says how to mend it."""


def find_font(named: str) -> Path:
    """The operator's font file, or one that the system has. Raises NoFont."""
    if named:
        if Path(named).is_file():
            return Path(named)
        raise NoFont(f"NAKODO_MENU_FONT の {named} がありません。フォントのファイルの場所を確かめてください。")
    found = next((place for place in _PLACES if place.is_file()), None)
    if found is None:
        raise NoFont(
            "メニューの絵に使うフォントがありません。`sudo apt-get install fonts-noto-cjk` で入れるか、"
            "日本語・中国語・韓国語を書けるフォントのファイルを NAKODO_MENU_FONT に書いてください。"
        )
    return found


def font_or_none(named: str) -> Path | None:
    """The font that words are drawn with; None when there is none, and each reader's own Japanese type stands in."""
    try:
        return find_font(named)
    except NoFont:
        return None


@lru_cache(64)
def face(path: Path, size: int, language: str) -> ImageFont.FreeTypeFont:
    """A font file at a size in dots; of a collection the face that writes as this language does, else the first."""
    return ImageFont.truetype(str(path), size, index=_index(path, _FACES.get(language, "JP")))


@cache
def _index(path: Path, ending: str) -> int:
    for index in range(16):
        try:
            name = ImageFont.truetype(str(path), 10, index=index).getname()[0] or ""
        except OSError:
            break
        if name.endswith(ending):
            return index
    return 0
