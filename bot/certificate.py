"""The certificate of a course as a PDF of one page, with Japanese type that every reader of PDF brings along."""

from __future__ import annotations

import io
from datetime import date

from knowledge.event import Content

_FONT = "HeiseiMin-W3"
_MM = 72 / 25.4
_WIDTH, _HEIGHT = 297 * _MM, 210 * _MM  # A4 lying


def certificate(name: str, of: Content, day: date) -> bytes:
    """Who came to which course on which day; the organiser signs it."""
    # It takes a while to import, and few centres ever need it.
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
    from reportlab.pdfgen.canvas import Canvas

    registerFont(UnicodeCIDFont(_FONT))
    out = io.BytesIO()
    page = Canvas(out, pagesize=(_WIDTH, _HEIGHT), invariant=True)
    page.setTitle("受講証")
    page.setAuthor(of.organiser)
    page.setLineWidth(2)
    page.rect(12 * _MM, 12 * _MM, _WIDTH - 24 * _MM, _HEIGHT - 24 * _MM)
    for text, largest, height in (
        ("受講証", 44, 155),
        (f"{name} 様", 30, 118),
        (f"あなたは、{day.year}年{day.month}月{day.day}日の", 18, 92),
        (f"「{of.title}」", 22, 76),
        ("を受講されました。", 18, 60),
        (of.organiser, 20, 34),
    ):
        size = next((one for one in range(largest, 6, -1) if stringWidth(text, _FONT, one) < _WIDTH - 40 * _MM), 6)
        page.setFont(_FONT, size)
        page.drawCentredString(_WIDTH / 2, height * _MM, text)
    page.save()
    return out.getvalue()
