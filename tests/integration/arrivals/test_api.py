"""The same through the API: documents with their verdicts, transport and statuses, recalls."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from quytrinh.exchange.actions import ask_back
from quytrinh.tenancy.context import tenant_context
from tests.support.arrivals import Correspondent, settle
from tests.support.pdf import pdf

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


def test_a_clerk_asks_for_a_document_that_was_sent(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sending = sender.begin("phieu-trinh")
    sent = sender.send(receiver, case_id=sending.pk)

    def ask(office: Correspondent, who: str, reason: str, case_id: Any = sending.pk) -> int:
        url = f"/api/v1/cases/{case_id}/shipments/{sent.pk}/ask-back"
        said = {"reason": reason}
        client = office.agency.client(who)
        return client.post(url, said, content_type="application/json").status_code

    assert ask(sender, "chuyen-vien", "Gửi nhầm") == 403
    assert ask(sender, "van-thu", "") == 422
    assert ask(sender, "van-thu", "Gửi nhầm", sent.pk) == 404
    assert ask(receiver, "van-thu", "Gửi nhầm") in (403, 404)
    assert ask(sender, "van-thu", "Gửi nhầm") == 204
    settle()
    # Nobody had worked on it there, so it is given back at once.
    assert {"13", "15"} <= set(sender.statuses(sent))


def test_a_file_is_fetched_as_it_was_sent(sender: Correspondent, receiver: Correspondent) -> None:
    content = pdf("Cong van 12")
    sender.send(receiver, sender.document(files=[sender.file(content)]))
    [case] = receiver.arrived_cases()
    clerk = receiver.agency.client("van-thu")
    [document] = resource(clerk, case.pk)["documents"]
    address = f"/api/v1/files/{document['file']['id']}"
    fetched = clerk.get(address)
    assert fetched.content == content
    assert fetched["Content-Disposition"].startswith("attachment")
    assert sender.agency.client("van-thu").get(address).status_code in (403, 404)


def test_the_schema_describes_what_a_case_tells(receiver: Correspondent) -> None:
    answer = receiver.agency.client("van-thu").get("/api/v1/schema", {"format": "json"})
    described = answer.json()
    case = described["components"]["schemas"]["Case"]["properties"]
    assert {"documents", "arrival", "shipments"} <= case.keys()
    assert "/api/v1/cases/{case_id}/recall" in described["paths"]
