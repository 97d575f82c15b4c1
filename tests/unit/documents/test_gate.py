"""The gate: what keeps a document out, and what must not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quytrinh.documents import gate
from quytrinh.documents.gate import LAW, Exclusion, Place

SECRETS = gate.exclusions_of(())
HA_TINH = gate.exclusions_of(
    [
        Exclusion("MẬT", "Điều 6 Quy chế (QĐ 33/2019/QĐ-UBND)"),
        Exclusion("LƯU HÀNH NỘI BỘ", "Điều 6 Quy chế (QĐ 33/2019/QĐ-UBND)"),
    ]
)


@pytest.mark.parametrize(
    ("secrecy", "mark"),
    [
        ("mat", "MẬT"),
        ("toi_mat", "TỐI MẬT"),
        ("tuyet-mat", "TUYỆT MẬT"),
        ("Mật", "MẬT"),
        ("TỐI MẬT", "TỐI MẬT"),
        ("tuyệt  mật", "TUYỆT MẬT"),
        ("Tuyệt mật", "TUYỆT MẬT"),  # decomposed
        (3, "độ mật không rõ"),
        ("restricted", "độ mật không rõ"),
    ],
)
def test_a_declared_secret_is_kept_out(secrecy: object, mark: str) -> None:
    found = gate.declared(secrecy, SECRETS)
    assert found is not None and found.mark == mark


@pytest.mark.parametrize("secrecy", ["", None, 0, "0", "thuong", "Thường", "không mật", "normal"])
def test_an_ordinary_document_passes(secrecy: object) -> None:
    assert gate.declared(secrecy, SECRETS) is None


@pytest.mark.parametrize(
    "segments",
    [
        ["ỦY BAN NHÂN DÂN", "MẬT", "Số: 12/BC-UBND"],
        ["Số: 12/BC-UBND", "[MẬT]"],
        ["M Ậ T"],
        ["TỐI MẬT    CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["TUYỆT MẬT\tHà Nội, ngày 1 tháng 1 năm 2026"],
        ["  TUYỆT   MẬT  "],
    ],
)
def test_a_stamp_in_the_header_is_seen(segments: list[str]) -> None:
    assert gate.in_header(segments, SECRETS) is not None


@pytest.mark.parametrize(
    "segments",
    [
        [],
        ["Về việc bảo vệ bí mật nhà nước"],
        ["BÁO CÁO CÔNG TÁC BẢO MẬT"],
        ["mật", "Mật khẩu"],
        ["ỦY BAN NHÂN DÂN TỈNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 1/UBND"],
        ["LƯU HÀNH NỘI BỘ"],
    ],
)
def test_words_in_a_sentence_are_no_stamp(segments: list[str]) -> None:
    assert gate.in_header(segments, SECRETS) is None


def test_an_agency_excludes_marks_of_its_own() -> None:
    found = gate.in_header(["LƯU HÀNH NỘI BỘ"], HA_TINH)
    assert found is not None and found.article.startswith("Điều 6")


def test_an_agency_names_its_own_article_for_a_level() -> None:
    mine = gate.declared("mat", HA_TINH)
    assert mine is not None and mine.article.startswith("Điều 6")
    other = gate.declared("toi_mat", HA_TINH)
    assert other is not None and other.article == LAW


@pytest.mark.parametrize(("title", "kept_out"), [
    ("Báo cáo tình hình (Mật)", True),
    ("[TỐI MẬT] Kế hoạch", True),
    ("Báo cáo (bảo mật)", False),
    ("Quy chế bảo vệ bí mật nhà nước", False),
])  # fmt: skip
def test_titles_bear_marks_in_brackets(title: str, kept_out: bool) -> None:
    assert (gate.in_title(title, SECRETS) is not None) is kept_out


def test_the_fields_of_a_form_are_looked_at() -> None:
    assert gate.in_values({"secrecy": "mat"}, SECRETS)
    assert gate.in_values({"subject": "Kế hoạch (tối mật)"}, SECRETS)
    assert gate.in_values({"subject": "Kế hoạch", "content": "(mật)"}, SECRETS) is None
    assert gate.in_values({}, SECRETS) is None


@pytest.mark.parametrize("place", list(Place))
def test_a_refusal_names_mark_and_article(place: Place) -> None:
    said = gate.explain(place, HA_TINH[-1])
    assert "LƯU HÀNH NỘI BỘ" in said and "Điều 6" in said and "%(" not in said


@given(st.lists(st.text(max_size=60)))
def test_any_text_gives_a_verdict(segments: list[str]) -> None:
    gate.in_header(segments, HA_TINH)
    for text in segments:
        gate.in_title(text, HA_TINH)
        gate.declared(text, HA_TINH)
