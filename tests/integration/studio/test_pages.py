"""The studio: from a pasted text to a version in force."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.models import FlowVersion
from tests.integration.runtime.test_submission import FLOW
from tests.support.agencies import Agencies, Agency

pytestmark = pytest.mark.django_db
NEW = "/quy-trinh/ban-nhap/"
DECISION = {
    "decision_number": "05/QĐ-MẪU",
    "decision_date": "02/01/2026",
    "effective_from": "05/01/2026",
}


@pytest.fixture
def here(agencies: Agencies) -> Agency:
    """The agency of these tests."""
    return agencies.binh_thuan


@pytest.fixture
def source(here: Agency) -> str:
    """The text in force."""
    with here.at_work():
        return FlowVersion.objects.in_force().get(flow__key="phieu-trinh").source


def draft(here: Agency, source: str) -> str:
    """Save a draft by the page; return its address."""
    answer = here.client("giam-doc").post(NEW, {"source": source, "_agency": here.slug})
    assert answer.status_code == 302
    return answer["Location"]


@pytest.mark.parametrize("who", ["chuyen-vien", "van-thu", "truong-phong"])
def test_only_the_agency_head_enters(here: Agency, who: str) -> None:
    assert here.client(who).get("/quy-trinh/").status_code == 403
    assert here.client(who).post(NEW, {"source": "x", "_agency": here.slug}).status_code == 403


def test_a_procedure_is_shown_with_its_steps_articles_and_drawing(here: Agency) -> None:
    page = here.client("giam-doc").get("/quy-trinh/phieu-trinh/").content.decode()
    assert "Kiểm tra nội dung" in page
    assert "Điều 12 khoản 1" in page
    assert "<svg" in page


def test_findings_name_their_line(here: Agency, source: str) -> None:
    address = draft(here, source.replace("return_to: draft", "return_to: khong_co", 1))
    page = here.client("giam-doc").get(address)
    finding = page.context["findings"][0]
    assert f"#line-{finding.span.line}" in page.content.decode()
    assert not page.context["ready"]


def test_a_text_that_is_no_yaml_is_answered_with_its_findings(here: Agency) -> None:
    answer = here.client("giam-doc").post(NEW, {"source": "a: [b", "_agency": here.slug})
    assert answer.status_code == 422
    assert "a: [b" in answer.content.decode()
    assert answer.context["findings"]


@pytest.mark.parametrize("posted", [{"source": " "}, {"file": b"\xff\xfe\x00"}])
def test_nothing_and_bytes_that_are_no_text_are_refused(here: Agency, posted: dict) -> None:
    if "file" in posted:
        posted = {"file": SimpleUploadedFile("a.yaml", posted["file"])}
    answer = here.client("giam-doc").post(NEW, {**posted, "_agency": here.slug})
    assert answer.status_code == 422


def test_a_draft_is_promulgated_by_a_decision(here: Agency, source: str) -> None:
    address = draft(here, source)
    client = here.client("giam-doc")
    refused = client.post(f"{address}ban-hanh/", {"_agency": here.slug, "decision_date": "31/02"})
    assert refused.status_code == 422
    assert "dd/mm/yyyy" in refused.content.decode()
    done = client.post(f"{address}ban-hanh/", {**DECISION, "_agency": here.slug})
    assert done["Location"] == "/quy-trinh/phieu-trinh/"
    with here.at_work():
        in_force = FlowVersion.objects.in_force().get(flow__key="phieu-trinh")
        assert in_force.decision_number == DECISION["decision_number"]
        assert FlowVersion.objects.filter(state=VersionState.SUPERSEDED).count() == 1
    again = client.post(f"{address}ban-hanh/", {**DECISION, "_agency": here.slug})
    assert again.status_code == 409


def test_a_draft_of_another_agency_does_not_exist(agencies: Agencies, source: str) -> None:
    here, there = agencies
    address = draft(here, source)
    assert there.client("giam-doc").get(address).status_code == 404
    posted = {**DECISION, "_agency": there.slug}
    assert there.client("giam-doc").post(f"{address}ban-hanh/", posted).status_code == 404


def post(here: Agency, who: str, address: str, **entered: Any) -> Any:
    """Post to a page as a person of the agency."""
    return here.client(who).post(address, {**entered, "_agency": here.slug})


def test_author_submits_and_head_returns_or_promulgates(here: Agency, source: str) -> None:
    author, head = "chanh-van-phong", "giam-doc"
    changed = source.replace("name: Kiểm tra nội dung", "name: Thẩm định nội dung")
    address = post(here, author, NEW, source=changed)["Location"]
    page = here.client(author).get(address).content.decode()
    assert "Kiểm tra nội dung” → “Thẩm định nội dung" in page
    assert "Ban hành quy trình" not in page
    assert post(here, author, f"{address}trinh/", note="Theo họp giao ban").status_code == 302
    submitted = here.client(head).get(address).content.decode()
    assert "Theo họp giao ban" in submitted
    assert "readonly" in submitted
    assert post(here, author, f"{address}tra-lai/", reason="x").status_code == 403
    assert post(here, head, f"{address}tra-lai/", reason=" ").status_code == 422
    assert post(here, head, f"{address}tra-lai/", reason="Ghi rõ hạn").status_code == 302
    assert "Ghi rõ hạn" in here.client(author).get(address).content.decode()
    post(here, author, f"{address}trinh/")
    done = post(here, head, f"{address}ban-hanh/", **DECISION)
    assert done["Location"] == "/quy-trinh/phieu-trinh/"


def test_saving_a_draft_keeps_its_address_and_deleting_ends_it(here: Agency, source: str) -> None:
    address = draft(here, source)
    again = post(here, "giam-doc", address, source=source.replace("Lập phiếu trình", "Lập phiếu"))
    assert again["Location"] == address
    assert post(here, "giam-doc", f"{address}xoa/").status_code == 302
    assert here.client("giam-doc").get(address).status_code == 404


def test_draft_of_the_head_is_not_changed_by_another_author(here: Agency, source: str) -> None:
    address = draft(here, source)
    assert post(here, "chanh-van-phong", address, source=source).status_code == 422
    assert post(here, "chanh-van-phong", f"{address}xoa/").status_code == 422


def test_settings_are_entered_with_the_decision(here: Agency) -> None:
    address = draft(here, FLOW)
    page = here.client("giam-doc").get(address).content.decode()
    assert "Thời hạn duyệt" in page
    values = {**DECISION, "setting_within": "nhanh", "setting_most": "3"}
    refused = post(here, "giam-doc", f"{address}ban-hanh/", **values)
    assert refused.status_code == 422
    values["setting_within"] = "6h"
    assert post(here, "giam-doc", f"{address}ban-hanh/", **values).status_code == 302
    shown = here.client("giam-doc").get("/quy-trinh/xin-xe/").content.decode()
    assert "6 giờ làm việc" in shown


def test_what_cannot_run_yet_is_told_plainly(here: Agency) -> None:
    by_mail = "start: [{by: asker}, {event: mail.received}]\nsteps:\n"
    address = draft(here, FLOW.replace("steps:\n", by_mail).replace("{creator: true}", "{role: x}"))
    page = here.client("giam-doc").get(address)
    assert not page.context["errors"]
    assert "Chưa ban hành được với phiên bản phần mềm này" in page.content.decode()
    assert 'id="promulgate"' not in page.content.decode()
