"""Bad input in a browser: a clear answer in Vietnamese, nothing half done, what was typed kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support.api_client import ApiClient
from tests.support.desk import Desk
from tests.support.pdf import pdf
from tests.support.people import (
    DIRECTOR,
    OTHER_SPECIALIST,
    SPECIALIST,
    UNIT_HEAD,
    DemoPerson,
)

Enter = Callable[[DemoPerson], Desk]
Api = Callable[[DemoPerson], ApiClient]
CONTENT = "Nội dung đã gõ rất lâu, không được mất."
TRACE = re.compile(r"Traceback|site-packages|File \"/|[A-Za-z]+(Error|Exception)\b")
MEBIBYTE = 1024 * 1024


def speaks_plainly(page: Page) -> None:
    """No page tells a person about the inside of the program."""
    assert TRACE.search(page.inner_text("body")) is None


def has_no_case(desk: Desk, subject: str) -> None:
    """No case of this subject was begun."""
    desk.page.goto("/ho-so/")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Hồ sơ")
    expect(desk.page.get_by_text(subject)).to_have_count(0)


def fill_start(desk: Desk, subject: str, file: Path | None = None) -> None:
    """Fill the form that begins a case."""
    desk.page.goto("/ho-so/moi/phieu-trinh/")
    desk.page.get_by_label("Trích yếu").fill(subject)
    desk.page.get_by_label("Nội dung trình").fill(CONTENT)
    if file:
        desk.page.get_by_label("Hồ sơ trình").set_input_files(file)


def keeps_what_was_typed(desk: Desk, subject: str) -> None:
    """The fields still hold what was typed."""
    expect(desk.page.get_by_label("Trích yếu")).to_have_value(subject)
    expect(desk.page.get_by_label("Nội dung trình")).to_have_value(CONTENT)


@pytest.fixture
def not_a_pdf(tmp_path: Path) -> Path:
    path = tmp_path / "bao-cao.pdf"
    path.write_text("Đây là văn bản thường mang tên .pdf")
    return path


@pytest.fixture
def encrypted(tmp_path: Path) -> Path:
    path = tmp_path / "mat.pdf"
    path.write_bytes(pdf("Mật", password="khong-ai-biet"))
    return path


@pytest.mark.parametrize(
    ("kind", "words"),
    [("not_a_pdf", "Tệp không phải PDF"), ("encrypted", "mật khẩu")],
    ids=["not-a-pdf", "encrypted"],
)
def test_a_file_that_is_no_open_pdf_is_refused_at_its_field(
    kind: str, words: str, enter: Enter, request: pytest.FixtureRequest
) -> None:
    subject = f"Hồ sơ kèm tệp hỏng {kind}"
    desk = enter(SPECIALIST)
    fill_start(desk, subject, request.getfixturevalue(kind))
    answer = desk.answer_to(lambda: desk.press("Trình duyệt"))
    assert answer.status == 422
    field = desk.page.get_by_label("Hồ sơ trình")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(words))
    expect(desk.page.get_by_text("hãy chọn lại tệp")).to_be_visible()
    keeps_what_was_typed(desk, subject)
    speaks_plainly(desk.page)
    has_no_case(desk, subject)


@pytest.fixture
def hundred_megabytes(tmp_path: Path) -> Path:
    path = tmp_path / "lon.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(100 * MEBIBYTE)
    return path


def test_a_hundred_megabytes_are_not_even_sent(enter: Enter, hundred_megabytes: Path) -> None:
    """Told as soon as the file is chosen; another file puts it right."""
    subject = "Hồ sơ chọn tệp 100 MB"
    desk = enter(SPECIALIST)
    posts: list[str] = []
    desk.page.on("request", lambda sent: posts.append(sent.url) if sent.method == "POST" else None)
    fill_start(desk, subject, hundred_megabytes)
    field = desk.page.get_by_label("Hồ sơ trình")
    expect(field).to_have_accessible_description(re.compile("Tệp lớn quá 50 MB"))
    desk.press("Trình duyệt")
    expect(field).to_be_focused()
    keeps_what_was_typed(desk, subject)
    assert posts == []
    field.set_input_files([])
    desk.press("Trình duyệt")
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(subject)


def test_a_hundred_megabytes_are_refused_before_they_are_read(
    new_context: Callable[..., BrowserContext], hundred_megabytes: Path
) -> None:
    """A browser without scripts sends them."""
    subject = "Hồ sơ kèm tệp 100 MB"
    desk = Desk(new_context(java_script_enabled=False).new_page(), SPECIALIST).enter()
    fill_start(desk, subject, hundred_megabytes)
    answer = desk.answer_to(lambda: desk.press("Trình duyệt"))
    assert answer.status == 413
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Tệp gửi lên quá lớn")
    expect(desk.page.get_by_text("50 MB")).to_be_visible()
    speaks_plainly(desk.page)
    has_no_case(desk, subject)


def test_a_wrong_password_is_told_and_the_name_kept(page: Page) -> None:
    """AD-09: nobody learns whether the name exists."""
    page.goto("/dang-nhap/")
    told = []
    for name in (SPECIALIST.username, "khong-co-nguoi-nay"):
        page.get_by_label("Tên đăng nhập").fill(name)
        page.get_by_label("Mật khẩu").fill("sai-mat-khau")
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_label("Mật khẩu")).to_have_value("")
        expect(page.get_by_label("Tên đăng nhập")).to_have_value(name)
        told.append(page.get_by_role("alert").inner_text())
    assert told == ["Tên đăng nhập hoặc mật khẩu không đúng."] * 2
    page.goto("/viec/")
    expect(page).to_have_url(re.compile("/dang-nhap/"))


def test_missing_words_are_named_and_the_rest_is_kept(enter: Enter) -> None:
    subject = "Hồ sơ thiếu nội dung"
    desk = enter(SPECIALIST)
    desk.page.goto("/ho-so/moi/phieu-trinh/")
    desk.page.get_by_label("Trích yếu").fill(subject)
    desk.page.get_by_label("Kinh phí dự kiến").fill("mười triệu")
    assert desk.answer_to(lambda: desk.press("Trình duyệt")).status == 422
    expect(desk.page.locator(".error-summary")).to_be_focused()
    for label in ("Nội dung trình", "Kinh phí dự kiến"):
        expect(desk.page.get_by_label(label)).to_have_attribute("aria-invalid", "true")
    expect(desk.page.get_by_label("Trích yếu")).to_have_value(subject)
    expect(desk.page.get_by_label("Kinh phí dự kiến")).to_have_value("mười triệu")
    has_no_case(desk, subject)


def test_a_return_needs_its_reason(enter: Enter, api: Api) -> None:
    """PR-17: who corrects must know what."""
    api(SPECIALIST).submit("Trả lại không nêu lý do")
    head = enter(UNIT_HEAD)
    head.open_task("Trả lại không nêu lý do")
    assert head.answer_to(lambda: head.press("Trả lại")).status == 422
    expect(head.page.get_by_label("Ý kiến")).to_have_attribute("aria-invalid", "true")
    expect(head.place()).to_have_attribute("data-step", "review")
    head.page.get_by_label("Ý kiến").fill("Nêu rõ nguồn kinh phí.")
    head.press("Trả lại")
    expect(head.page.get_by_role("status")).to_contain_text("Đã xử lý xong")


def test_a_task_open_in_two_tabs_is_done_once(enter: Enter, api: Api) -> None:
    case_id = api(SPECIALIST).submit("Mở ở hai thẻ")
    first, second = enter(UNIT_HEAD), enter(UNIT_HEAD)
    first.open_task("Mở ở hai thẻ")
    second.open_task("Mở ở hai thẻ")
    first.press("Đồng ý")
    expect(first.page.get_by_role("status")).to_contain_text("Đã xử lý xong")
    second.page.get_by_label("Ý kiến").fill(CONTENT)
    answer = second.answer_to(lambda: second.press("Trả lại"))
    assert answer.status == 409
    expect(second.page.locator("main")).to_contain_text(f"đã được {UNIT_HEAD.name} xử lý lúc")
    expect(second.page.locator("main")).to_contain_text("không được ghi thêm lần nữa")
    expect(second.page.get_by_text(CONTENT)).to_be_visible()
    speaks_plainly(second.page)
    assert acts_of(api(SPECIALIST), case_id, UNIT_HEAD) == ["Đồng ý"]


def test_a_double_click_does_a_task_once(enter: Enter, api: Api) -> None:
    case_id = api(SPECIALIST).submit("Nhấn đúp chuột")
    head = enter(UNIT_HEAD)
    head.open_task("Nhấn đúp chuột")
    head.button("Đồng ý").dblclick()
    expect(head.page.get_by_role("status")).to_contain_text("Đã xử lý xong")
    assert acts_of(api(SPECIALIST), case_id, UNIT_HEAD) == ["Đồng ý"]


def test_a_double_click_begins_one_case(enter: Enter) -> None:
    subject = "Nhấn đúp khi lập hồ sơ"
    desk = enter(SPECIALIST)
    fill_start(desk, subject)
    desk.button("Trình duyệt").dblclick()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(subject)
    desk.page.goto("/ho-so/")
    expect(desk.page.get_by_text(subject)).to_have_count(1)


def acts_of(reader: ApiClient, case_id: str, person: DemoPerson) -> list[str]:
    """Return what a person did in a case."""
    history = reader.case(case_id)["history"]
    return [line["what"] for line in history if line["who"] == person.name]


def test_a_form_drawn_for_another_agency_is_refused(
    new_context: Callable[..., BrowserContext], enter: Enter
) -> None:
    """The browser changed agency in another tab: the form must not land in the wrong one."""
    subject = "Gõ cho cơ quan này, gửi khi đã sang cơ quan khác"
    context = new_context()
    desk = Desk(context.new_page(), SPECIALIST).enter()
    fill_start(desk, subject)
    other_tab = Desk(context.new_page(), OTHER_SPECIALIST)
    other_tab.page.goto("/viec/")
    other_tab.page.locator(".menu-person summary").click()
    other_tab.press("Đăng xuất")
    other_tab.enter()

    assert desk.answer_to(lambda: desk.press("Trình duyệt")).status == 409
    expect(desk.page.get_by_role("heading", level=1)).to_have_text("Trang này thuộc cơ quan khác")
    expect(desk.page.get_by_text(CONTENT)).to_be_visible()
    speaks_plainly(desk.page)
    has_no_case(other_tab, subject)
    has_no_case(enter(SPECIALIST), subject)


BROKEN = "quytrinh: 1\nflow: thu-nghiem\nname: [chưa đóng ngoặc\n"
UNKNOWN_STEP = """\
quytrinh: 1
flow: thu-nghiem
name: Quy trình thử nghiệm
document: internal
roles:
  drafter: {name: Người trình, who: {creator: true}}
