"""What findings add up to, and how they are told."""

from __future__ import annotations

import pytest

from quytrinh.signing.explain import label_of, panel_of, reasons_of, sentence_of
from quytrinh.signing.verdicts import (
    DOCUMENT_PROBLEMS,
    SIGNATURE_PROBLEMS,
    DocumentFinding,
    SignatureFinding,
    Verdict,
    from_json,
    to_json,
)

GOOD = SignatureFinding(
    "ChuKy", signer="Trần Thị Bưởi", kind="person", level="B-LT",
    stamped_at="2026-11-22T02:08:39+07:00", stamped_by="TSA",
)  # fmt: skip


def test_no_signature_is_no_verdict_on_signatures() -> None:
    assert DocumentFinding().verdict == Verdict.UNSIGNED


def test_all_good_signatures_are_valid() -> None:
    assert DocumentFinding(signatures=(GOOD, GOOD)).verdict == Verdict.VALID


def test_the_worst_signature_counts() -> None:
    weak = SignatureFinding("A", ("no_timestamp",))
    bad = SignatureFinding("B", ("no_timestamp", "altered"))
    assert DocumentFinding(signatures=(GOOD, weak)).verdict == Verdict.UNDETERMINED
    assert DocumentFinding(signatures=(GOOD, weak, bad)).verdict == Verdict.INVALID


def test_an_unreadable_file_is_unreadable_only() -> None:
    assert DocumentFinding(problems=("encrypted",)).verdict == Verdict.UNREADABLE


@pytest.mark.parametrize("problem", [*SIGNATURE_PROBLEMS, *DOCUMENT_PROBLEMS])
def test_every_problem_has_a_sentence(problem: str) -> None:
    assert sentence_of(problem).endswith(".")


def test_verdicts_have_the_labels_of_the_design() -> None:
    assert [label_of(each) for each in Verdict] == [
        "HỢP LỆ",
        "CHƯA XÁC ĐỊNH",
        "KHÔNG HỢP LỆ",
        "KHÔNG CÓ CHỮ KÝ",
        "KHÔNG ĐỌC ĐƯỢC",
    ]


def test_a_finding_survives_its_journey() -> None:
    finding = DocumentFinding(("trailing_bytes",), (GOOD,), lenient=True)
    assert from_json(to_json(finding)) == finding


def test_the_panel_says_who_and_when_by_whose_clock() -> None:
    panel = panel_of(DocumentFinding(signatures=(GOOD,)))
    signature = panel.signatures[0]
    assert panel.badge.label == "HỢP LỆ"
    assert signature.kind == "Chữ ký số cá nhân"
    assert signature.time == "02:08:39 22/11/2026, theo dấu thời gian của TSA"


def test_reasons_are_told_once() -> None:
    bad = SignatureFinding("A", ("altered",))
    assert reasons_of(DocumentFinding(signatures=(bad, bad))) == (sentence_of("altered"),)
    assert reasons_of(DocumentFinding()) == ("Tệp không có chữ ký số nào.",)
