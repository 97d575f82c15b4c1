"""A secret document is refused where it is drafted: nothing of it is kept, the refusal is."""

from __future__ import annotations

import json

import pytest

from quytrinh.documents.models import StoredFile
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions
from quytrinh.runtime.exceptions import FormInvalid
from quytrinh.runtime.models import Case
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.pdf import pdf
from tests.support.uploads import pdf_upload

pytestmark = pytest.mark.django_db(transaction=True)


def refusals(office: Office) -> list[dict]:
    with office.agency.at_work():
        return list(
            JournalEntry.objects.filter(verb="gate.refused").values_list("payload", flat=True)
        )


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"values": SLIP | {"secrecy": "toi_mat"}}, "secrecy"),
        ({"values": SLIP | {"subject": "Kế hoạch (MẬT)"}}, "subject"),
        ({"values": SLIP, "uploads": {"main": [pdf_upload(pdf(), "Kế hoạch (Mật).pdf")]}}, "main"),
    ],
)
def test_beginning_a_case(office: Office, entered: dict, field: str) -> None:
    with tenant_context(office.agency.tenant.pk), pytest.raises(FormInvalid) as refused:
        actions.begin_case(
            flow_key="phieu-trinh",
            actor=office.agency.person("chuyen-vien"),
            action="submit",
            **entered,
        )
    assert "Luật Bảo vệ bí mật nhà nước" in next(iter(refused.value.errors.values()))[0]
    if field != "main":
        assert field in refused.value.errors
    with office.agency.at_work():
        assert not Case.objects.exists() and not StoredFile.objects.exists()
    [entry] = refusals(office)
    assert entry["mark"] in ("MẬT", "TỐI MẬT")
    assert "Kế hoạch" not in json.dumps(entry, ensure_ascii=False)


def test_doing_a_step(office: Office) -> None:
    case = office.begin("phieu-trinh")
    with pytest.raises(FormInvalid):
        office.act("chuyen-vien", case, "submit", values=SLIP | {"subject": "x [tuyệt mật]"})
    assert office.place(case) == "draft"
    assert office.case(case).subject == ""
    assert len(refusals(office)) == 1


def test_brackets_alone_are_no_reason(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP | {"subject": "Mua máy in (2 chiếc)"})
    assert refusals(office) == []
