"""A demonstration authority of this run, its people, and documents for them to sign."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

import quytrinh.signing
from quytrinh.signing import demo_marks
from quytrinh.signing.core import Signatory, Workplace
from quytrinh.signing.demo_pki import DemoPki, Holder
from quytrinh.signing.layout import layout
from quytrinh.signing.placing import Values
from quytrinh.signing.trust_services import DemoTrustServices
from quytrinh.spi import SignerKind
from quytrinh_sign_pkcs12 import Pkcs12Signing

FONT = Path(quytrinh.signing.__file__).parent / "fonts" / "LiberationSerif-Regular.ttf"
LEADER = "Nguyễn Hữu Thế"
TITLE = "CHỦ TỊCH"
AGENCY = "binh-thuan"
ORGANISATION = "Ủy ban nhân dân tỉnh Bình Thuận"


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority in a directory, with a plugin over its keys."""

    services: DemoTrustServices
    plugin: Pkcs12Signing

    @property
    def pki(self) -> DemoPki:
        return self.services.pki

    def workplace(self, name: str = "nghi-dinh-30-2020") -> Workplace:
        return Workplace(self.services, self.services.anchors(), layout(name))

    def person(
        self,
        key: str = "person:leader",
        name: str = LEADER,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        bits: int = 2048,
    ) -> Signatory:
        """Someone with a key, made when first asked for."""
        holder = Holder(AGENCY, key, name, ORGANISATION, SignerKind.PERSON)
        self.pki.issue(holder, valid_from=since, valid_until=until, bits=bits)
        return self.signatory(key)

    def organisation(self) -> Signatory:
        """The agency itself."""
        holder = Holder(AGENCY, "organisation", "", ORGANISATION, SignerKind.ORGANISATION)
        self.pki.issue(holder)
        return self.signatory("organisation")

    def signatory(self, key: str) -> Signatory:
        return Signatory(self.plugin, self.plugin.credentials(AGENCY, key)[0], AGENCY)


@cache
def authority(name: str = "home") -> Authority:
    """An authority kept for the whole run; other names are strangers to it."""
    services = DemoTrustServices(settings.SCRATCH / "pki" / name)
    services.pki.prepare()
    plugin = Pkcs12Signing(
        {
            "directory": str(services.pki.holders),
            "passphrase_file": str(services.pki.passphrase_file),
        }
    )
    return Authority(services, plugin)


def values(**given: str) -> Values:
    """What a document of the agency says."""
    images = {
        "person": demo_marks.handwriting(LEADER),
        "seal": demo_marks.seal(ORGANISATION),
    }
    return Values(title=TITLE, name=LEADER, organisation=ORGANISATION, images=images, **given)


NUMBERED = {
    "number": "866", "notation": "QĐ-UBND", "day": "22", "month": "11", "year": "2026",
}  # fmt: skip


def decision(*, pages: int = 1, name: str = LEADER) -> bytes:
    """A decision as agencies write them, with room for number, date and signature."""
    if "QT-Serif" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("QT-Serif", str(FONT)))
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4)
    width, height = A4
    for page in range(pages):
        canvas.setFont("QT-Serif", 13)
        if page == 0:
            canvas.drawCentredString(width / 4, height - 25 * mm, "ỦY BAN NHÂN DÂN")
            canvas.drawCentredString(width / 4, height - 31 * mm, "TỈNH BÌNH THUẬN")
            canvas.drawString(30 * mm, height - 42 * mm, "Số:             /QĐ-UBND")
            canvas.drawString(
                width / 2 + 5 * mm, height - 42 * mm,
                "Bình Thuận, ngày        tháng        năm 2026",
            )  # fmt: skip
            canvas.drawCentredString(width / 2, height - 60 * mm, "QUYẾT ĐỊNH")
        for line in range(12):
            canvas.drawString(
                30 * mm, height - (75 + line * 8) * mm, f"Điều {line + 1}. Nội dung của điều này."
            )
        if page == pages - 1:
            canvas.drawCentredString(width * 0.7, 100 * mm, TITLE)
            canvas.drawCentredString(width * 0.7, 70 * mm, name)
        canvas.showPage()
    canvas.save()
    return written.getvalue()
