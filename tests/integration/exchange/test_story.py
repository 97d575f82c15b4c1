"""A document goes from one agency to another and its statuses come back."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.db import transaction

from quytrinh.background import dispatch as dispatcher
from quytrinh.documents import storage
from quytrinh.documents.models import DocumentVersion
from quytrinh.exchange.actions import ask_back, report, take_over
from quytrinh.exchange.actions.take_over import case_values
from quytrinh.exchange.edxml import Kind, read
from quytrinh.exchange.exceptions import (
    AnotherContent,
    ReasonMissing,
    UnknownReceiver,
    UnlawfulStatus,
)
from quytrinh.exchange.models import ExchangeAttachment
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7
from tests.integration.exchange.conftest import CODE_A, CODE_B, CODE_C, Offices
from tests.support.pdf import pdf

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT_ID = f"{CODE_A},2026/03/02,12/TT-TTA"


def test_a_document_arrives_and_is_answered(offices: Offices, told: list) -> None:
    content = pdf("Cong van 12")
    offices.a.send(offices.a.document(files=[offices.a.file(content)]), CODE_B)
    offices.work_off()

    [arrived] = offices.b.messages()
    assert (arrived.direction, arrived.kind, arrived.origin) == ("in", "new", "known")
    assert arrived.document_id == DOCUMENT_ID
    assert arrived.warnings == []
    with tenant_context(offices.b.tenant.pk), transaction.atomic():
        [attachment] = ExchangeAttachment.objects.filter(message=arrived).select_related("file")
        assert storage.path_of(attachment.file.sha256).read_bytes() == content
        assert attachment.file.pages == 1
    [sent] = offices.a.messages()
    assert (sent.transport_state, sent.business_status) == ("delivered", "01")
    assert told == [("message", "new", DOCUMENT_ID), ("status", "01", "Đã đến")]


def test_every_status_returns_to_the_sender(offices: Offices, told: list) -> None:
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    [arrived] = offices.b.messages()
    for code in ("03", "04", "05", "06"):
        offices.b.do(report, message_id=arrived.pk, code=code)
        offices.work_off()
        [sent] = offices.a.messages()
        assert sent.business_status == code
        assert sent.transport_state == "delivered"
    assert offices.a.statuses(sent) == offices.b.statuses(arrived) == ["01", "03", "04", "05", "06"]


def test_a_refusal_returns_with_its_reason(offices: Offices, told: list) -> None:
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    [arrived] = offices.b.messages()
    with pytest.raises(ReasonMissing):
        offices.b.do(report, message_id=arrived.pk, code="02")
    reason = "Văn bản chưa ký số (Điều 6 khoản 1 điểm b)"
    offices.b.do(report, message_id=arrived.pk, code="02", reason=reason)
    offices.work_off()
    [sent] = offices.a.messages()
    assert (sent.business_status, sent.transport_state) == ("02", "delivered")
    assert told[-1] == ("status", "02", reason)
    with pytest.raises(UnlawfulStatus):
        offices.b.do(report, message_id=arrived.pk, code="03")


def test_what_must_come_before_is_told_first(offices: Offices) -> None:
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    [arrived] = offices.b.messages()
    offices.b.do(report, message_id=arrived.pk, code="05")
    offices.b.do(report, message_id=arrived.pk, code="05")
    offices.work_off()
    [sent] = offices.a.messages()
    assert offices.a.statuses(sent) == ["01", "03", "05"]


def test_each_receiver_has_a_copy_and_a_status_of_its_own(offices: Offices) -> None:
    # The same agency named twice, as happens while two schemes of codes live side by side.
    sent = offices.a.send(offices.a.document(), CODE_B, CODE_C, CODE_B)
    assert [each.receiver_code for each in sent] == [CODE_B, CODE_C]
    assert sent[0].envelope_id == sent[1].envelope_id
    offices.work_off()
    [at_c] = offices.c.messages()
    offices.c.do(report, message_id=at_c.pk, code="03")
    offices.work_off()
    assert {m.receiver_code: m.business_status for m in offices.a.messages()} == {
        CODE_B: "01",
        CODE_C: "03",
    }


def test_sending_twice_sends_once(offices: Offices, places: Path) -> None:
    document = offices.a.document()
    first = offices.a.send(document, CODE_B)
    again = offices.a.send(document, CODE_B)
    assert [m.pk for m in first] == [m.pk for m in again]
    offices.work_off()
    third = offices.a.send(document, CODE_B)
    assert [m.pk for m in first] == [m.pk for m in third]
    offices.work_off()
    assert len(offices.b.messages()) == 1


def test_a_receiver_may_be_added_to_a_document(offices: Offices) -> None:
    document = offices.a.document()
    [first] = offices.a.send(document, CODE_B)
    both = offices.a.send(document, CODE_B, CODE_C)
    assert both[0].pk == first.pk
    offices.work_off()
    assert len(offices.b.messages()) == len(offices.c.messages()) == 1


def test_other_content_under_the_same_number_is_not_sent(offices: Offices) -> None:
    offices.a.send(offices.a.document(), CODE_B)
    with pytest.raises(AnotherContent):
        offices.a.send(offices.a.document(files=[offices.a.file(pdf("khac"))]), CODE_B)
    assert len(offices.a.messages()) == 1


@pytest.mark.parametrize("codes", [[], ["X99"], [CODE_B, "X99"], [CODE_A]])
def test_whom_nobody_knows_is_not_written_to(offices: Offices, codes: list[str]) -> None:
    with pytest.raises(UnknownReceiver):
        offices.a.send(offices.a.document(), *codes)
    assert offices.a.messages() == [] == offices.a.outbox()


@pytest.mark.parametrize("kind", [Kind.RECALL, Kind.UPDATE, Kind.REPLACE])
def test_recall_update_and_replace_reach_the_case(offices: Offices, told: list, kind: Kind) -> None:
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    number = "13" if kind == Kind.REPLACE else "12"
    about = offices.a.document(
        number, kind=kind, reason="Sai ngày họp", targets=(DOCUMENT_ID,), version=2
    )
    offices.a.send(about, CODE_B)
    offices.work_off()
    original, speaking = offices.b.messages()
    assert (speaking.kind, speaking.concerns_id) == (kind.value, original.pk)
    assert speaking.header["business"]["reason"] == "Sai ngày họp"
    assert original.overtaken_by == kind.value
    assert ("message", kind.value, speaking.document_id) in told
    assert offices.a.messages()[0].overtaken_by == kind.value


def test_changing_a_document_needs_a_reason(offices: Offices) -> None:
    with pytest.raises(ReasonMissing):
        offices.a.send(offices.a.document(kind=Kind.RECALL, targets=(DOCUMENT_ID,)), CODE_B)


def test_asking_back_and_the_answer(offices: Offices, told: list) -> None:
    [sent] = offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    offices.a.do(ask_back, message_id=sent.pk, reason="Gửi nhầm")
    offices.work_off()
    assert ("status", "13", "Gửi nhầm") in told
    [arrived] = offices.b.messages()
    assert arrived.business_status == "01"
    # No procedure has taken the document, so it is given back at once.
    assert offices.a.statuses(sent) == ["01", "13", "15"]
    with pytest.raises(UnlawfulStatus):
        offices.b.do(report, message_id=arrived.pk, code="16", reason="muộn")


def test_a_message_becomes_a_case_s(offices: Offices) -> None:
    files = [offices.a.file(b"du thao", "a.txt"), offices.a.file(pdf("chinh")),
             offices.a.file(pdf("phu luc"), "Phụ lục.pdf")]  # fmt: skip
    offices.a.send(offices.a.document(files=files, priority="2"), CODE_B)
    offices.work_off()
    [arrived] = offices.b.messages()
    values = case_values(arrived)
    assert (values["sender_code"], values["urgency"]) == ("12/TT-TTA", "very_urgent")
    assert (values["sender"], values["sender_date"]) == ("Cơ quan A", "2026-03-02")
    assert (values["document_type"], values["source"]) == ("CV", "axis")
    case = uuid7()
    with tenant_context(offices.b.tenant.pk), transaction.atomic():
        slots = take_over(message=arrived, case_id=case)
        assert {slot: len(ids) for slot, ids in slots.items()} == {"main": 1, "annexes": 2}
        [main] = DocumentVersion.objects.latest_of(slots["main"])
        assert main.file.original_name == "Công văn.pdf"
    assert offices.b.messages()[0].case_id == case


def test_the_bytes_on_the_axis_are_the_pinned_ones(offices: Offices, places: Path) -> None:
    [sent] = offices.a.send(offices.a.document(), CODE_B)
    assert dispatcher.run_due() == 1  # sent, not yet collected
    [file] = (places / "axis").rglob("*.edxml")
    content = file.read_bytes()
    assert hashlib.sha256(content).hexdigest() == sent.envelope.sha256
    assert read(content).message.sender.code == CODE_A
    offices.work_off()
    assert list((places / "axis").rglob("*.edxml")) == []


def test_no_agency_sees_another_s_messages(offices: Offices) -> None:
    offices.a.send(offices.a.document(), CODE_B)
    offices.work_off()
    assert offices.c.messages() == [] == offices.c.outbox()
    assert {m.direction for m in offices.b.messages()} == {"in"}
