"""Draws a picture anew, dot by dot: where it was taken, by what, and anything hidden in it stays behind."""

from __future__ import annotations

import io
import threading
import warnings

from PIL import Image, ImageOps

MOST_DOTS = 51_000_000  # the largest that a telephone of today takes (8160 × 6144); 300 MB while it is unpacked
LONGEST_SIDE = 2560  # a page of a form can still be read
_QUALITY = 85
_FORMS = ("JPEG", "PNG", "GIF", "WEBP")
_ONE_AT_A_TIME = threading.Lock()  # the memory of one unpacked picture, however many come at once


def anew(data: bytes, longest: int = LONGEST_SIDE) -> bytes | None:
    """A JPEG of the first frame, upright, without anything but its dots; None when these bytes are no such picture.

    Neither side has more than `longest` dots.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(data), formats=_FORMS) as picture:
                if picture.width * picture.height > MOST_DOTS:
                    return None
                return _drawn(picture, longest)
        except (OSError, ValueError, SyntaxError, ArithmeticError, LookupError, MemoryError, TypeError):
            return None  # Pillow's readers raise all of these for broken files
        except Image.DecompressionBombError:
            return None


def _drawn(picture: Image.Image, longest: int) -> bytes:
    picture.draft("RGB", (longest, longest))  # a large JPEG is unpacked no larger than needed
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    clear = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    clear.thumbnail((longest, longest))
    plain = Image.new("RGB", clear.size, "white")
    plain.paste(clear, mask=clear.getchannel("A") if clear.mode == "RGBA" else None)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=_QUALITY, optimize=True)
    return out.getvalue()
