"""What comes in wrong: refused or explained, and nothing half done."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.db import transaction

from quytrinh.exchange.edxml import (
    Attachment,
    Code,
    DocumentMessage,
    Organ,
    OtherInfo,
    ResponseFor,
    StatusMessage,
    write,
)
from quytrinh.exchange.models import ExchangeAttachment, ExchangeMessage
from quytrinh.tenancy.context import tenant_context
from tests.integration.exchange.conftest import CODE_A, CODE_B, CODE_C, Offices
from tests.support.pdf import pdf

pytestmark = pytest.mark.django_db

FIXTURES = Path(__file__).parents[2] / "fixtures" / "edxml"
BASE = DocumentMessage(
    sender=Organ(CODE_A, "Cơ quan A"),
    receivers=(Organ(CODE_B, "Cơ quan B"),),
    document_id=f"{CODE_A},2026/03/02,7/TT",
    code=Code("7", "TT"),
    promulgated_on=date(2026, 3, 2),
    subject="V/v thử",
    attachments=(Attachment("a.pdf", pdf("mot"), "application/pdf"),),
)


def files_of(offices: Offices, places: Path) -> list[Path]:
    return [path for path in (places / "files").rglob("*") if path.is_file()]


def attachments_of(offices: Offices, message: ExchangeMessage) -> list[ExchangeAttachment]:
    with tenant_context(offices.b.tenant.pk), transaction.atomic():
        found = ExchangeAttachment.objects.filter(message=message).order_by("place")
        return list(found.select_related("file"))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "XML"),
        (b"%PDF-1.7 not edXML at all", "XML"),
        (
            b'<!DOCTYPE edXML [<!ENTITY x SYSTEM "file:///etc/passwd">]><edXML>&x;</edXML>',
            "DOCTYPE",
        ),
        (b"<edXML><edXMLEnvelope/></edXML>", "edXML"),
        (b"PK\x03\x04" * 100, "XML"),
    ],
)
def test_what_is_no_message_is_refused_and_told(
    offices: Offices, told: list, places: Path, content: bytes, word: str
) -> None:
    receipt = offices.b.receive(content)
    assert receipt.delivery.state == "failed"
    assert word in receipt.delivery.reason
    assert [kind for kind, *_ in told] == ["alarm"]
    assert offices.b.messages() == []
    assert offices.b.outbox() == []
    assert files_of(offices, places) == []
    [entry] = offices.b.journal("exchange.refused")
    assert entry["sender"] == CODE_A


def test_the_same_message_twice_has_the_same_receipt(offices: Offices, told: list) -> None:
    first = offices.b.receive(write(BASE))
    again = offices.b.receive(write(BASE), number="parcel-00000002")
    assert again.is_repeat and not first.is_repeat
    assert first.delivery == again.delivery
    assert first.message is not None and again.message is not None
    assert first.message.pk == again.message.pk
    assert [kind for kind, *_ in told] == ["message"]
    assert offices.b.outbox() == [("exchange.report", "pending")]


def test_the_same_id_with_other_content_is_refused_and_alarmed(
    offices: Offices, told: list, places: Path
) -> None:
    offices.b.receive(write(BASE))
    kept = files_of(offices, places)
    for changed in (
        replace(BASE, subject="V/v khác"),
        replace(BASE, attachments=(Attachment("a.pdf", pdf("hai"), "application/pdf"),)),
    ):
        receipt = offices.b.receive(write(changed), number="parcel-00000002")
        assert receipt.delivery.state == "failed"
        assert "nội dung khác" in receipt.delivery.reason
    assert told[-1] == ("alarm", "another_content")
    assert len(offices.b.messages()) == 1
    assert files_of(offices, places) == kept


def test_two_senders_may_use_the_same_id(offices: Offices) -> None:
    offices.b.receive(write(BASE))
    other = replace(BASE, sender=Organ(CODE_C, "Cơ quan C"), subject="Khác")
    assert offices.b.receive(write(other), sender=CODE_C).delivery.state == "done"
    assert len(offices.b.messages()) == 2


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.edxml")), ids=lambda path: path.stem)
def test_every_shape_is_taken_in_or_explained(offices: Offices, path: Path) -> None:
    receipt = offices.b.receive(path.read_bytes())
    if path.stem.startswith("status"):
        assert receipt.delivery.state == "failed"  # of a document nobody here sent
    else:
        assert receipt.delivery.state == "done"
        assert receipt.message is not None


def test_an_unbound_prefix_is_taken_in_with_its_warnings(offices: Offices) -> None:
    receipt = offices.b.receive((FIXTURES / "unbound-prefix.edxml").read_bytes())
    assert receipt.message is not None
    codes = {each["code"] for each in receipt.message.warnings}
    assert {"unbound_prefix", "broken_file", "envelope_signature"} <= codes
    [attachment] = attachments_of(offices, receipt.message)
    assert attachment.file is None and "base64" in attachment.fault


def test_a_zip_bomb_is_told_and_the_message_kept(offices: Offices, places: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0f8fad5b-d9cb-469f-a165-70867728950e.pdf", bytes(200_000_000))
    bomb = Attachment("a.pdf", packed.getvalue(), "application/zip")
    receipt = offices.b.receive(write(replace(BASE, attachments=(bomb,))))
    assert receipt.message is not None
    [attachment] = attachments_of(offices, receipt.message)
    assert attachment.file is None and "phình" in attachment.fault
    assert sum(path.stat().st_size for path in files_of(offices, places)) < 1_000_000


@pytest.mark.parametrize(
    ("content", "pages"),
    [(pdf("a", "b"), 2), (pdf(password="bi-mat"), 0), (pdf("x")[:300], 0), (b"van ban", 0)],
)
def test_files_are_kept_as_they_came_for_whoever_verifies_them(
    offices: Offices, content: bytes, pages: int
) -> None:
    file = Attachment("../../a?.pdf", content, "application/pdf")
    receipt = offices.b.receive(write(replace(BASE, attachments=(file,))))
    assert receipt.message is not None
    [attachment] = attachments_of(offices, receipt.message)
    assert attachment.file is not None
    assert (attachment.file.size, attachment.file.pages) == (len(content), pages)
    assert attachment.file.original_name == "a?.pdf"


def test_who_it_came_from_is_checked(offices: Offices) -> None:
    assert offices.b.receive(write(BASE)).message.origin == "known"  # type: ignore[union-attr]
    stranger = replace(BASE, sender=Organ("X77"), document_id="la")
    assert offices.b.receive(write(stranger), sender="X77").message.origin == "unknown"  # type: ignore[union-attr]
    posing = replace(BASE, document_id="gia")
    assert offices.b.receive(write(posing), sender=CODE_C).message.origin == "mismatch"  # type: ignore[union-attr]


def test_a_message_for_another_agency_is_told(offices: Offices) -> None:
    receipt = offices.b.receive(write(replace(BASE, receivers=(Organ("X88"),))))
    assert receipt.message is not None
    assert "misaddressed" in {each["code"] for each in receipt.message.warnings}


@pytest.mark.parametrize("code", ["99", "abc", "06", "15"])
def test_a_status_that_cannot_be_is_refused(offices: Offices, told: list, code: str) -> None:
    [sent] = offices.b.send(offices.b.document(), CODE_A)
    told_us = StatusMessage(
        Organ(CODE_A), ResponseFor(document_id=sent.document_id), "02", "chưa ký"
    )
    assert offices.b.receive(write(told_us)).delivery.state == "done"
    receipt = offices.b.receive(write(replace(told_us, status=code)))
    if code == "15":  # it does not contradict the refusal
        assert receipt.delivery.state == "done"
    else:
        assert receipt.delivery.state == "failed"
        assert told[-1] == ("alarm", "unlawful_status")
    [now] = offices.b.messages()
    assert now.business_status == "02"


def test_a_status_of_another_s_copy_is_refused(offices: Offices) -> None:
    [sent] = offices.b.send(offices.b.document(), CODE_A)
    meddling = StatusMessage(Organ(CODE_C), ResponseFor(document_id=sent.document_id), "06", "xong")
    assert offices.b.receive(write(meddling), sender=CODE_C).delivery.state == "failed"
    assert offices.b.messages()[0].business_status == ""


def test_marks_of_urgency_and_sphere_do_not_disturb(offices: Offices) -> None:
    other = OtherInfo(priority="9", sphere="Lưu hành nội bộ")
    receipt = offices.b.receive(write(replace(BASE, other=other)))
    assert receipt.message is not None and receipt.message.business_status == "01"
