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


def vietnamese_pdf(*lines: tuple[int, int, str]) -> bytes:
    """A page with lines at (x, y) in any letters, without a font that has them.

    What a reader extracts comes from the ToUnicode map alone: one code for each letter used.
    """
    letters = sorted({letter for _, _, text in lines for letter in text})
    assert len(letters) < 200
    code = {letter: place + 33 for place, letter in enumerate(letters)}
    shown = "".join(
        f"BT /F1 12 Tf 1 0 0 1 {x} {y} Tm <{''.join(f'{code[c]:02x}' for c in text)}> Tj ET\n"
        for x, y, text in lines
    )
    pairs = "\n".join(
        f"<{code[letter]:02x}> <{letter.encode('utf-16-be').hex()}>" for letter in letters
    )
    unicode_map = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "1 begincodespacerange <00> <ff> endcodespacerange\n"
        f"{len(letters)} beginbfchar\n{pairs}\nendbfchar\nendcmap end end"
    )
    widths = " ".join(["500"] * 223)
    return _pdf_of(
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}endstream",
        "<< /Type /Font /Subtype /TrueType /BaseFont /Helvetica /ToUnicode 6 0 R"
        f" /FirstChar 33 /LastChar 255 /Widths [{widths}] >>",
        f"<< /Length {len(unicode_map)} >>\nstream\n{unicode_map}\nendstream",
    )


def _pdf_of(*objects: str) -> bytes:
    body, offsets = "%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    return (
        f"{body}xref\n0 {size}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode("ascii")
