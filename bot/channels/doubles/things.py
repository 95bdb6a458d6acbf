"""What made-up people send besides words: real files of each kind, small, drawn or spelt out here."""

from __future__ import annotations

import functools
import io

# The heads of an MPEG-4 sound and film, enough for whoever asks what kind of file this is.
_SOUND = b"\x00\x00\x00\x18ftypM4A \x00\x00\x02\x00M4A mp42\x00\x00\x00\x08mdat"
_FILM = b"\x00\x00\x00\x18ftypmp42\x00\x00\x02\x00mp42isom\x00\x00\x00\x08mdat"
_TEXT = "町会だより 第12号\n会議室の予約について\n".encode()


@functools.cache
def picture() -> bytes:
    """A JPEG of a park on a sunny day."""
    from PIL import Image, ImageDraw

    seen = Image.new("RGB", (640, 400), "#bfe3ff")
    brush = ImageDraw.Draw(seen)
    brush.ellipse((480, 40, 570, 130), fill="#ffd24d")
    brush.rectangle((0, 260, 640, 400), fill="#8cc56b")
    for left in (60, 170, 300, 420, 540):
        brush.rectangle((left + 22, 210, left + 34, 290), fill="#8a5a33")
        brush.ellipse((left - 6, 130, left + 62, 236), fill="#4f9a4d")
    brush.polygon([(230, 400), (330, 262), (350, 262), (430, 400)], fill="#e6d7b0")
    out = io.BytesIO()
    seen.save(out, "JPEG", quality=80)
    return out.getvalue()


def contents(kind: str) -> bytes:
    """The content of a thing of this kind, by either platform's name for it."""
    match kind:
        case "audio" | "voice":
            return _SOUND
        case "video":
            return _FILM
        case "file" | "document":
            return _TEXT
        case _:
            return picture()
