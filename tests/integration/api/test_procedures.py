"""Procedures through the API: checked, drafted, compared, submitted, returned, promulgated."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.test import Client

from tests.integration.runtime.test_submission import FLOW
from tests.support.agencies import Agencies, Agency

pytestmark = pytest.mark.django_db
API = "/api/v1"
AUTHOR, HEAD = "chanh-van-phong", "giam-doc"
DECISION = {"decision_number": "9/QĐ", "decision_date": "2026-11-02"}


@pytest.fixture
def here(agencies: Agencies) -> Agency:
    """The agency of these tests."""
    return agencies.binh_thuan


def call(client: Client, method: str, address: str, body: Any = None) -> Any:
    """Ask the API with a JSON body."""
    return client.generic(method, API + address, _json(body), content_type="application/json")


def _json(body: Any) -> bytes:
    return json.dumps(body).encode() if body is not None else b""


def drafted(here: Agency, who: str = AUTHOR, source: str = FLOW) -> str:
    """Keep a text as a draft; return its address."""
    answer = call(here.client(who), "POST", "/drafts", {"source": source})
    assert answer.status_code == 201, answer.json()
    return f"/drafts/{answer.json()['draft']['id']}"


def test_draft_goes_its_way_to_promulgation(here: Agency) -> None:
    author, head = here.client(AUTHOR), here.client(HEAD)
    address = drafted(here)
    submitted = call(author, "POST", f"{address}/submit", {"note": "Kính trình"}).json()
    assert (submitted["state"], submitted["note"]) == ("submitted", "Kính trình")
    assert call(author, "POST", f"{address}/promulgate", DECISION).status_code == 403
    returned = call(head, "POST", f"{address}/return", {"reason": "Thiếu căn cứ"}).json()
    assert (returned["state"], returned["returned_because"]) == ("draft", "Thiếu căn cứ")
    saved = call(author, "PUT", address, {"source": FLOW, "settings": {"within": ["3d"]}}).json()
    assert saved["draft"]["number"] == 1
    call(author, "POST", f"{address}/submit", {})
    decision = {**DECISION, "settings": {"within": ["6h"]}}
    done = call(head, "POST", f"{address}/promulgate", decision)
    assert done.json()["state"] == "promulgated"
    assert done.json()["settings"] == {"within": ["6h"]}
    listed = call(head, "GET", "/procedures").json()
    [found] = [each for each in listed if each["key"] == "xin-xe"]
    assert found["in_force"]["number"] == 1
    assert call(head, "GET", address).status_code == 404


def test_version_is_given_in_each_shape(here: Agency) -> None:
    client = here.client(HEAD)
    assert call(client, "GET", "/procedures/phieu-trinh").json()[0]["number"] == 1
    shapes = {
        "svg": "<svg",
        "table": "Người thực hiện",
        "bpmn": "<bpmn:definitions",
        "json": '"flow": "phieu-trinh"',
    }
    for shape, words in shapes.items():
        answer = call(client, "GET", f"/procedures/phieu-trinh/1/{shape}")
        assert words in answer.content.decode()
    for missing in ("/procedures/khong-co", "/procedures/phieu-trinh/9/svg",
                    "/procedures/phieu-trinh/1/png"):  # fmt: skip
        assert call(client, "GET", missing).status_code == 404


def test_text_is_checked_and_not_kept(here: Agency) -> None:
    client = here.client(AUTHOR)
    wrong = FLOW.replace("return_to: ask", "return_to: ak")
    found = call(client, "POST", "/procedures/check", {"source": wrong}).json()
    assert not found["ok"]
    assert [each["code"] for each in found["diagnostics"] if each["severity"] == "error"] == [
        "F102"
    ]
    assert call(client, "GET", "/procedures/xin-xe").status_code == 404


def test_text_that_is_no_procedure_is_answered_with_its_findings(here: Agency) -> None:
    answer = call(here.client(AUTHOR), "POST", "/drafts", {"source": "a: [b"})
    assert (answer.status_code, answer.json()["code"]) == (422, "draft_invalid")
    assert answer.json()["diagnostics"]


def test_changes_are_told_by_class(here: Agency) -> None:
    client = here.client(AUTHOR)
    call(here.client(HEAD), "POST", f"{drafted(here)}/promulgate", DECISION)
    address = drafted(here, source=FLOW.replace("name: Duyệt\n", "name: Xét duyệt\n"))
    changes = call(client, "GET", f"{address}/changes").json()
    assert changes == [{"title": "Câu chữ", "sentences": ["Tên bước: “Duyệt” → “Xét duyệt”."]}]


def test_draft_is_thrown_away_by_its_author_only(here: Agency) -> None:
    address = drafted(here, HEAD)
    assert call(here.client(AUTHOR), "DELETE", address).status_code == 403
    assert call(here.client(HEAD), "DELETE", address).status_code == 204
    assert call(here.client(HEAD), "GET", address).status_code == 404


@pytest.mark.parametrize("who", ["chuyen-vien", "van-thu"])
def test_others_see_nothing_of_it(here: Agency, who: str) -> None:
    address = drafted(here)
    client = here.client(who)
    for method, path in (("GET", "/procedures"), ("GET", address), ("DELETE", address)):
        assert call(client, method, path).status_code == 403


def test_another_agency_sees_nothing_of_it(agencies: Agencies) -> None:
    address = drafted(agencies.binh_thuan)
    other = agencies.ha_tinh.client(HEAD)
    for method in ("GET", "DELETE"):
        assert call(other, method, address).status_code == 404


def test_the_schema_describes_it(here: Agency) -> None:
    schema = here.client(HEAD).get(f"{API}/schema").content.decode()
    for path in ("/procedures/check:", "/drafts/{version_id}/promulgate:", "not_run_yet"):
        assert path in schema


def test_a_draft_is_edited_by_operations_and_taken_back(here: Agency) -> None:
    """The same operations as the editor's: a patch, findings, a drawing; an old base is refused."""
    author = here.client(AUTHOR)
    address = drafted(here)
    base = hashlib.sha256(FLOW.encode()).hexdigest()
    operation = {"op": "set", "values": [{"path": ["help"], "value": "Xin xe đi công tác"}]}
    edited = call(author, "POST", f"{address}/edits", {"base": base, "operation": operation})
    assert edited.status_code == 200, edited.json()
    assert "Xin xe đi công tác" in edited.json()["source"]
    assert "<svg" in edited.json()["drawing"]
    late = call(author, "POST", f"{address}/edits", {"base": base, "operation": operation})
    assert (late.status_code, late.json()["code"]) == (409, "text_outdated")
    undone = call(author, "POST", f"{address}/undo", {"base": edited.json()["base"]})
    assert undone.json()["source"] == FLOW
    assert call(author, "POST", f"{address}/redo", {"base": base}).status_code == 200


@pytest.mark.parametrize(
    "operation",
    [{}, {"op": "x"}, {"op": "set", "values": [{"path": [], "value": 1}]}, {"op": "move"}],
)
def test_operations_that_make_no_sense_are_told_plainly(here: Agency, operation: Any) -> None:
    address = drafted(here)
    base = hashlib.sha256(FLOW.encode()).hexdigest()
    body = {"base": base, "operation": operation}
    answer = call(here.client(AUTHOR), "POST", f"{address}/edits", body)
    assert answer.status_code == 422
    assert answer.json()["message"]
