"""The menu of other actions on the page of a case, and the same over the API."""

from __future__ import annotations

import pytest

from quytrinh.runtime.models import CaseTask
from tests.support.agencies import Agencies

pytestmark = pytest.mark.django_db


def test_task_is_suspended_on_its_page_and_the_list_says_why(agencies: Agencies) -> None:
    # PR-19
    agency = agencies.binh_thuan
    case, task = agency.new_case()
    client = agency.client("chuyen-vien")
    page = client.get(f"/viec/{task.pk}/").content.decode()
    assert f"/viec/{task.pk}/thao-tac/suspend/" in page
    assert "Chỉ trưởng đơn vị của người đang giữ việc được gia hạn." in page
    told = {"_agency": agency.slug, "comment": "Chờ tập hợp hồ sơ"}
    client.post(f"/viec/{task.pk}/thao-tac/suspend/", told)
    assert "Tạm dừng: Chờ tập hợp hồ sơ" in client.get("/viec/").content.decode()
    assert "Chờ tập hợp hồ sơ" in client.get(f"/ho-so/{case.pk}/").content.decode()


def test_refused_verb_keeps_what_was_entered(agencies: Agencies) -> None:
    agency = agencies.binh_thuan
    _case, task = agency.new_case()
    client = agency.client("truong-phong")
    clerk = agency.person("van-thu").id
    told = {"_agency": agency.slug, "comment": "", "person": str(clerk)}
    own = agency.client("chuyen-vien")
    answer = own.post(f"/viec/{task.pk}/thao-tac/reassign/", told)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "hãy ghi lý do giao cho họ" in page
    assert f'<option value="{clerk}" selected>' in page
    assert client.post(f"/viec/{task.pk}/thao-tac/suspend/", told).status_code in (404, 422)


def test_question_is_answered_in_the_inbox_of_whom_it_was_asked(agencies: Agencies) -> None:
    agency = agencies.binh_thuan
    case, task = agency.new_case()
    clerk = agency.person("van-thu").id
    told = {"_agency": agency.slug, "comment": "Đã vào sổ chưa?", "member": f"person:{clerk}"}
    agency.client("chuyen-vien").post(f"/viec/{task.pk}/thao-tac/consult/", told)
    with agency.at_work():
        [side] = CaseTask.objects.sides_of(case.pk)
    client = agency.client("van-thu")
    assert f"/viec/{side.pk}/" in client.get("/viec/").content.decode()
    page = client.get(f"/viec/{side.pk}/").content.decode()
    assert "Đã vào sổ chưa?" in page
    assert f"/viec/{side.pk}/thao-tac/answer/" in page
    told = {"_agency": agency.slug, "comment": "Số 12"}
    client.post(f"/viec/{side.pk}/thao-tac/answer/", told)
    assert "Số 12" in agency.client("chuyen-vien").get(f"/ho-so/{case.pk}/").content.decode()


def test_api_lists_verbs_with_why_not_and_uses_them(agencies: Agencies) -> None:
    agency = agencies.binh_thuan
    case, task = agency.new_case()
    client = agency.client("chuyen-vien")
    offered = {each["id"]: each for each in client.get(f"/api/v1/tasks/{task.pk}").json()["verbs"]}
    assert offered["suspend"]["allowed"] and not offered["suspend"]["why_not"]
    assert not offered["extend"]["allowed"] and "trưởng đơn vị" in offered["extend"]["why_not"]
    path, json = f"/api/v1/tasks/{task.pk}/verbs/suspend", "application/json"
    assert client.post(path, {"comment": ""}, json).status_code == 422
    assert client.post(path, {"comment": "Chờ hồ sơ"}, json).status_code == 204
    assert client.get(f"/api/v1/tasks/{task.pk}").json()["suspended"] == "Chờ hồ sơ"
    cancel = f"/api/v1/cases/{case.pk}/verbs/cancel"
    assert client.post(cancel, {"comment": "Không cần nữa"}, json).status_code == 204
    assert client.get(f"/api/v1/cases/{case.pk}").json()["outcome"] == "cancelled"
    stranger = agencies.ha_tinh.client("chuyen-vien")
    assert stranger.post(path, {"comment": "x"}, json).status_code == 404
