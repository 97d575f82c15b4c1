"""Make the pictures of the README anew: docs/images/inbox.png and docs/images/case.png.

scripts/screenshots.py      runs an installation of its own for a minute and leaves nothing behind

What they show is the demo's fictitious agency; needs what `make test` needs.
"""

from __future__ import annotations

import os
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(ROOT / "plugins")]

from tests.support.api_client import ApiClient  # noqa: E402
from tests.support.desk import Desk  # noqa: E402
from tests.support.pdf import letter  # noqa: E402
from tests.support.people import SPECIALIST, UNIT_HEAD, DemoPerson  # noqa: E402
from tests.support.site import Site, embedded_site  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1366, "height": 768}
COLOURS = 256

SHOWN = "Đề nghị sửa chữa hệ thống điện tại trụ sở cơ quan"
SUBJECTS = (
    (SHOWN, "flash", "48500000"),
    ("Đề nghị mua sắm máy quét cho bộ phận văn thư", "urgent", None),
    ("Kế hoạch tập huấn sử dụng hệ thống năm 2027", "normal", None),
    ("Phê duyệt danh mục hồ sơ điện tử năm 2027", "normal", None),
    ("Cử công chức tham gia tổ công tác chuyển đổi số", "very_urgent", None),
    ("Điều chỉnh lịch trực trong dịp nghỉ lễ", "urgent", None),
    ("Báo cáo tiến độ giải quyết hồ sơ quý III", "normal", None),
    ("Thanh lý tài sản hết thời hạn sử dụng", "normal", None),
)
SUBMISSION = letter(
    (
        "CƠ QUAN MẪU                    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Phòng Nghiệp vụ                     Độc lập - Tự do - Hạnh phúc",
        "",
        "PHIẾU TRÌNH",
        f"Về việc: {SHOWN}",
        "",
        "Kính gửi: Giám đốc cơ quan.",
        "Hệ thống điện tại trụ sở đưa vào sử dụng từ lâu, nhiều đoạn dây đã",
        "xuống cấp, không bảo đảm an toàn phòng cháy, chữa cháy.",
        "Phòng Nghiệp vụ đề nghị Giám đốc xem xét, phê duyệt chủ trương sửa",
        "chữa và giao Văn phòng chủ trì, phối hợp thực hiện trong quý IV.",
        "",
        "(Dữ liệu minh họa)",
    ),
    ("Phụ lục: dự toán kinh phí", "", "(Dữ liệu minh họa)"),
)
PDF_FILE = ("phieu-trinh-sua-chua-dien.pdf", SUBMISSION, "application/pdf")
CONTENT = "Đề nghị phê duyệt chủ trương và giao Văn phòng chủ trì thực hiện."


def fill(site: Site) -> None:
    """Put work before the head of the unit; one slip was returned once and came back."""
    specialist, head = ApiClient(site.url, SPECIALIST), ApiClient(site.url, UNIT_HEAD)
    for subject, urgency, cost in SUBJECTS:
        values = {"content": CONTENT, "urgency": urgency}
        if cost:
            values["estimated_cost"] = float(cost)
        case_id = specialist.submit(subject, files={"main": PDF_FILE}, **values)
        if subject == SHOWN:
            head.do(case_id, "return", comment="Bổ sung dự toán kinh phí kèm theo.")
            specialist.do(case_id, "submit", subject=subject, **values)


def seat(browser: Browser, site: Site, person: DemoPerson) -> Desk:
    """Open a browser profile for a person."""
    context = browser.new_context(base_url=site.url, viewport=SIZE, locale="vi-VN")
    return Desk(context.new_page(), person).enter()


def keep(page: Page, name: str) -> None:
    """Take the picture, with few colours: pages have no more, and the file is a third."""
    page.evaluate("document.fonts.ready")
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    path = IMAGES / name
    few.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)} {path.stat().st_size // 1024} kB")


def main() -> None:
    """Start, fill, take both pictures, stop."""
    program = os.environ.get("QUYTRINH_CHROMIUM") or "/usr/bin/chromium"
    with (
        tempfile.TemporaryDirectory() as folder,
        embedded_site(Path(folder)) as site,
        sync_playwright() as playwright,
    ):
        fill(site)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        head = seat(browser, site, UNIT_HEAD)
        head.page.goto("/viec/", wait_until="networkidle")
        keep(head.page, "inbox.png")
        head.open_task(SHOWN)
        head.page.wait_for_load_state("networkidle")
        keep(head.page, "case.png")
        browser.close()


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    main()
