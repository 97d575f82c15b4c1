"""The head of an agency puts a procedure in force; the administrator looks at the agency."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.support.api_client import ApiClient
from tests.support.desk import Desk
from tests.support.people import (
    ADMINISTRATOR,
    DIRECTOR,
    OTHER_ADMINISTRATOR,
    OTHER_CLERK,
    OTHER_DIRECTOR,
    OTHER_SPECIALIST,
    OTHER_UNIT_HEAD,
    SPECIALIST,
    DemoPerson,
)

Enter = Callable[[DemoPerson], Desk]
Api = Callable[[DemoPerson], ApiClient]
TODAY = f"{dt.date.today():%d/%m/%Y}"
SETTING = "settings:\n  within: {name: Hạn lập phiếu, type: when, default: 2d}\n"
OLD_STEP, NEW_STEP = "Lưu hồ sơ", "Lưu hồ sơ và báo cáo"


def test_procedures_are_tables_with_articles_and_the_version_in_force(enter: Enter) -> None:
    """PR-01, PR-03: each step with who answers for it, until when, by which article."""
    desk = enter(DIRECTOR)
    desk.page.get_by_role("link", name="Quy trình", exact=True).click()
    row = desk.page.get_by_role("row").filter(has_text="phieu-trinh")
    expect(row).to_contain_text("Phiên bản 1")
    expect(row).to_contain_text("01/QĐ-MAU")
    row.get_by_role("link", name="Trình giải quyết công việc nội bộ").click()
    review = step_row(desk, "Kiểm tra nội dung")
    for words in ("Lãnh đạo đơn vị trình", "Trả lại → Lập phiếu trình", "Điều 12 khoản 1"):
        expect(review).to_contain_text(words)
    expect(step_row(desk, "Thẩm tra kinh phí")).to_contain_text("Chỉ khi:")
    expect(step_row(desk, "Quyết định")).to_contain_text("Giám đốc")
    expect(desk.page.locator(".drawing-frame svg")).to_be_visible()
    expect(desk.page.get_by_role("region", name="Quyết định ban hành")).to_contain_text("01/QĐ-MAU")


def step_row(desk: Desk, name: str) -> Locator:
    """The row of one step in the table of steps."""
    heading = desk.page.get_by_role("rowheader", name=re.compile(rf"^\d+ {name}($| Chỉ)"))
    return desk.page.get_by_role("row").filter(has=heading)


def test_a_new_version_rules_new_cases_and_leaves_running_ones(enter: Enter, api: Api) -> None:
    """PR-01, AD-16: promulgated by decision; the case that runs keeps the text it began under."""
    old_case = api(OTHER_SPECIALIST).submit("Hồ sơ theo phiên bản cũ")
    head = enter(OTHER_DIRECTOR)
    before = versions_listed(head)
    writes_a_draft(head)
    promulgates(head)
    assert versions_listed(head) == before + 1
    old_number = api(OTHER_SPECIALIST).case(old_case)["version"]

    specialist = enter(OTHER_SPECIALIST)
    specialist.page.goto("/ho-so/moi/phieu-trinh/")
    expect(specialist.page.locator(".road")).to_contain_text(NEW_STEP)
    address = specialist.begin("Hồ sơ theo phiên bản mới")
    expect(specialist.page.locator("#drawing")).to_contain_text(NEW_STEP.split()[-1])
    expect(specialist.page.locator(".case-code")).not_to_contain_text(f"phiên bản {old_number}")
    new_case = address.rstrip("/").rpartition("/")[2]
    assert (last_step(api, old_case), last_step(api, new_case)) == (OLD_STEP, NEW_STEP)
    assert api(OTHER_SPECIALIST).case(old_case)["version"] == old_number


def versions_listed(desk: Desk) -> int:
    """Return how many versions and drafts the procedure's page lists."""
    desk.page.goto("/quy-trinh/phieu-trinh/")
    return desk.page.get_by_role("region", name="Các phiên bản").get_by_role("listitem").count()


def writes_a_draft(desk: Desk) -> None:
    """Begin from the version in force, change a step, have it checked."""
    desk.page.get_by_role("link", name="Soạn bản nháp từ bản này").click()
    source = desk.page.get_by_label("Văn bản YAML")
    changed = source.input_value().replace(f"name: {OLD_STEP}\n", f"name: {NEW_STEP}\n")
    source.fill(changed)
    desk.press("Kiểm tra và lưu")
    expect(desk.page.get_by_text("Đã kiểm tra, không có lỗi")).to_be_visible()
    expect(step_row(desk, NEW_STEP)).to_be_visible()


