"""The second half of the story through the API: the same actions, the same refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import expect

from tests.support.api_client import ApiClient
from tests.support.desk import Desk
from tests.support.pdf import letter
from tests.support.people import (
    CLERK,
    DIRECTOR,
    OTHER_DIRECTOR,
    SPECIALIST,
    UNIT_HEAD,
    DemoPerson,
)
from tests.support.site import Site

Enter = Callable[[DemoPerson], Desk]
Api = Callable[[DemoPerson], ApiClient]
PDF_FILE = ("to-trinh.pdf", letter(("Kính trình Giám đốc.",)), "application/pdf")
WORDS = {"subject": "Mua máy quét cho văn thư", "content": "Đề nghị duyệt."}


def test_a_case_begun_in_a_browser_is_finished_through_the_api(enter: Enter, api: Api) -> None:
    """OUT-03, PR-25: corrected with a file, agreed, decided, closed; pages and API agree."""
    specialist, head = enter(SPECIALIST), enter(UNIT_HEAD)
    address = specialist.begin(WORDS["subject"])
    head.open_task(WORDS["subject"])
    head.page.get_by_label("Ý kiến").fill("Bổ sung báo giá.")
    head.press("Trả lại")
    expect(head.page.get_by_role("status")).to_be_visible()
    case_id = Path(address).name

    api(SPECIALIST).do(case_id, "submit", files={"main": PDF_FILE}, **WORDS)
    offers_agree_and_return(api(UNIT_HEAD), case_id)
    api(UNIT_HEAD).do(case_id, "approve")
    waits_for_the_director(api(DIRECTOR), case_id)
    is_hidden_from(api(OTHER_DIRECTOR), case_id, api(DIRECTOR).task_of(case_id))
    api(DIRECTOR).do(case_id, "approve", directive="Đồng ý.")
    assert api(CLERK).do(case_id, "done", dossier="13/HS-2026")["finished"]

    case = api(SPECIALIST).case(case_id)
    assert (case["status"], case["outcome"], case["waiting"]) == ("DONE", "done", [])
    assert case["values"]["directive"] == "Đồng ý."
    specialist.page.goto(address)
    expect(specialist.page.locator(".case-state")).to_contain_text("Đã giải quyết")
    expect(specialist.page.locator("img.page-image")).to_have_count(1)
    expect(specialist.history()).to_have_count(len(case["history"]))


def offers_agree_and_return(head: ApiClient, case_id: str) -> None:
    """A task says which actions are lawful and where each leads."""
    task = head.http.get(f"tasks/{head.task_of(case_id)}").json()
    assert task["step_name"] == "Kiểm tra nội dung"
    assert [(each["id"], each["allowed"], each["comment"]) for each in task["actions"]] == [
        ("approve", True, "none"),
        ("return", True, "required"),
    ]
    assert task["actions"][1]["target_name"] == "Lập phiếu trình"


def waits_for_the_director(director: ApiClient, case_id: str) -> None:
    """The case says whom it waits for."""
    director.task_of(case_id)
    (waiting,) = director.case(case_id)["waiting"]
    assert (waiting["step"], waiting["who"]) == ("Quyết định", [DIRECTOR.name])


def is_hidden_from(stranger: ApiClient, case_id: str, task_id: str) -> None:
    """For another agency neither the case nor the task exists, whatever is asked of it."""
    answers = [
        stranger.http.get(f"cases/{case_id}"),
        stranger.http.get(f"tasks/{task_id}"),
        stranger.perform(task_id, "approve", directive="Tôi quyết."),
        stranger.perform(task_id, "approve", files={"main": PDF_FILE}, directive="Tôi quyết."),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert all(answer.json()["code"] == "not_found" for answer in answers[:1])
    assert case_id not in {entry["case_id"] for entry in stranger.inbox()}


def test_a_task_done_twice_tells_who_was_first(api: Api) -> None:
    """The second request changes nothing and says so."""
    case_id = api(SPECIALIST).submit("Làm hai lần qua API")
    task_id = api(UNIT_HEAD).task_of(case_id)
    assert api(UNIT_HEAD).perform(task_id, "approve").status_code == 200
    before = api(SPECIALIST).case(case_id)
    again = api(UNIT_HEAD).perform(task_id, "return", comment="Đổi ý.")
    assert again.status_code == 409
    assert again.json()["code"] == "already_done"
    assert UNIT_HEAD.name in again.json()["message"]
    after = api(SPECIALIST).case(case_id)
    assert [line for line in after["history"] if line["who"] == UNIT_HEAD.name] == [
        line for line in before["history"] if line["who"] == UNIT_HEAD.name
    ]


def test_refusals_name_the_field(api: Api) -> None:
    """Nothing is kept of a request that is wrong somewhere."""
    specialist = api(SPECIALIST)
    case_id = specialist.start(subject="Thiếu nội dung qua API")
    task_id = specialist.task_of(case_id)
    text = ("ghi-chu.pdf", b"Day khong phai PDF", "application/pdf")
    no_content = specialist.perform(task_id, "submit", subject="Thiếu nội dung qua API")
    no_pdf = specialist.perform(task_id, "submit", files={"main": text}, **WORDS)
    no_such_action = specialist.perform(task_id, "khong-co", **WORDS)
    assert (no_content.status_code, list(no_content.json()["errors"])) == (422, ["content"])
    assert (no_pdf.status_code, list(no_pdf.json()["errors"])) == (422, ["file"])
    assert "PDF" in no_pdf.json()["errors"]["file"][0]
    assert no_such_action.status_code == 404
    assert specialist.task_of(case_id) == task_id


def test_a_wrong_password_and_a_wrong_token_open_nothing(site: Site) -> None:
    """AD-09: one answer for an unknown name and for a wrong password."""
    url = f"{site.url}api/v1/"
    refusals = [
        httpx.post(f"{url}login", json={"username": name, "password": "sai"})
        for name in (SPECIALIST.username, "khong-co-nguoi-nay")
    ]
    assert [answer.status_code for answer in refusals] == [401, 401]
    assert refusals[0].json() == refusals[1].json()
    headers = {"Authorization": "Token khong-dung"}
    assert httpx.get(f"{url}inbox", headers=headers).status_code == 401
    assert httpx.get(f"{url}inbox").status_code == 401


def test_the_schema_describes_every_address(site: Site) -> None:
    """Other programs read the API's description without an account."""
    answer = httpx.get(f"{site.url}api/v1/schema", params={"format": "json"})
    assert answer.status_code == 200
    assert {"/api/v1/inbox", "/api/v1/cases", "/api/v1/tasks/{task_id}/{action}"} <= set(
        answer.json()["paths"]
    )
