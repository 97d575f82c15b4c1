"""Official letters as agencies write them (Nghị định 30/2020, Phụ lục I): a PDF before its number.

Its font has every Vietnamese letter, its head room for number and date, its foot for a signature.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import quytrinh.signing

FONT = Path(quytrinh.signing.__file__).parent / "fonts" / "LiberationSerif-Regular.ttf"
SERIF = "QT-Serif"
WIDTH, HEIGHT = A4
LEFT, RIGHT = 30 * mm, WIDTH - 15 * mm
LINE = 7 * mm
BODY = (
    "Thực hiện chương trình phối hợp giữa hai cơ quan, đề nghị Quý cơ quan cho ý kiến về dự",
    "thảo kế hoạch bảo vệ bờ biển, đê điều và rừng phòng hộ trong mùa mưa bão sắp tới.",
    "Nội dung góp ý xin gửi về trước ngày họp để tổng hợp, báo cáo cấp có thẩm quyền quyết",
    "định. Mọi vướng mắc xin trao đổi với Phòng Nghiệp vụ. Trân trọng cảm ơn sự phối hợp.",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What differs from one letter to the next."""

    agency: str
    place: str
    notation: str
    subject: str
    title: str
    signer: str
    to: str
    body: Sequence[str] = BODY

    def pdf(self) -> bytes:
        """Draw the letter on one page."""
        _know_the_font()
        written = io.BytesIO()
        canvas = Canvas(written, pagesize=A4)
        self._head(canvas)
        self._body(canvas)
        self._foot(canvas)
        canvas.showPage()
        canvas.save()
        return written.getvalue()

    def _head(self, canvas: Canvas) -> None:
        left, right = LEFT + 33 * mm, RIGHT - 45 * mm
        canvas.setFont(SERIF, 12)
        canvas.drawCentredString(left, HEIGHT - 25 * mm, self.agency.upper())
        canvas.drawCentredString(right, HEIGHT - 25 * mm, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
        canvas.setFont(SERIF, 13)
        canvas.drawCentredString(right, HEIGHT - 31 * mm, "Độc lập - Tự do - Hạnh phúc")
        canvas.line(right - 28 * mm, HEIGHT - 33 * mm, right + 28 * mm, HEIGHT - 33 * mm)
        canvas.line(left - 12 * mm, HEIGHT - 27 * mm, left + 12 * mm, HEIGHT - 27 * mm)
        canvas.drawString(LEFT + 12 * mm, HEIGHT - 41 * mm, f"Số:        /{self.notation}")
        dated = f"{self.place}, ngày        tháng        năm 2026"
        canvas.drawCentredString(right, HEIGHT - 41 * mm, dated)
        canvas.setFont(SERIF, 12)
        canvas.drawCentredString(left, HEIGHT - 48 * mm, f"V/v {self.subject}")

    def _body(self, canvas: Canvas) -> None:
        canvas.setFont(SERIF, 13)
        canvas.drawCentredString(WIDTH / 2, HEIGHT - 65 * mm, f"Kính gửi: {self.to}")
        for number, line in enumerate(self.body):
            start = LEFT + (10 * mm if number == 0 else 0)
            canvas.drawString(start, HEIGHT - 78 * mm - number * LINE, line)

    def _foot(self, canvas: Canvas) -> None:
        centre = RIGHT - 40 * mm
        canvas.setFont(SERIF, 13)
        canvas.drawCentredString(centre, 120 * mm, self.title)
        canvas.drawCentredString(centre, 85 * mm, self.signer)
        canvas.setFont(SERIF, 12)
        canvas.drawString(LEFT, 120 * mm, "Nơi nhận:")
        canvas.setFont(SERIF, 11)
        canvas.drawString(LEFT, 114 * mm, "- Như trên;")
        canvas.drawString(LEFT, 109 * mm, "- Lưu: VT, NV.")


def _know_the_font() -> None:
    if SERIF not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(SERIF, str(FONT)))


BINH_THUAN = Letter(
    agency="Cơ quan mẫu Bình Thuận",
    place="Bình Thuận",
    notation="CQBTh-NV",
    subject="phối hợp phòng, chống thiên tai",
    title="GIÁM ĐỐC",
    signer="Nguyễn Văn Mẫu",
    to="Cơ quan mẫu Hà Tĩnh",
)
HA_TINH = Letter(
    agency="Cơ quan mẫu Hà Tĩnh",
    place="Hà Tĩnh",
    notation="CQHT-NV",
    subject="góp ý kế hoạch phòng, chống thiên tai",
    title="GIÁM ĐỐC",
    signer="Đặng Văn Khuôn Mẫu",
    to="Cơ quan mẫu Bình Thuận",
)


def _annex() -> bytes:
    _know_the_font()
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    canvas.setFont(SERIF, 13)
    canvas.drawCentredString(WIDTH / 2, HEIGHT - 40 * mm, "PHỤ LỤC")
    for number, line in enumerate(BODY):
        canvas.drawString(LEFT, HEIGHT - 55 * mm - number * LINE, line)
    canvas.showPage()
    canvas.save()
    return written.getvalue()


ANNEX = _annex()


def with_script(content: bytes) -> bytes:
    """The same file, running a script when it is opened."""
    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    action = generic.DictionaryObject({
        generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
        generic.pdf_name("/JS"): generic.pdf_string("app.alert(1)"),
    })  # fmt: skip
    writer.root[generic.pdf_name("/OpenAction")] = writer.add_object(action)
    writer.update_root()
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()
