"""The gate at its four places: refused before anything is kept, journalled without the content."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import transaction

from quytrinh.documents.actions import receive_upload
from quytrinh.documents.exceptions import DocumentExcluded
from quytrinh.documents.gatekeeping import refuse_excluded_values
from quytrinh.exchange.actions import exclude_mark
from quytrinh.exchange.edxml import Attachment, OtherInfo, write
from quytrinh.exchange.models import ExchangeStatus
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.ids import uuid7
from tests.integration.exchange.conftest import CODE_B, Offices
from tests.integration.exchange.test_bad_input import BASE, files_of
from tests.support.pdf import pdf, vietnamese_pdf
from tests.support.uploads import pdf_upload

pytestmark = pytest.mark.django_db

ARTICLE = "Điều 6 Quy chế (QĐ 33/2019/QĐ-UBND)"
SUBJECT = "Kế hoạch chỉ ai được biết mới biết"
ACTOR = uuid7()


def stamped(mark: str, *, low: bool = False) -> bytes:
    """A page with a letterhead, a mark below the number, and a sentence about secrets."""
    return vietnamese_pdf(
        (60, 790, "ỦY BAN NHÂN DÂN TƯỞNG TƯỢNG"),
        (330, 790, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
        (60, 760, "Số: 12/KH-TTA"),
        (60, 100 if low else 735, mark),
        (60, 650, "Về việc bảo vệ bí mật nhà nước và mật khẩu"),
    )


def nothing_left(offices: Offices, places: Path, place: str) -> None:
    """The journal tells of one refusal at this place, and of nothing that was in the document."""
    for office in (offices.a, offices.b):
        entries = office.journal("gate.refused")
        if entries:
            assert [entry["place"] for entry in entries] == [place]
            assert "Luật" in entries[0]["article"] or entries[0]["article"] == ARTICLE
            said = json.dumps(entries, ensure_ascii=False)
            assert "Kế hoạch" not in said and ".pdf" not in said and "sha" not in said
            return
    raise AssertionError("no refusal was journalled")


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "M Ậ T"])
def test_upload_of_a_stamped_file(offices: Offices, places: Path, mark: str) -> None:
    with pytest.raises(DocumentExcluded) as refused:
        offices.a.do(receive_upload, upload=pdf_upload(stamped(mark)), actor=ACTOR)
    assert refused.value.code == "excluded"
    assert "Luật Bảo vệ bí mật nhà nước" in refused.value.message
    assert files_of(offices, places) == []
    nothing_left(offices, places, "upload")


def test_upload_by_its_name(offices: Offices, places: Path) -> None:
    with pytest.raises(DocumentExcluded):
        offices.a.do(receive_upload, upload=pdf_upload(pdf(), "Kế hoạch (Mật).pdf"), actor=ACTOR)
    assert files_of(offices, places) == []
    nothing_left(offices, places, "upload")


@pytest.mark.parametrize(
    "content", [stamped(""), stamped("Mật"), stamped("MẬT", low=True), stamped("LƯU HÀNH NỘI BỘ")]
)
def test_words_that_are_no_stamp_pass(offices: Offices, content: bytes) -> None:
    offices.a.do(receive_upload, upload=pdf_upload(content), actor=ACTOR)


def test_an_agency_s_own_mark_is_kept_out_there_only(offices: Offices, places: Path) -> None:
    offices.b.do(exclude_mark, mark="LƯU HÀNH NỘI BỘ", article=ARTICLE)
    upload = stamped("LƯU HÀNH NỘI BỘ")
    offices.a.do(receive_upload, upload=pdf_upload(upload), actor=ACTOR)
    with pytest.raises(DocumentExcluded, match="Điều 6"):
        offices.b.do(receive_upload, upload=pdf_upload(upload), actor=ACTOR)


def test_drafting(offices: Offices, places: Path) -> None:
    offices.a.do(refuse_excluded_values, values={"subject": SUBJECT, "secrecy": ""}, actor=ACTOR)
    case = uuid7()
    with pytest.raises(DocumentExcluded, match="Không soạn thảo"):
        offices.a.do(
            refuse_excluded_values,
            values={"subject": SUBJECT, "secrecy": "toi_mat"},
            actor=ACTOR,
            case_id=case,
        )
    nothing_left(offices, places, "draft")
    assert offices.a.journal("gate.refused")[0]["case"] == str(case)


@pytest.mark.parametrize(
    "change", [{"secrecy": "mat"}, {"subject": f"{SUBJECT} (mật)"}, {"files": "stamped"}]
)
def test_sending(offices: Offices, places: Path, change: dict) -> None:
    if "files" in change:
        change = {"files": [offices.a.file(stamped("MẬT"))]}
    document = offices.a.document(**change)
    before = files_of(offices, places)
    with pytest.raises(DocumentExcluded, match="Không gửi"):
        offices.a.send(document, CODE_B, actor=ACTOR)
    assert offices.a.messages() == [] == offices.a.outbox()
    assert files_of(offices, places) == before
    nothing_left(offices, places, "sending")


SECRET = (
    replace(BASE, subject=f"{SUBJECT} (TỐI MẬT)"),
    replace(BASE, attachments=(Attachment("a.pdf", stamped("MẬT"), "application/pdf"),)),
    replace(BASE, attachments=(Attachment("a [mật].pdf", pdf(), "application/pdf"),)),
    replace(BASE, other=OtherInfo(sphere="Tuyệt mật")),
)


@pytest.mark.parametrize("message", SECRET)
def test_reception(offices: Offices, places: Path, told: list, message) -> None:
    receipt = offices.b.receive(write(message))
    assert receipt.delivery.state == "done"  # the axis has done its part
    assert files_of(offices, places) == []
    [row] = offices.b.messages()
    assert (row.subject, row.header, row.warnings) == ("", {}, [])
    assert row.business_status == "02"
    nothing_left(offices, places, "reception")
    assert ("alarm", "excluded") in told
    assert not any(kind == "message" for kind, *_ in told)
    # The same again: the same receipt, and no second refusal.
    assert offices.b.receive(write(message)).is_repeat
    nothing_left(offices, places, "reception")


def test_a_declared_secrecy_is_read_wherever_systems_put_it(offices: Offices) -> None:
    declared = write(BASE).decode().replace(
        "</edXML:OtherInfo>", "<edXML:SecretLevel>2</edXML:SecretLevel></edXML:OtherInfo>"
    )  # fmt: skip
    receipt = offices.b.receive(declared.encode())
    assert receipt.message is not None and receipt.message.business_status == "02"


def test_an_agency_s_own_article_is_told_to_the_sender(offices: Offices) -> None:
    offices.b.do(exclude_mark, mark="MẬT", article=ARTICLE)
    receipt = offices.b.receive(write(replace(BASE, subject="x (mật)")))
    assert receipt.message is not None
    with tenant_context(offices.b.tenant.pk), transaction.atomic():
        [status] = ExchangeStatus.objects.all()
        assert status.code == "02" and ARTICLE in status.description
