"""What people send is told by its first bytes, and pictures are drawn anew before anybody sees them."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage

import pytest
from PIL import Image

from bot.channels.contents import Why, examined, form_of
from bot.channels.doubles.things import contents
from bot.channels.pictures import LONGEST_SIDE, MOST_DOTS, anew
from bot.ports import Fetched, Never
from tests.each import each

PAGE = b"<!DOCTYPE html><script>alert(1)</script>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def drawn(form: str, mode: str = "RGB", size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new(mode, size, more.pop("colour", 0)).save(out, form, **more)  # type: ignore[arg-type]
    return out.getvalue()


def packed(*names: str) -> bytes:
    """A zip file with these names in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        for name in names:
            pack.writestr(name, "x")
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large; a few bytes, as a bomb is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


FORMS: list[tuple[str, bytes, str]] = [
    ("JPEG", drawn("JPEG"), "jpeg"),
    ("PNG", drawn("PNG"), "png"),
    ("GIF", drawn("GIF"), "gif"),
    ("WebP", drawn("WEBP"), "webp"),
    ("PDF", b"%PDF-1.7\n", "pdf"),
    ("Word", packed("[Content_Types].xml", "word/document.xml"), "docx"),
    ("Excel", packed("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
    ("Word with macros", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "macros"),
    ("zip", packed("a.txt"), "zip"),
    ("zip that is broken", b"PK\x03\x04" + b"x" * 50, "other"),
    ("old Word", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    ("voice of LINE", contents("audio"), "m4a"),
    ("video", contents("video"), "mp4"),
    ("voice of Telegram", b"OggS\x00\x02", "ogg"),
    ("picture of an iPhone", b"\x00\x00\x00\x18ftypheic", "heic"),
    ("sound", b"RIFF\x00\x00\x00\x00WAVEfmt ", "wav"),
    ("words", "会則(案)\n第1条".encode(), "txt"),
    ("words of an old PC", "会則(案)".encode("cp932"), "txt"),
    ("page", PAGE, "page"),
    ("page after spaces", b"\xef\xbb\xbf \r\n\t<HTML>", "page"),
    ("page in UTF-16", "<html>".encode("utf-16-le"), "page"),
    ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "page"),
    ("XML", b"<?xml version='1.0'?><x/>", "page"),
    ("program", b"MZ\x90\x00", "program"),
    ("program of Linux", b"\x7fELF", "program"),
    ("script", b"#!/bin/sh\n", "program"),
    ("words that only begin like a program", b"MZ", "program"),
    ("virus test", EICAR, "txt"),
    ("nothing known", bytes(range(256)), "other"),
    ("half a letter", b"\x81", "other"),
    ("nothing", b"", "other"),
]


@each(("data", "form"), [one[1:] for one in FORMS], ids=[one[0] for one in FORMS])
def test_C27_what_it_is_is_told_by_its_first_bytes(data: bytes, form: str) -> None:
    assert form_of(data) == form


@pytest.mark.parametrize("form", ["program", "page", "macros"])
def test_C27_what_may_do_harm_by_being_opened_is_not_kept(form: str) -> None:
    samples = [data for _, data, told in FORMS if told == form]
    assert [examined(data) for data in samples] == [Never(Why.UNSAFE)] * len(samples)


def test_C27_a_file_that_is_no_picture_is_kept_bit_for_bit() -> None:
    data = b"%PDF-1.7\n" + bytes(range(256)) * 10
    assert examined(data) == Fetched("pdf", data)


@pytest.mark.parametrize(
    "hidden", [drawn("JPEG") + PAGE, drawn("GIF") + PAGE, drawn("JPEG", comment=PAGE)], ids=["after", "GIF", "comment"]
)
def test_C27_a_page_hidden_in_a_picture_does_not_survive(hidden: bytes) -> None:
    assert PAGE in hidden
    kept = examined(hidden)
    assert isinstance(kept, Fetched)
    assert (kept.form, form_of(kept.data)) == ("jpeg", "jpeg")
    assert b"script" not in kept.data


@pytest.mark.parametrize("data", [b"\xff\xd8\xff" + PAGE, b"GIF89a" + PAGE, b"\x89PNG\r\n\x1a\n" + PAGE])
def test_C27_what_only_begins_like_a_picture_is_none(data: bytes) -> None:
    assert examined(data) == Never(Why.UNREADABLE)


def test_P15_where_a_picture_was_taken_stays_behind() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY"
    exif.get_ifd(0x8825)[1] = "N"
    for form in ("JPEG", "PNG", "WEBP"):
        data = drawn(form, exif=exif)
        assert b"CANARY" in data, form
        kept = examined(data)
        assert isinstance(kept, Fetched)
        with Image.open(io.BytesIO(kept.data)) as seen:
            assert (len(seen.getexif()), set(seen.info) & {"exif", "xmp", "comment", "icc_profile"}) == (0, set())
        assert b"CANARY" not in kept.data


def test_P15_a_picture_taken_sideways_is_turned_upright_before_that_is_forgotten() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = anew(drawn("JPEG", size=(40, 30), exif=exif))
    assert kept is not None
    with Image.open(io.BytesIO(kept)) as seen:
        assert seen.size == (30, 40)


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16"])
def test_every_way_to_keep_colours_can_be_shown(mode: str) -> None:
    form = {"CMYK": "JPEG"}.get(mode, "PNG")
    kept = anew(drawn(form, mode))
    assert kept is not None
    with Image.open(io.BytesIO(kept)) as seen:
        assert (seen.format, seen.mode, seen.size) == ("JPEG", "RGB", (40, 30))


def test_what_can_be_seen_through_is_put_on_white() -> None:
    kept = anew(drawn("PNG", "RGBA", colour=(0, 0, 0, 0)))
    assert kept is not None
    with Image.open(io.BytesIO(kept)) as seen:
        assert seen.getpixel((5, 5)) == (255, 255, 255)


def test_a_large_picture_is_made_as_large_as_a_page_of_a_form_needs() -> None:
    kept = anew(drawn("JPEG", "L", (6000, 1500)))
    assert kept is not None
    with Image.open(io.BytesIO(kept)) as seen:
        assert seen.size == (LONGEST_SIDE, LONGEST_SIDE // 4)


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    return png_of(width, height)


def moving() -> bytes:
    """A GIF of ten thousand frames."""
    one = drawn("GIF")
    head, frame = one[: one.index(b",")], one[one.index(b",") : -1]
    return head + frame * 10_000 + b";"


BOMBS: dict[str, Callable[[], bytes]] = {
    "30,000 by 30,000": bomb,
    "one dot more than may be": lambda: png_of(MOST_DOTS + 1, 1),
    "a line two milliards long": lambda: png_of(2**31 - 1, 1),
    "cut off": lambda: drawn("JPEG", size=(500, 500))[:-200],
}


@pytest.mark.parametrize("made", BOMBS.values(), ids=BOMBS)
def test_C28_a_bomb_is_refused_before_it_is_unpacked(made: Callable[[], bytes]) -> None:
    data, before = made(), getrusage(RUSAGE_SELF).ru_maxrss
    assert examined(data) == Never(Why.UNREADABLE)
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < 50 * 1024  # kilobytes


def test_C28_of_ten_thousand_frames_the_first_is_drawn() -> None:
    kept = examined(moving())
    assert isinstance(kept, Fetched)
    assert len(kept.data) < 10_000


def test_C28_a_zip_bomb_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for number in range(20):
            pack.writestr(f"{number}.txt", bytes(10_000_000))
    tracemalloc.start()
    try:
        assert examined(out.getvalue()) == Fetched("zip", out.getvalue())
        assert tracemalloc.get_traced_memory()[1] < 5 * 1024 * 1024
    finally:
        tracemalloc.stop()
