"""The same through the API: documents with their verdicts, transport and statuses, recalls."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quytrinh.exchange.actions import ask_back
from quytrinh.tenancy.context import tenant_context
from tests.support.arrivals import Correspondent, settle

pytestmark = pytest.mark.django_db(transaction=True)


def resource(client: Client, case_id: Any) -> dict[str, Any]:
    answer = client.get(f"/api/v1/cases/{case_id}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_a_case_tells_its_documents_where_they_came_from_and_where_they_went(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sending = sender.begin("phieu-trinh")
    sender.send(receiver, case_id=sending.pk)
    [case] = receiver.arrived_cases()
    receiver.act("van-thu", case, "refuse")
    receiver.act("van-thu", case, "refuse", comment="Văn bản chưa ký số")
    settle()

    came = resource(receiver.agency.client("van-thu"), case.pk)
    [document] = came["documents"]
    assert (document["slot"], document["code"], document["version"]) == ("main", "12/CQ-VP", 1)
    assert document["verification"]["badge"]["verdict"] == "unsigned"
    assert document["file"]["pages"] == 1 and len(document["file"]["sha256"]) == 64
    arrival = came["arrival"]
    assert (arrival["sender_code"], arrival["number"]) == (sender.code, "12/CQ-VP")
    assert [each["code"] for each in arrival["statuses"]] == ["01", "02"]
    assert came["shipments"] == []

    went = resource(sender.agency.client("chuyen-vien"), sending.pk)
    assert went["arrival"] is None
    [shipment] = went["shipments"]
    assert (shipment["receiver_code"], shipment["transport"]) == (receiver.code, "delivered")
    refusal = shipment["statuses"][-1]
    assert (refusal["code"], refusal["reason"]) == ("02", "Văn bản chưa ký số")
    assert refusal["who"].startswith(receiver.agency.person("van-thu").full_name)


def test_a_recall_is_answered(sender: Correspondent, receiver: Correspondent) -> None:
    sent = sender.send(receiver)
    [case] = receiver.arrived_cases()
    receiver.act("van-thu", case, "confirm")
    settle()
    with tenant_context(sender.agency.tenant.pk):
        ask_back(message_id=sent.pk, reason="Gửi nhầm")
    settle()
    clerk, director = (receiver.agency.client(who) for who in ("van-thu", "giam-doc"))
    assert resource(clerk, case.pk)["arrival"]["asked_back"] == "Gửi nhầm"

    def answer(client: Client, **said: Any) -> int:
        url = f"/api/v1/cases/{case.pk}/recall"
        return client.post(url, said, content_type="application/json").status_code

    assert answer(director, agree=True) == 403
    assert answer(clerk, agree=False) == 422
    assert answer(clerk, reason="thiếu câu trả lời") == 400
    assert answer(sender.agency.client("van-thu"), agree=True) in (403, 404)
    assert answer(clerk, agree=False, reason="Đã giải quyết xong") == 204
    settle()
    assert "16" in sender.statuses(sent)
    assert not resource(clerk, case.pk)["arrival"]["is_asked_back"]


def test_the_schema_describes_what_a_case_tells(receiver: Correspondent) -> None:
    answer = receiver.agency.client("van-thu").get("/api/v1/schema", {"format": "json"})
    described = answer.json()
    case = described["components"]["schemas"]["Case"]["properties"]
    assert {"documents", "arrival", "shipments"} <= case.keys()
    assert "/api/v1/cases/{case_id}/recall" in described["paths"]
