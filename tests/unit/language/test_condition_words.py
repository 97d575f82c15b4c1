"""Conditions as sentences: right where they are understood, as written where they are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.language.condition_names import Names, StepName, setting_name
from quytrinh.language.condition_words import condition_in_words
from quytrinh.language.expression_check import Checker
from quytrinh.language.fields import BUILT_IN, field_types

FORM = {
    "schema": {
        "properties": [
            {"id": "cost", "type": "number", "title": "Kinh phí (đồng)"},
            {"id": "copies", "type": "integer", "title": "Số bản"},
            {
                "id": "kind",
                "type": "string",
                "title": "Loại việc",
                "enum": ["mua-sam", "nhan-su"],
                "x-labels": {"mua-sam": "Mua sắm", "nhan-su": "Nhân sự"},
            },
            {
                "id": "rank",
                "type": "integer",
                "title": "Cấp",
                "enum": [1, 2],
                "x-labels": {"1": "Tỉnh", "2": "Xã"},
            },
            {"id": "audit", "type": "boolean", "title": "Cần thẩm tra?"},
            {"id": "on", "type": "string", "format": "date", "title": "Ngày cần"},
            {"id": "note", "type": "string", "title": "Nội dung và ý kiến"},
            {"id": "tags", "type": "array", "items": {"type": "string"}, "title": "Thẻ"},
            {"id": "file", "type": "string", "x-slot": "main", "title": "Tờ trình (PDF)"},
        ]
    }
}
STEPS = {
    "review": StepName("“Kiểm tra”", {"approve": "Đồng ý"}),
    "ask": StepName("“Hỏi đơn vị”"),
    "print": StepName("“In”"),
}
SETTINGS = {
    "limit": setting_name("Mức phải trình", "number"),
    "print_too": setting_name("In bản giấy", "boolean"),
}
PRINTED = "In bản giấy là “Có” và Kinh phí (đồng) lớn hơn Mức phải trình"
NAMES = Names.of([FORM], STEPS, SETTINGS)
SENTENCES = [
    ("item.lead", "là chủ trì"),
    ("!item.lead && item.cost > 5.0", "không phải là chủ trì và Kinh phí (đồng) lớn hơn 5"),
    ("item.unit == 'van-phong'", "Đơn vị đang xử lý là “van-phong”"),
    ("has(item.cost)", "đã có Kinh phí (đồng)"),
    ("setting.print_too && case.cost > setting.limit", PRINTED),
    ("steps.print.outcome == 'printed'", "kết quả bước “In” là “printed”"),
    (
        "results.ask.exists(r, r.lead && r.state == 'late')",
        "có thành viên của “Hỏi đơn vị” mà (là chủ trì và tình trạng là “Quá hạn”)",
    ),
    (
        "results.ask.all(r, r.state == 'done')",
        "với mọi thành viên của “Hỏi đơn vị” thì tình trạng là “Đã xong”",
    ),
    (
        "size(results.ask.filter(r, r.cost > 5.0)) >= 2",
        "số thành viên của “Hỏi đơn vị” mà Kinh phí (đồng) lớn hơn 5 từ 2 trở lên",
    ),
    ("has(case.cost) && case.cost > 0.0", "Kinh phí (đồng) lớn hơn 0"),
    ("has(case.cost) && case.cost < 20000000.0", "Kinh phí (đồng) nhỏ hơn 20.000.000"),
    ("case.cost >= 1234.5", "Kinh phí (đồng) từ 1.234,5 trở lên"),
    ("case.cost <= -3.0", "Kinh phí (đồng) không quá -3"),
    ("10.0 < case.cost", "Kinh phí (đồng) lớn hơn 10"),
    ("case.cost * 2.0 > 10.0", "Kinh phí (đồng) nhân 2 lớn hơn 10"),
    ("case.copies == 2", "Số bản là 2"),
    ("case.copies == case.rank", "Số bản trùng với Cấp"),
    ("case.rank == 1", "Cấp là “Tỉnh”"),
    ("case.rank in [1, 3]", "Cấp thuộc “Tỉnh”; 3"),
    ("case.kind == 'mua-sam'", "Loại việc là “Mua sắm”"),
    ("'mua-sam' == case.kind", "Loại việc là “Mua sắm”"),
    ("case.kind != 'khac'", "Loại việc không phải là “khac”"),
    (
        "has(case.kind) && case.kind != 'mua-sam'",
        "đã có Loại việc và Loại việc không phải là “Mua sắm”",
    ),
    ("!(case.kind == 'mua-sam')", "Loại việc không phải là “Mua sắm”"),
    ("case.kind in ['mua-sam', 'nhan-su']", "Loại việc thuộc “Mua sắm”, “Nhân sự”"),
    ("!(case.kind in ['mua-sam'])", "Loại việc không thuộc “Mua sắm”"),
    ("'gấp' in case.tags", "Thẻ có “gấp”"),
    ("has(case.tags) && size(case.tags) > 0", "đã có Thẻ"),
    ("size(case.tags) == 0", "chưa có Thẻ"),
    ("size(case.tags) > 2", "số mục của Thẻ lớn hơn 2"),
    ("size(docs.annexes) > 0", "có văn bản phụ lục"),
    ("case.audit", "Cần thẩm tra là “Có”"),
    ("has(case.audit) && case.audit", "Cần thẩm tra là “Có”"),
    ("!case.audit", "Cần thẩm tra là “Không”"),
    ("case.audit != true", "Cần thẩm tra là “Không”"),
    ("case.urgency == 'very_urgent'", "Mức độ khẩn là “Thượng khẩn”"),
    ("has(docs.main)", "có văn bản “Tờ trình (PDF)”"),
    ("!has(docs.slip)", "chưa có văn bản phiếu trình"),
    ("has(case.note)", "đã có “Nội dung và ý kiến”"),
    ("case.note.startsWith('Về việc')", "“Nội dung và ý kiến” bắt đầu bằng “Về việc”"),
    (
        "!has(case.cost) || case.cost < 5.0",
        "chưa có Kinh phí (đồng) hoặc Kinh phí (đồng) nhỏ hơn 5",
    ),
    (
        "(case.audit || case.copies > 2) && case.rank == 2",
        "(Cần thẩm tra là “Có” hoặc Số bản lớn hơn 2) và Cấp là “Xã”",
    ),
    (
        "!(case.audit && case.copies > 2)",
        "không phải trường hợp (Cần thẩm tra là “Có” và Số bản lớn hơn 2)",
    ),
    ("steps.review.action == 'approve'", "kết quả bước “Kiểm tra” là “Đồng ý”"),
    ("steps.review.times > 1", "số lần làm bước “Kiểm tra” lớn hơn 1"),
    ("steps.review.by == case.creator", "người làm bước “Kiểm tra” trùng với Người lập hồ sơ"),
    ("has(steps.review.at)", "đã xong bước “Kiểm tra”"),
    ("case.on < now + duration('48h')", "Ngày cần trước hiện tại cộng 48 giờ"),
    ("case.on >= timestamp('2026-01-31T00:00:00Z')", "Ngày cần từ 31/01/2026 trở đi"),
    (
        "case.due_at <= timestamp('2026-01-31T00:00:00Z')",
        "Hạn của hồ sơ không sau 07:00 ngày 31/01/2026",
    ),
]
AS_WRITTEN = [
    "case.unknown == 'x'",
    "case.cost / 2.0 > 1.0",
    "case.copies % 2 == 0",
    "case.note < 'b'",
    "case.note == 'it\\'s'",
    "case.tags.exists(t, t == 'x')",
    "case.note.matches('a+')",
    "case.audit ? true : false",
    "case.audit == (case.copies > 2)",
    "case.kind in []",
    "case.on == timestamp('2026-01-31T07:30:00Z')",
    "case.creator == '0190'",
    "now - case.on > duration('1h')",
    "docs.main.number == 3",
    "1 == 1",
    "true",
    "",
    "(",
    "đ",
    "(" * 300,
    "case.audit && !" + "!" * 300 + "case.audit",
]


@pytest.mark.parametrize(("text", "words"), SENTENCES, ids=[each[0] for each in SENTENCES])
def test_conditions_in_words(text: str, words: str) -> None:
    assert condition_in_words(text, NAMES) == words


@pytest.mark.parametrize("text", AS_WRITTEN, ids=[each[:40] for each in AS_WRITTEN])
def test_what_is_not_understood_stays_as_it_is_written(text: str) -> None:
    assert condition_in_words(text, NAMES) == text


CHECKER = Checker(
    {f"case.{name}": kind for name, kind in (BUILT_IN | field_types(FORM)).items()}
    | {"docs.main": "record", "docs.annexes": "list<record>", "now": "timestamp"}
    | {"steps.review.action": "string", "steps.review.times": "int"}
    | {"steps.print.outcome": "string", "results.ask": "list<record>"}
    | {"setting.limit": "double", "setting.print_too": "bool"}
    | {"item.lead": "bool", "item.unit": "unit", "item.cost": "double"}
)


def test_the_sentences_are_of_expressions_that_check() -> None:
    aside = ("steps.review.by", "steps.review.at", "docs.slip")
    for text, _ in SENTENCES:
        if not any(name in text for name in aside):
            assert CHECKER.check(text).problems == (), text


_NUMBERS = st.sampled_from(["case.copies", "case.rank", "size(case.tags)", "2", "-1"])
_TEXTS = st.sampled_from(["case.kind", "case.note", "case.urgency", "'mua-sam'", "'x'"])
_RELATIONS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
_ATOMS = st.one_of(
    st.tuples(_NUMBERS, _RELATIONS, _NUMBERS).map(" ".join),
    st.tuples(_TEXTS, _RELATIONS, _TEXTS).map(" ".join),
    st.tuples(_TEXTS, st.lists(_TEXTS, max_size=3)).map(lambda p: f"{p[0]} in [{', '.join(p[1])}]"),
    st.sampled_from(["case.audit", "has(case.cost)", "has(docs.main)", "true", "case.on < now"]),
)
CONDITIONS = st.recursive(
    _ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" && ", " || "]), inner).map(
            lambda parts: f"({''.join(parts)})"
        ),
        inner.map(lambda each: f"!({each})"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})"),
    ),
    max_leaves=6,
)


@given(CONDITIONS)
def test_any_checked_condition_gives_a_sentence_or_itself(text: str) -> None:
    normal = CHECKER.check(text).text
    words = condition_in_words(normal, NAMES)
    assert words
    if words != normal:
        assert not any(sign in words for sign in ("&&", "||", "==", "case.", "steps.", "docs."))


@given(st.text(alphabet="case.arenm()[]{}'\"&|!<>=+-*/?:, 0129\\\n\tđ", max_size=60))
def test_any_text_gives_text(text: str) -> None:
    assert isinstance(condition_in_words(text, NAMES), str)