start: {by: drafter}
steps:
  - id: draft
    name: Soạn
    by: drafter
    actions:
      submit: {label: Gửi, to: khong-co-buoc-nay}
  - {end: done, name: Xong}
"""


def test_broken_yaml_is_shown_with_its_line_and_kept(enter: Enter) -> None:
    desk = enter(DIRECTOR)
    desk.page.goto("/quy-trinh/ban-nhap/")
    desk.page.get_by_label("Văn bản YAML").fill(BROKEN)
    assert desk.answer_to(lambda: desk.press("Kiểm tra và lưu")).status == 422
    finding = desk.page.locator(".finding")
    expect(finding).to_have_count(1)
    expect(finding).to_contain_text(re.compile(r"Dòng [34]:\d+"))
    expect(finding).to_contain_text(re.compile(r"Lỗi F001 .*[ạảấầệộớừđ]"))
    expect(desk.page.get_by_label("Văn bản YAML")).to_have_value(BROKEN)
    expect(desk.page.get_by_role("alert")).to_contain_text("Chưa lưu được")
    expect(desk.page.get_by_role("button", name="Ban hành")).to_have_count(0)
    speaks_plainly(desk.page)
    desk.page.goto("/quy-trinh/")
    expect(desk.page.get_by_text("thu-nghiem")).to_have_count(0)


def test_an_unknown_step_is_named_with_its_line_and_cannot_be_promulgated(enter: Enter) -> None:
    desk = enter(DIRECTOR)
    desk.page.goto("/quy-trinh/ban-nhap/")
    desk.page.get_by_label("Văn bản YAML").fill(UNKNOWN_STEP)
    desk.press("Kiểm tra và lưu")
    line = 1 + UNKNOWN_STEP[: UNKNOWN_STEP.index("khong-co-buoc-nay")].count("\n")
    finding = desk.page.locator(".finding").filter(has_text="khong-co-buoc-nay")
    expect(finding).to_contain_text(f"Dòng {line}:")
    expect(desk.page.get_by_label("Văn bản YAML")).to_have_value(UNKNOWN_STEP)
    expect(desk.page.get_by_role("button", name="Ban hành")).to_have_count(0)
    speaks_plainly(desk.page)

    finding.get_by_role("link").click()
    chosen = "source => source.value.slice(source.selectionStart, source.selectionEnd)"
    assert "khong-co-buoc-nay" in desk.page.get_by_label("Văn bản YAML").evaluate(chosen)


def test_only_the_head_of_the_agency_opens_the_studio(enter: Enter) -> None:
    """PR-01, AD-04: the head declares the procedures; for others there is a plain refusal."""
    page = enter(SPECIALIST).page
    answer = page.goto("/quy-trinh/")
    assert answer is not None
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_have_text("Bạn không được làm việc này")
    speaks_plainly(page)


def test_an_unknown_address_is_a_plain_answer(enter: Enter) -> None:
    page = enter(SPECIALIST).page
    answer = page.goto("/khong-co-trang-nay/")
    assert answer is not None
    assert answer.status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Không tìm thấy trang này")
    speaks_plainly(page)
