"""PDF files made for tests."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

SERIF = "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf"


def pdf(*texts: str, size: tuple[float, float] = A4, password: str = "") -> bytes:
    """A PDF with one page for each text; with a password nobody opens it without."""
    written = io.BytesIO()
    encryption = StandardEncryption(password, canPrint=0) if password else None
    canvas = Canvas(written, pagesize=size, encrypt=encryption)
    for text in texts or ("Trang 1",):
        canvas.drawString(72, size[1] - 72, text)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def letter(*pages: Sequence[str]) -> bytes:
    """A PDF in Vietnamese letters, one line of text for each string."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    for lines in pages:
        canvas.setFont(_vietnamese_font(), 12)
        for number, line in enumerate(lines):
            canvas.drawString(72, A4[1] - 90 - 24 * number, line)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


@cache
def _vietnamese_font() -> str:
    """The fonts every PDF reader has know no Vietnamese: this one goes into the file."""
    registerFont(TTFont("Serif", SERIF))
    return "Serif"
