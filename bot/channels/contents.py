"""What came as a picture or a file: told by its first bytes, never by what it is called, and made fit to keep."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum

from bot.ports import Fetched, Never

AT_MOST = 20 * 1024 * 1024  # bytes; Telegram hands bots no more, and one number for both is easier to tell people
DOWNLOAD_S = 60.0  # seconds that one may take as a whole, however steadily it drips


class Why(StrEnum):
    """Why a thing could not be had."""

    GONE = "gone"  # the platform has it no more, or the person took it back
    TOO_LARGE = "too_large"
    NOT_HELD = "not_held"  # it lies outside of the platform
    UNREADABLE = "unreadable"  # a picture that is none, or that is larger inside than any camera's
    UNSAFE = "unsafe"  # a program, a document with macros, a page with scripts
    UNREACHABLE = "unreachable"  # asked for so long that nobody waits any more
    TOO_MANY = "too_many"


class TooLarge(Exception):
    """More came than we would keep; the rest was not read."""


PICTURES = frozenset({"jpeg", "png", "gif", "webp"})
UNSAFE = frozenset({"program", "page", "macros"})

# The first bytes of what people send, and of what nobody should: https://www.garykessler.net/library/file_sigs.html
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "pdf"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"#!AMR", "amr"),
    (b"\x1aE\xdf\xa3", "webm"),
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),  # Word, Excel and PowerPoint before 2007
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
    (b"\xfe\xed\xfa", "program"),
    (b"\xce\xfa\xed\xfe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "program"),  # a shortcut of Windows
)
_RIFF = {b"WEBP": "webp", b"WAVE": "wav", b"AVI ": "avi"}
_STILL = frozenset({b"heic", b"heix", b"heif", b"hevc", b"mif1", b"msf1", b"avif", b"avis"})
_SOUND = frozenset({b"M4A ", b"M4B "})
_OFFICE = {"word/": "docx", "xl/": "xlsx", "ppt/": "pptx"}
_MARKUP = re.compile(rb"\s*<(?:!|\?|[a-z])", re.IGNORECASE)
_MPEG_AUDIO = frozenset({0xFB, 0xF3, 0xF2, 0xF1, 0xF9})  # MPEG layer III and AAC frames
_MOST_ENTRIES = 10_000


def form_of(data: bytes) -> str:
    """What these bytes are: a short key such as "jpeg", "pdf", "program", or "other"."""
    for start, form in _STARTS:
        if data.startswith(start):
            return form
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12], "other")
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in _STILL else "m4a" if data[8:12] in _SOUND else "mp4"
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _packed(data)
    if data[:1] == b"\xff" and data[1:2] and data[1] in _MPEG_AUDIO:
        return "mp3" if data[1] in {0xFB, 0xF3, 0xF2} else "aac"
    return _written(data)


def _packed(data: bytes) -> str:
    """A zip file, and which of those that are one; only its table of contents is read, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as pack:
            names = pack.namelist()
    except (zipfile.BadZipFile, ValueError, RuntimeError, OverflowError):  # of zipfile, for what it does not read
        return "other"
    if len(names) > _MOST_ENTRIES:
        return "zip"
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        return "macros"
    if "[Content_Types].xml" not in names:
        return "zip"
    return next((form for start, form in _OFFICE.items() if any(name.startswith(start) for name in names)), "zip")


def _written(data: bytes) -> str:
    """Text, or a page: a browser takes for one what only begins like it."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\x00", b"")
    if _MARKUP.match(start):
        return "page"
    if b"\x00" in data[:4096] or not data.strip():
        return "other"
    for code in ("utf-8", "cp932"):
        try:
            data.decode(code)
        except UnicodeDecodeError:
            continue
        return "txt"
    return "other"


def examined(data: bytes) -> Fetched | Never:
    """Fit to keep, or why not. A picture is drawn anew, whatever it was sent as: nothing but its dots survives."""
    form = form_of(data)
    if not data:
        return Never(Why.UNREADABLE)
    if form in UNSAFE:
        return Never(Why.UNSAFE)
    if form not in PICTURES:
        return Fetched(form, data)
    from bot.channels.pictures import anew  # loaded when the first picture comes

    drawn = anew(data)
    return Never(Why.UNREADABLE) if drawn is None else Fetched("jpeg", drawn)
