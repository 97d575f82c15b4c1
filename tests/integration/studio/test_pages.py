"""The studio: from a pasted text to a version in force."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.models import FlowVersion
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
