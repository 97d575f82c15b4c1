"""PDF files made for tests."""

from __future__ import annotations

import io

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas


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
