"""`manage.py flow`: shown, compared, lived on paper and promulgated from the command line."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quytrinh.language.stems import ENGLISH
from quytrinh.runtime import actions
from tests.integration.runtime.conftest import Office
from tests.integration.runtime.test_submission import FLOW

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[3]
OUTGOING = str(ROOT / "flows/binh-thuan-van-ban-di.yaml")


def said(*words: str) -> str:
    """Run the command; return what it says."""
    out = StringIO()
    call_command("flow", *words, stdout=out)
    return out.getvalue()


def test_file_is_shown_as_table_drawing_and_normal_form() -> None:
    table = said("show", OUTGOING)
    assert "Người thực hiện: Văn thư" in table
    assert "Thời hạn: trong ngày" in table
    assert said("show", OUTGOING, "--format", "svg").startswith("<svg")
    assert "bpmn" in said("show", OUTGOING, "--format", "bpmn")[:500]
    assert json.loads(said("show", OUTGOING, "--format", "json"))["flow"] == "binh-thuan-van-ban-di"


def test_procedure_of_an_agency_is_shown_by_its_name(office: Office) -> None:
    assert "Kiểm tra nội dung" in said("show", "binh-thuan/phieu-trinh")
    assert said("show", "binh-thuan/phieu-trinh@1") == said("show", "binh-thuan/phieu-trinh")


@pytest.mark.parametrize("name", ["binh-thuan/khong-co", "khong-co/phieu-trinh", "gì-đó.yaml"])
def test_what_does_not_exist_is_told(office: Office, name: str) -> None:
    with pytest.raises(CommandError) as refusal:
        said("show", name)
    assert refusal.value.returncode == 2


def test_case_is_lived_on_paper_with_deadlines_of_its_urgency() -> None:
    start = ("--start", "2026-11-23T08:00", "--urgency", "flash")
    story = said("simulate", OUTGOING, *start).splitlines()
    assert story[0].startswith("23/11/2026 08:00  Hồ sơ bắt đầu")
    assert "độ khẩn hỏa tốc" in story[0]
    assert any("“Kiểm tra nội dung”" in line and "hạn 09:30" in line for line in story)
    assert story[-1].endswith("Hồ sơ kết thúc: Đã phát hành.")
    assert said("simulate", OUTGOING, *start, "--random", "7") == said(
        "simulate", OUTGOING, *start, "--random", "7"
    )


def test_examples_beside_a_procedure_are_run_again(tmp_path: Path) -> None:
    beside = ROOT / "flows/runs/binh-thuan-van-ban-di.yaml"
    assert said("rerun", OUTGOING, str(beside)).count("đúng: ") == 2
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(beside.read_text().replace("ends: issued", "ends: refused", 1))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("flow", "rerun", OUTGOING, str(wrong), stdout=out)
    assert "kết thúc là “issued”, không phải “refused”" in out.getvalue()


def test_decision_that_is_not_offered_is_refused_with_those_that_are() -> None:
    with pytest.raises(CommandError, match="có phải `draft`"):
        said("simulate", OUTGOING, "--decide", "draf=submit")
    with pytest.raises(CommandError, match="`submit`"):
        said("simulate", OUTGOING, "--decide", "draft=khong_co")


def test_head_promulgates_a_draft_with_values_and_nobody_else_does(office: Office) -> None:
    head = office.agency.person("giam-doc")
    with office.agency.at_work():
        actions.save_draft(source=FLOW, actor=head)
    decision = ("--number", "8/QĐ", "--date", "2026-11-02", "--set", "within=6h")
    with pytest.raises(CommandError):
        said("promulgate", "binh-thuan/xin-xe@1", "--by", "van-thu.binh-thuan", *decision)
    said("promulgate", "binh-thuan/xin-xe@1", "--by", "giam-doc.binh-thuan", *decision)
    assert "Thời hạn: 6 giờ làm việc" in said("show", "binh-thuan/xin-xe")


def test_findings_are_told_in_english_by_their_codes(tmp_path: Path) -> None:
    wrong = tmp_path / "x.yaml"
    wrong.write_text(FLOW.replace("return_to: ask", "return_to: ak"))
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("flow", "check", str(wrong), "--lang", "en", stdout=out)
    assert "F102: Unknown step (Không có bước `ak`)" in out.getvalue()


def test_every_code_has_its_english() -> None:
    told = "".join(path.read_text() for path in (ROOT / "tests/golden/err").glob("*.out"))
    assert set(re.findall(r"\bF\d{3}\b", told)) <= set(ENGLISH)


def test_difference_is_told_in_sentences_under_their_class(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(FLOW)
    new.write_text(FLOW.replace("name: Duyệt\n", "name: Xét duyệt\n").replace("2d}", "3d}"))
    assert said("diff", str(old), str(old)) == ""
    told = said("diff", str(old), str(new))
    assert "Câu chữ\n  - Tên bước: “Duyệt” → “Xét duyệt”." in told
    assert "Thời hạn\n" in told
