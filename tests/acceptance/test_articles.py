"""One article of each regulation lived from end to end: Bình Định, Điện Biên, Quảng Bình.

Bình Thuận's and Hà Tĩnh's are lived in test_two_provinces.py.
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support import letters
from tests.support.desk import Desk
from tests.support.pdf import pdf
from tests.support.people import TENANTS, DemoPerson, person_of
from tests.support.site import Site

BY_MACHINE = 30_000  # milliseconds that background work may take on a busy machine
Enter = Callable[[DemoPerson], Desk]
Someone = Callable[[str], Desk]
RECIPIENT = "Cơ quan mẫu Hà Tĩnh (dữ liệu minh họa)"
TODAY = dt.date.today()


def written(folder: Path, content: bytes, name: str) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


def take_in(clerk: Desk, subject: str, scan: Path, confirm: str) -> str:
    """A document on paper is taken in, scanned, accepted, registered; return its address."""
    address = clerk.start("van-ban-den", source="paper_post", subject=subject, sender="Sở B")
    clerk.do(subject, "Gắn bản quét", file=scan)
    clerk.do(subject, "Tiếp nhận")
    clerk.do(subject, confirm)
    return address


# PR-06, PR-07, PR-08, DG-03
def test_binh_dinh_a_deputy_who_is_away_is_replaced(enter: Enter, tmp_path: Path) -> None:
    """BĐ 4.1.a-d, 4.2: Director, then the other deputy, then the units side by side."""
    subject = "Rà soát hạ tầng viễn thông"

    def someone(who: str) -> Desk:
        return enter(person_of("binh-dinh", who))

    away = someone("pho-giam-doc")
    leave(away.page)
    clerk = someone("van-thu")
    scan = written(tmp_path, pdf("Văn bản của Sở B"), "Bản quét.pdf")
    address = take_in(clerk, subject, scan, "Vào sổ, chuyển Giám đốc")
    someone("giam-doc").do(
        subject,
        "Chuyển Phó Giám đốc",
        field="chuyen-doi-so",
        lead="phong-nghiep-vu",
        instruction="Đồng chí phụ trách chỉ đạo.",
    )
    # In charge of another field: asked only because the one in charge is away.
    someone("pho-giam-doc-2").do(
        subject,
        "Chuyển các phòng",
        lead="phong-nghiep-vu",
        support="van-phong",
        deadline=f"{TODAY + dt.timedelta(days=7):%d/%m/%Y}",
        instruction="Phòng Nghiệp vụ chủ trì, Văn phòng đồng xử lý.",
    )
    someone("chanh-van-phong").do(subject, "Hoàn thành xử lý", result="Đã góp ý.")
    clerk.do(subject, "Đã chuyển bản gốc", paper_holder="Châu Văn Thực Tập")
    someone("truong-phong").do(
        subject, "Giao cán bộ", assignee=f"{name_of('chuyen-vien')} – Chuyên viên"
    )
    someone("chuyen-vien").do(subject, "Hoàn thành xử lý", result="Đã có báo cáo.")
    clerk.do(subject, "Đưa vào hồ sơ", dossier="07/HS-2026")
    clerk.page.goto(address)
    expect(clerk.page.locator(".case-state")).to_contain_text("Đã giải quyết")
    away.page.goto("/vang-mat/")
    away.page.get_by_role("button", name="Đã trở lại").click()


def name_of(who: str) -> str:
    return person_of("binh-dinh", who).name


def leave(page: Page) -> None:
    """Say on the page of absences that one is away today, without a substitute."""
    page.goto("/vang-mat/")
    form = page.locator("#record-absence")
    form.get_by_label("Từ ngày").fill(f"{TODAY:%d/%m/%Y}")
    form.get_by_label("Đến hết ngày").fill(f"{TODAY:%d/%m/%Y}")
    form.get_by_role("button", name="Ghi nhận vắng mặt").click()
    expect(page.locator(".badge-warn")).to_contain_text("đang vắng")


# SG-09
def test_dien_bien_a_document_with_or_without_its_number(enter: Enter, tmp_path: Path) -> None:
    """ĐB 8.2.b: a number is given before or after the signature, and only once."""
    file = written(tmp_path, letters.HA_TINH.pdf(), "Công văn.pdf")

    def someone(who: str) -> Desk:
        return enter(person_of("dien-bien", who))

    def draft(subject: str, **entered: str) -> str:
        address = someone("chuyen-vien").draft(
            "van-ban-di", "Trình duyệt", file=file, subject=subject, recipients=RECIPIENT, **entered
        )
        someone("truong-phong").do(subject, "Đồng ý nội dung")
        someone("chanh-van-phong").do(subject, "Đúng thể thức")
        someone("chuyen-vien").do(subject, "Trình lãnh đạo ký")
        return address

    after, before = "Kế hoạch kiểm tra an toàn", "Kế hoạch tập huấn công nghệ"
    addresses = [draft(after), draft(before, numbered="on")]
    someone("giam-doc").do(after, "Ký số")
    someone("van-thu").do(after, "Cấp số")
    someone("van-thu").do(before, "Cấp số")
    someone("giam-doc").do(before, "Ký số")
    clerk = someone("van-thu")
    for subject, address in zip((after, before), addresses, strict=True):
        clerk.do(subject, "Ký số cơ quan")
        clerk.page.goto(address)
        expect(clerk.page.locator(".case-state")).to_contain_text(
            "Đã phát hành", timeout=BY_MACHINE
        )
    clerk.page.goto("/so-van-ban/di/")
    for subject in (after, before):
        expect(clerk.page.locator("tr").filter(has_text=subject)).to_have_count(1)


# IN-18, PR-26
def test_quang_binh_on_a_sunday_and_paper_after_electronic(
    enter: Enter, site: Site, tmp_path: Path
) -> None:
    """QB 9.2.b, 9.3.b: today the office is closed, and what arrives is received all the same."""
    subject = "Đề nghị báo cáo đột xuất"
    site.manage("tenant", "apply", str(closed_today(tmp_path)))

    def someone(who: str) -> Desk:
        return enter(person_of("quang-binh", who))

    clerk = someone("van-thu")
    clerk.start("van-ban-den", source="paper_hand", subject=subject, sender="Sở B")
    clerk.open_task(subject)
    assert due_on(clerk.page) <= TODAY + dt.timedelta(days=1)
    scan = written(tmp_path, pdf("Văn bản của Sở B"), "Bản quét.pdf")
    clerk.do(subject, "Gắn bản quét", file=scan)
    clerk.do(subject, "Tiếp nhận")
    clerk.do(subject, "Vào sổ, trình lãnh đạo")
    leader = someone("giam-doc")
    leader.open_task(subject)
    assert due_on(leader.page) > TODAY
    # The paper moves after the electronic document: nothing of it waits for the clerk before.
    clerk.page.goto("/viec/")
    expect(clerk.page.locator("a[href^='/viec/']").filter(has_text=subject)).to_have_count(0)
    leader.do(subject, "Chuyển xử lý", lead="phong-nghiep-vu", instruction="Trả lời trước thứ Sáu.")
    clerk.do(subject, "Đã chuyển bản giấy", paper_holder="Phòng Nghiệp vụ")
    someone("truong-phong").do(subject, "Hoàn thành xử lý", result="Đã báo cáo.")


def closed_today(folder: Path) -> Path:
    """The agency's files, with a day off today for all but those who receive."""
    agency = shutil.copytree(TENANTS / "quang-binh", folder / "quang-binh")
    (agency / "calendars.yaml").write_text(
        "quytrinh: 1\ncalendars: quang-binh\ndays:\n"
        f"  - {{date: {TODAY}, kind: holiday, name: Ngày nghỉ, calendars: [working]}}\n",
        encoding="utf-8",
    )
    return agency


def due_on(page: Page) -> dt.date:
    """The day on which the task that is open is due."""
    told = page.locator("#task").inner_text()
    found = re.search(r"(\d\d)/(\d\d)/(\d{4})", told)
    assert found is not None, told
    return dt.date(int(found[3]), int(found[2]), int(found[1]))
