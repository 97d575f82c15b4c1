"""Away and delegated: whoever stands in sees the work, does it, and both names are recorded."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from quytrinh.journal.models import JournalEntry
from quytrinh.organization import absences
from quytrinh.organization.actions import organization_changed
from quytrinh.organization.directory import directory
from quytrinh.organization.exceptions import EntryRefused, NotYours
from quytrinh.organization.models import Absence, Delegation
from quytrinh.runtime.exceptions import NotFoundForYou
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.agencies import Agencies

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(agencies: Agencies) -> Office:
    """The first agency at work."""
    return Office(agencies.binh_thuan)


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def away(office: Office, who: str, stands_in: str = "", **entered: Any) -> Absence:
    person = office.agency.person(who)
    with tenant_context(office.agency.tenant.pk):
        return absences.record_absence(
            **{
                "actor": person,
                "person": person.id,
                "since": today(),
                "until": today(7),
                "substitute": office.agency.person(stands_in).id if stands_in else None,
                **entered,
            }
        )


def delegated(office: Office, giver: str, receiver: str, *scope: str) -> Delegation:
    person = office.agency.person(giver)
    with tenant_context(office.agency.tenant.pk):
        return absences.delegate(
            actor=person,
            giver=person.id,
            receiver=office.agency.person(receiver).id,
            since=today(),
            until=today(7),
            scope=scope,
            basis="Giấy ủy quyền 12/GUQ",
        )


def test_whoever_stands_in_sees_and_does_the_work_and_both_are_named(office: Office) -> None:
    away(office, "truong-phong", "pho-giam-doc", reason="Nghỉ phép")
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    assert len(office.inbox("pho-giam-doc")) == 1
    office.act("pho-giam-doc", case, "approve")
    with office.agency.at_work():
        entries = JournalEntry.objects.filter(subject_id=case.pk, verb="task.completed")
        done = entries.order_by("-seq")[0]
    assert done.actor == office.agency.person("pho-giam-doc").id
    assert done.on_behalf_of == office.agency.person("truong-phong").id
    page = office.agency.client("chuyen-vien").get(f"/ho-so/{case.pk}/").content.decode()
    assert f"thay mặt {office.agency.person('truong-phong').full_name}" in page


def test_work_that_waited_already_is_seen_too_and_gone_when_the_person_is_back(
    office: Office,
) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    absence = away(office, "truong-phong", "pho-giam-doc")
    assert len(office.inbox("pho-giam-doc")) == 1
    with tenant_context(office.agency.tenant.pk):
        absences.end_absence(actor=office.agency.person("truong-phong"), absence=absence.pk)
    assert office.inbox("pho-giam-doc") == []
    with pytest.raises(NotFoundForYou):
        office.act("pho-giam-doc", case, "approve")
    office.act("truong-phong", case, "approve")


def test_own_work_is_done_in_ones_own_name(office: Office) -> None:
    away(office, "giam-doc", "truong-phong")
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    office.act("truong-phong", case, "approve")
    with office.agency.at_work():
        assert not JournalEntry.objects.exclude(on_behalf_of=None).exists()


def test_a_delegation_shows_only_what_it_names(office: Office) -> None:
    case = office.begin("phieu-trinh")
    office.act("chuyen-vien", case, "submit", values=SLIP)
    delegated(office, "truong-phong", "van-thu", "position:truong-phong")
    assert office.inbox("van-thu") == []
    delegated(office, "truong-phong", "van-thu", "unit:phong-nghiep-vu/head")
    assert len(office.inbox("van-thu")) == 1


def test_nothing_counts_before_its_first_day_or_after_its_last(office: Office) -> None:
    away(office, "truong-phong", "pho-giam-doc", since=today(2))
    with tenant_context(office.agency.tenant.pk):
        assert directory().absent == {}
        assert office.agency.person("pho-giam-doc").received == ()
    with office.agency.at_work():
        Absence.objects.update(since=today(-9), until=today(-1))
        organization_changed()
    with tenant_context(office.agency.tenant.pk):
        assert directory().absent == {}


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"until": -1}, "until"),
        ({"since": -9, "until": -2}, "until"),
        ({"until": 400}, "until"),
        ({"substitute": "self"}, "substitute"),
        ({"substitute": "nobody"}, "substitute"),
    ],
)
def test_an_absence_that_cannot_be_is_refused(
    office: Office, entered: dict[str, Any], field: str
) -> None:
    others = {"self": office.agency.person("truong-phong").id, "nobody": uuid4()}
    read = {
        name: others[value] if isinstance(value, str) else today(value)
        for name, value in entered.items()
    }
    with pytest.raises(EntryRefused) as refusal:
        away(office, "truong-phong", **read)
    assert set(refusal.value.errors) == {field}


def test_two_absences_at_once_are_refused(office: Office) -> None:
    away(office, "truong-phong")
    with pytest.raises(EntryRefused):
        away(office, "truong-phong", since=today(3), until=today(30))


def test_nobody_delegates_what_they_do_not_hold(office: Office) -> None:
    with pytest.raises(EntryRefused) as refusal:
        delegated(office, "chuyen-vien", "van-thu", "role:thu-truong")
    assert set(refusal.value.errors) == {"scope"}


def test_only_the_person_or_an_administrator_says_so(office: Office, agencies: Agencies) -> None:
    head = office.agency.person("truong-phong")
    with pytest.raises(NotYours):
        away(office, "chuyen-vien", person=head.id)
    absence = away(office, "chanh-van-phong", person=head.id)
    with tenant_context(office.agency.tenant.pk), pytest.raises(NotYours):
        absences.end_absence(actor=office.agency.person("van-thu"), absence=absence.pk)
    stranger = agencies.ha_tinh
    with tenant_context(stranger.tenant.pk), pytest.raises(NotYours):
        absences.end_absence(actor=stranger.person("chanh-van-phong"), absence=absence.pk)


def test_a_delegation_may_be_given_back(office: Office) -> None:
    given = delegated(office, "giam-doc", "pho-giam-doc")
    assert office.agency.person("pho-giam-doc").received
    with tenant_context(office.agency.tenant.pk):
        absences.end_delegation(actor=office.agency.person("pho-giam-doc"), delegation=given.pk)
    assert office.agency.person("pho-giam-doc").received == ()


def test_a_person_tells_on_the_page_that_they_are_away(office: Office) -> None:
    client = office.agency.client("truong-phong")
    substitute = office.agency.person("pho-giam-doc")
    entered = {
        "vang-person": str(office.agency.person("truong-phong").id),
        "vang-since": f"{today():%d/%m/%Y}",
        "vang-until": f"{today(3):%d/%m/%Y}",
        "vang-substitute": str(substitute.id),
        "vang-reason": "Đi công tác",
    }
    wrong = client.post("/vang-mat/moi/", {**entered, "vang-until": "hôm sau"})
    assert wrong.status_code == 422
    assert "dd/mm/yyyy" in wrong.content.decode()
    assert "Đi công tác" in wrong.content.decode()
    assert client.post("/vang-mat/moi/", entered).status_code == 302
    shown = client.get("/vang-mat/").content.decode()
    assert "đang vắng" in shown
    assert substitute.full_name in shown
    assert "Đi công tác" in office.agency.client("pho-giam-doc").get("/vang-mat/").content.decode()
    assert "Đi công tác" not in office.agency.client("van-thu").get("/vang-mat/").content.decode()
    assert (
        "Đi công tác" in office.agency.client("chanh-van-phong").get("/vang-mat/").content.decode()
    )
    with office.agency.at_work():
        absence = Absence.objects.get()
    assert office.agency.client("van-thu").post(f"/vang-mat/{absence.pk}/xong/").status_code == 404
    assert client.post(f"/vang-mat/{absence.pk}/xong/").status_code == 302
    with office.agency.at_work():
        assert not Absence.objects.exists()


def test_a_person_delegates_on_the_page(office: Office) -> None:
    client = office.agency.client("van-thu")
    entered = {
        "uy-quyen-person": str(office.agency.person("van-thu").id),
        "uy-quyen-receiver": str(office.agency.person("chuyen-vien").id),
        "uy-quyen-since": f"{today():%d/%m/%Y}",
        "uy-quyen-until": f"{today(3):%d/%m/%Y}",
        "uy-quyen-scope": "role:van-thu",
        "uy-quyen-basis": "Giấy 12/GUQ",
    }
    nobody = client.post("/uy-quyen/moi/", {**entered, "uy-quyen-receiver": ""})
    assert nobody.status_code == 422
    assert "Hãy chọn một người" in nobody.content.decode()
    assert client.post("/uy-quyen/moi/", entered).status_code == 302
    received = office.agency.person("chuyen-vien").received
    assert [each.keys[0] for each in received] == ["role:van-thu"]
    shown = office.agency.client("chuyen-vien").get("/vang-mat/").content.decode()
    assert "Vai trò Văn thư" in shown
    with office.agency.at_work():
        given = Delegation.objects.get()
    assert client.post(f"/uy-quyen/{given.pk}/xong/").status_code == 302
    assert office.agency.person("chuyen-vien").received == ()


def test_nobody_tells_of_others_by_a_forged_form(office: Office) -> None:
    client = office.agency.client("van-thu")
    forged: dict[str, str | UUID] = {
        "vang-person": str(office.agency.person("giam-doc").id),
        "vang-since": f"{today():%d/%m/%Y}",
        "vang-until": f"{today():%d/%m/%Y}",
    }
    assert client.post("/vang-mat/moi/", forged).status_code == 422
    with office.agency.at_work():
        assert not Absence.objects.exists()
