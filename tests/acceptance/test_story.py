"""The story of a submission slip, from the specialist's desk to the clerk's, in browsers."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.support.desk import HERE, Desk
from tests.support.pdf import letter
from tests.support.people import (
    CLERK,
    DEPUTY,
    DIRECTOR,
    OTHER_SPECIALIST,
    PASSWORD,
    SPECIALIST,
    UNIT_HEAD,
    DemoPerson,
)

SUBJECT = "Sửa chữa hệ thống điện tại trụ sở"
FIRST_PAGE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Kính trình Giám đốc xem xét, quyết định.")
Enter = Callable[[DemoPerson], Desk]


@pytest.fixture
def submission(tmp_path: Path) -> Path:
    """A real PDF of two pages in Vietnamese."""
    path = tmp_path / "Tờ trình sửa chữa điện.pdf"
    path.write_bytes(letter(FIRST_PAGE, ("Phụ lục: dự toán",)))
    return path


def test_a_slip_goes_from_the_specialist_to_the_clerk(
    enter: Enter, page: Page, submission: Path
) -> None:
    """PR-01, PR-15, PR-17, PR-21, OUT-03: sent, returned, corrected, agreed, decided, closed."""
    specialist = Desk(page, SPECIALIST).enter()
    head, director, clerk, other = map(enter, (UNIT_HEAD, DIRECTOR, CLERK, OTHER_SPECIALIST))
    waiting_before = inbox_count(head.page)

    address = specialist.begin(SUBJECT, file=submission)
    expect(specialist.place()).to_have_attribute("data-step", "review")
    sees_page_images(specialist.page, pages=2)
    assert FIRST_PAGE[1] in text_of_first_page(specialist.page)
    # The head's page was never reloaded: the server told it.
    expect(head.page.locator("[data-inbox-count]")).to_have_text(str(waiting_before + 1))
    expect(head.page.get_by_role("link", name=SUBJECT)).to_be_visible()

    head.open_task(SUBJECT)
    sees_page_images(head.page, pages=2)
    head.page.get_by_label("Ý kiến").fill("Ghi rõ dự toán.")
    head.press("Trả lại")
    expect(head.page.get_by_role("status")).to_contain_text("Đã xử lý xong bước này")

    specialist.open_task(SUBJECT)
    expect(specialist.place()).to_have_attribute("data-step", "draft")
    expect(specialist.history().filter(has_text="Trả lại")).to_contain_text("Ghi rõ dự toán.")
    expect(specialist.page.get_by_label("Trích yếu")).to_have_value(SUBJECT)
    specialist.page.get_by_label("Nội dung trình").fill("Dự toán 15 triệu đồng, đề nghị duyệt.")
    specialist.press("Trình duyệt")

    head.open_task(SUBJECT)
    expect(head.page.locator(".facts")).to_contain_text("Dự toán 15 triệu đồng")
    head.press("Đồng ý")

    director.open_task(SUBJECT)
    expect(director.place()).to_have_attribute("data-step", "decide")
    director.page.get_by_label("Ý kiến chỉ đạo").fill("Đồng ý, giao Văn phòng thực hiện.")
    director.press("Phê duyệt")
    expect(director.page.get_by_role("status")).to_contain_text("Đã xử lý xong bước này")

    # Nobody presses anything for “Thông báo kết quả”: the clerk's counter says when it is done.
    expect(clerk.page.get_by_role("link", name=SUBJECT)).to_be_visible()
    clerk.open_task(SUBJECT)
    expect(clerk.place()).to_have_attribute("data-step", "close")
    expect(clerk.history().filter(has_text="Thông báo kết quả")).to_contain_text("Hệ thống")
    clerk.page.get_by_label("Số, ký hiệu hồ sơ").fill("12/HS-2026")
    clerk.press("Hoàn thành")
    expect(clerk.page.get_by_role("status")).to_contain_text("đã giải quyết xong")

    specialist.page.goto(address)
    expect(specialist.page.locator(".case-state")).to_contain_text("Đã giải quyết")
    expect(specialist.page.locator("#drawing").locator(HERE)).to_have_count(0)
    tells_the_whole_story(specialist)
    sees_nothing(other, address, pdf_addresses(specialist.page))


def inbox_count(page: Page) -> int:
    """Return what the counter says; nothing means none."""
    return int(page.locator("[data-inbox-count]").inner_text() or 0)


def sees_page_images(page: Page, *, pages: int) -> None:
    """The document is there as images that the browser could draw."""
    images = page.locator("img.page-image")
    expect(images).to_have_count(pages)
    for number in range(pages):
        image = images.nth(number)
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 500
    page.evaluate("scrollTo(0, 0)")


def text_of_first_page(page: Page) -> str:
    """Return what a screen reader gets instead of the first image."""
    address = page.get_by_role("link", name="bản chữ của trang 1").get_attribute("href")
    return page.request.get(str(address)).text()


def pdf_addresses(page: Page) -> list[str]:
    """Return the addresses of the document: image, text, original."""
    image = page.locator("img.page-image").first.get_attribute("src")
    text = page.get_by_role("link", name="bản chữ của trang 1").get_attribute("href")
    original = page.get_by_role("link", name="Tải về").get_attribute("href")
    return [str(image), str(text), str(original)]


def tells_the_whole_story(desk: Desk) -> None:
    """Every act stands in the history with its person, the latest first."""
    acts = [
        ("Kết thúc: Đã giải quyết", ""),
        ("Hoàn thành", CLERK.name),
        ("Gửi để biết", "Hệ thống"),
        ("Phê duyệt", DIRECTOR.name),
        ("Đồng ý", UNIT_HEAD.name),
        ("Trình duyệt", SPECIALIST.name),
        ("Trả lại", UNIT_HEAD.name),
        ("Trình duyệt", SPECIALIST.name),
        ("Khởi tạo hồ sơ", SPECIALIST.name),
    ]
    lines = desk.history()
    expect(lines).to_have_count(len(acts))
    for line, (what, who) in zip(lines.all(), acts, strict=True):
        expect(line).to_contain_text(what)
        expect(line).to_contain_text(who)


def sees_nothing(stranger: Desk, case: str, document: list[str]) -> None:
    """For a person of another agency there is no such case, page image, text or file."""
    answer = stranger.page.goto(case)
    assert answer is not None
    assert answer.status == 404
    expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Không tìm thấy trang này")
    assert SUBJECT not in stranger.page.content()
    assert [stranger.page.request.get(each).status for each in document] == [404, 404, 404]
    stranger.page.goto("/ho-so/")
    assert SUBJECT not in stranger.page.content()


def test_the_original_is_downloaded_unchanged(enter: Enter, submission: Path) -> None:
    """What comes back is what was sent, byte for byte, under its Vietnamese name."""
    specialist = enter(SPECIALIST)
    specialist.begin("Tải về nguyên bản", file=submission)
    with specialist.page.expect_download() as download:
        specialist.page.get_by_role("link", name="Tải về").click()
    assert download.value.suggested_filename == submission.name
    assert Path(download.value.path()).read_bytes() == submission.read_bytes()


def test_another_agency_finds_no_task(enter: Enter) -> None:
    """A task's address is no key: a stranger can neither read nor do it."""
    specialist, head, stranger = enter(SPECIALIST), enter(UNIT_HEAD), enter(OTHER_SPECIALIST)
    specialist.begin("Việc không phải của cơ quan khác")
    head.open_task("Việc không phải của cơ quan khác")
    answer = stranger.page.goto(head.page.url)
    assert answer is not None
    assert answer.status == 404
    stranger.page.goto("/ho-so/moi/phieu-trinh/")
    form = stranger.page.locator("form[enctype]")
    form.evaluate("(form, address) => { form.action = address }", f"{head.page.url}approve/")
    answer = stranger.answer_to(lambda: stranger.press("Trình duyệt"))
    assert answer.status == 404
    head.page.reload()
    expect(head.button("Đồng ý")).to_be_enabled()


def test_a_colleague_who_never_held_the_case_does_not_see_it(enter: Enter) -> None:
    """AR-12: within the agency too, a case is seen by those it passed, the clerk and the head."""
    specialist, deputy, clerk, director = map(enter, (SPECIALIST, DEPUTY, CLERK, DIRECTOR))
    address = specialist.begin("Hồ sơ chỉ người liên quan được xem")
    statuses = [each.page.request.get(address).status for each in (deputy, clerk, director)]
    assert statuses == [404, 200, 200]


def test_a_stranger_is_asked_to_log_in(page: Page, enter: Enter) -> None:
    """After login one is where one wanted to be."""
    address = enter(SPECIALIST).begin("Hồ sơ có người hỏi địa chỉ")
    page.goto(address)
    expect(page).to_have_url(re.compile(r"/dang-nhap/\?next="))
    page.get_by_label("Tên đăng nhập").fill(SPECIALIST.username)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page).to_have_url(address)