def promulgates(desk: Desk) -> None:
    """Enter the decision, at first wrongly, and put the draft in force."""
    desk.page.get_by_label("Số, ký hiệu quyết định").fill("27/QĐ-CQM")
    desk.page.get_by_label("Ngày quyết định").fill("31/02/2026")
    desk.page.get_by_label("Hiệu lực từ ngày").fill(TODAY)
    assert desk.answer_to(lambda: desk.press("Ban hành quy trình")).status == 422
    wrong = desk.page.get_by_label("Ngày quyết định")
    expect(wrong).to_have_accessible_description("Ngày không đúng, hãy nhập dạng dd/mm/yyyy.")
    expect(desk.page.get_by_label("Số, ký hiệu quyết định")).to_have_value("27/QĐ-CQM")
    wrong.fill(TODAY)
    desk.press("Ban hành quy trình")
    expect(desk.page.get_by_role("status")).to_contain_text("Đã ban hành phiên bản")
    expect(desk.page.get_by_role("region", name="Quyết định ban hành")).to_contain_text("27/QĐ-CQM")
    expect(desk.page.get_by_role("region", name="Quyết định ban hành")).to_contain_text(
        OTHER_DIRECTOR.name
    )


def last_step(api: Api, case_id: str) -> str:
    """Bring a case to the clerk; return the name of the step that waits there."""
    api(OTHER_UNIT_HEAD).do(case_id, "approve")
    api(OTHER_DIRECTOR).do(case_id, "approve", directive="Đồng ý.")
    api(OTHER_CLERK).task_of(case_id)
    (waiting,) = api(OTHER_CLERK).case(case_id)["waiting"]
    return str(waiting["step"])


ADMINISTRATION = (
    ("/quan-tri/", "Phòng Nghiệp vụ"),
    ("/quan-tri/chuc-vu/", "Phó Giám đốc"),
    ("/quan-tri/nguoi/", SPECIALIST.name),
)


@pytest.mark.parametrize(("address", "words"), ADMINISTRATION)
def test_the_administrator_sees_units_positions_and_people(
    address: str, words: str, enter: Enter
) -> None:
    """AD-04, AD-05: to look at; there is nothing to press and nothing to fill in."""
    desk = enter(ADMINISTRATOR)
    desk.page.goto(address)
    main = desk.page.get_by_role("main")
    expect(main).to_contain_text(words)
    expect(main).not_to_contain_text(OTHER_SPECIALIST.name)
    expect(main.locator("form, input, textarea, select, button")).to_have_count(0)
    token = desk.page.evaluate("document.querySelector('[name=csrfmiddlewaretoken]').value")
    answer = desk.page.request.post(address, form={"csrfmiddlewaretoken": token})
    assert answer.status == 405


def test_others_do_not_open_the_administration(enter: Enter) -> None:
    """AD-04: rights by role; neither a specialist nor the head of the agency is administrator."""
    for person in (SPECIALIST, DIRECTOR):
        answers = [enter(person).page.request.get(address) for address, _words in ADMINISTRATION]
        assert [answer.status for answer in answers] == [403] * 3


def test_an_author_submits_and_the_head_returns_then_promulgates(
    enter: Enter, axe_violations: Callable[..., list[str]]
) -> None:
    """PR-01: the author works, the head decides, with the difference and the settings in sight."""
    author, head = enter(OTHER_ADMINISTRATOR), enter(OTHER_DIRECTOR)
    author.page.goto("/quy-trinh/phieu-trinh/")
    author.page.get_by_role("link", name="Soạn bản nháp từ bản này").click()
    source = author.page.get_by_label("Văn bản YAML")
    source.fill(source.input_value().replace("roles:\n", SETTING + "roles:\n", 1))
    author.press("Kiểm tra và lưu")
    changes = author.page.get_by_role("region", name="Khác với phiên bản")
    expect(changes).to_contain_text("Thêm tham số “Hạn lập phiếu”")
    address = author.page.url
    author.page.get_by_label("Lời trình thủ trưởng").fill("Đã lấy ý kiến các phòng.")
    author.page.get_by_label("Lời trình thủ trưởng").press("Tab")
    author.page.keyboard.press("Enter")
    expect(author.page.get_by_role("status")).to_contain_text("Đã trình thủ trưởng")

    head.page.goto(address)
    expect(head.page.get_by_role("main")).to_contain_text("Đã lấy ý kiến các phòng.")
    expect(head.page.get_by_label("Văn bản YAML")).not_to_be_editable()
    assert axe_violations(head.page) == []
    head.page.get_by_label("Lý do trả lại").fill("Ghi rõ căn cứ.")
    head.press("Trả lại")
    author.page.goto(address)
    expect(author.page.get_by_role("main")).to_contain_text("Ghi rõ căn cứ.")
    assert axe_violations(author.page) == []
    author.press("Trình thủ trưởng")

    head.page.goto(address)
    head.page.get_by_label("Hạn lập phiếu").fill("nhanh")
    head.page.get_by_label("Số, ký hiệu quyết định").fill("30/QĐ-CQM")
    for day in ("Ngày quyết định", "Hiệu lực từ ngày"):
        head.page.get_by_label(day).fill(TODAY)
    assert head.answer_to(lambda: head.press("Ban hành quy trình")).status == 422
    head.page.get_by_label("Hạn lập phiếu").fill("6h")
    head.press("Ban hành quy trình")
    expect(head.page.get_by_role("status")).to_contain_text("Đã ban hành phiên bản")
    expect(head.page.get_by_role("region", name="Tóm tắt")).to_contain_text("6 giờ")
    assert axe_violations(head.page) == []
