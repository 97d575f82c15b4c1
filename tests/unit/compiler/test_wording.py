"""A plan in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quytrinh.compiler.naming import Phrases
from quytrinh.compiler.plan import (
    PlanDue,
)
from quytrinh.compiler.remarks import facts
from quytrinh.compiler.time_words import due_briefly, due_in_words
from quytrinh.compiler.wording import ResultRow, citation, describe
from quytrinh.spi import Outcome, Registry
from tests.support.language import FakeStep
from tests.support.plans import handled_by_units, submission_slip

SLIP = Phrases.of(submission_slip())


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (None, ""),
        (PlanDue("2d"), "2 ngày làm việc"),
        (PlanDue("4h", {"urgent": "4h"}), "4 giờ làm việc; khẩn: 4 giờ"),
        (PlanDue("30m", calendar="natural"), "30 phút"),
        (PlanDue("3d", calendar="reception"), "3 ngày theo lịch tiếp nhận"),
        (
            PlanDue("same_day", {"flash": "immediate", "very_urgent": "1h"}),
            "trong ngày; hỏa tốc: ngay; thượng khẩn: 1 giờ",
        ),
    ],
)
def test_deadlines_in_words(due: PlanDue | None, words: str) -> None:
    assert due_in_words(due, SLIP) == words


def test_the_box_of_a_step_shows_its_deadline_briefly() -> None:
    assert due_briefly(PlanDue("2d", {"urgent": "4h"}), SLIP) == "hạn 2 ngày"
    assert due_briefly(PlanDue("next_working_morning"), SLIP) == "hạn sáng ngày làm việc tiếp theo"


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("9", "Điều 9"),
        ("6.2.a", "Điều 6 khoản 2 điểm a"),
        ("home:6.2", "Điều 6 khoản 2"),
        ("nd-30-2020:11.1", "Điều 11 khoản 1 (nd-30-2020)"),
    ],
)
def test_citations_in_words(reference: str, words: str) -> None:
    assert citation(reference, home="home") == words


def test_the_table_tells_each_step_in_order() -> None:
    rows = {row.id: row for row in describe(SLIP)}
    assert list(rows) == ["draft", "review", "route", "decide", "stamp", "close", "done", "refused"]
    review = rows["review"]
    assert (review.number, review.name, review.who) == (2, "Kiểm tra nội dung", "Trưởng phòng")
    assert review.due == "1 ngày làm việc; khẩn: 4 giờ; hỏa tốc: 1 giờ"
    assert review.citations == ("Điều 6 khoản 2 điểm a",)
    assert review.results == (
        ResultRow("Đồng ý", "Rẽ nhánh", returns=False),
        ResultRow("Trả lại", "Lập phiếu trình", returns=True, notes=("phải nêu lý do",)),
    )
    assert rows["stamp"].who == "Hệ thống"
    assert rows["done"].number is None


def test_a_choice_tells_the_condition_of_each_case() -> None:
    route = describe(SLIP)[2]
    assert [(result.label, result.condition) for result in route.results] == [
        ("", "case.estimated_cost >= 500000000.0"),
        ("còn lại", ""),
    ]


def test_forms_and_plugins_give_conditions_and_outcomes_their_words() -> None:
    field = {"id": "estimated_cost", "type": "number", "title": "Kinh phí"}
    note = FakeStep("case.note", outcomes=(Outcome("done", "Đã ghi nhận"),))
    slip = submission_slip()
    asking = replace(slip.steps[0], form="phieu", when="case.estimated_cost > 0.0")
    phrases = Phrases.of(
        replace(slip, steps=(asking, *slip.steps[1:])),
        forms={"phieu": {"schema": {"properties": [field]}}},
        registry=Registry([note]),
    )
    rows = describe(phrases)
    assert rows[0].condition == "Kinh phí lớn hơn 0"
    assert rows[2].results[0].condition == "Kinh phí từ 500.000.000 trở lên"
    assert [result.label for result in rows[4].results] == ["Đã ghi nhận"]


def test_blocks_are_indented_groups_with_headings() -> None:
    rows = describe(Phrases.of(handled_by_units()))
    assert [(row.depth, row.number, row.name) for row in rows] == [
        (0, 1, "Phân công"),
        (0, 2, "Các đơn vị xử lý"),
        (1, 3, "Xử lý"),
        (0, 4, "Hoàn thiện"),
        (1, 5, "Kiểm tra"),
        (1, 6, "Kiểm tra"),
        (0, 7, "Chờ phản hồi"),
        (0, 8, "Phát hành"),
        (0, None, "Xong"),
    ]
    assert [row.branch for row in rows if row.branch] == [
        "Nhánh Văn bản",
        "Nhánh Kinh phí: nếu Mức độ khẩn là “Hỏa tốc”",
    ]


def test_a_row_says_all_that_its_step_says() -> None:
    rows = {
        row.id: row for row in describe(Phrases.of(handled_by_units(), flows={"van-ban-di": "Đi"}))
    }
    assert rows["handle"].remarks == (
        "Từng nơi trong “Lĩnh vực”; chủ trì: Đơn vị",
        "Nơi chủ trì xong là đủ",
    )
    assert (
        rows["work"].due == "đúng Thời điểm nhận; nhắc trước 1 ngày; nhắc cho Lãnh đạo trước 4 giờ"
    )
    assert rows["work"].results == (ResultRow("Nộp kết quả", "hết nhánh", returns=False),)
    assert rows["work"].remarks == (
        "Không giao cho người đã làm “Phân công”",
        "Thời hạn của hồ sơ dừng trong lúc chờ bước này",
        "Gia hạn: chỉ Lãnh đạo, nhiều nhất 2 ngày",
        "Không được xin ý kiến",
    )
    assert rows["both"].due == "3 ngày làm việc; quá hạn 1 ngày thì báo Lãnh đạo"
    assert [(each.label, each.target) for each in rows["both"].results] == [
        ("", "Chờ phản hồi"),
        ("quá hạn", "Chờ phản hồi"),
    ]
    assert "Chờ 5 ngày làm việc hoặc nơi gửi cập nhật văn bản" in rows["hear"].remarks
    assert "Mở hồ sơ theo quy trình “Đi” và chờ kết quả" in rows["issue"].remarks
    assert rows["issue"].results[0].notes == ("tối đa 2 lần",)


def test_the_facts_of_a_flow_are_told_with_its_settings() -> None:
    phrases = Phrases.of(handled_by_units())
    assert [(fact.label, fact.text) for fact in facts(phrases.plan, phrases)] == [
        ("Bắt đầu", "Lãnh đạo lập hồ sơ; Hằng quý, ngày làm việc đầu tiên, lúc 08:00"),
        ("Thời hạn của hồ sơ", "30 ngày làm việc"),
        ("Hạn trình", "4 giờ"),
    ]
