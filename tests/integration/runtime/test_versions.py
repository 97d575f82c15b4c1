"""Drafts, promulgation, and what then never changes."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions, definitions
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    DraftInvalid,
    FormInvalid,
    TamperedDefinition,
    VersionConflict,
)
from quytrinh.runtime.models import Definition, FlowVersion
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import SLIP, Office
from tests.support.postgresql import as_owner

pytestmark = pytest.mark.django_db(transaction=True)

SLIP_SOURCE = (Path(__file__).parents[3] / "tenants/binh-thuan/flows/phieu-trinh.yaml").read_text()


def versions(office: Office) -> list[tuple[int, str]]:
    """Return number and state of every version of the slip."""
    with office.agency.at_work():
        return list(
            FlowVersion.objects.filter(flow__key="phieu-trinh")
            .order_by("number")
            .values_list("number", "state")
        )


def test_new_version_supersedes_and_running_cases_keep_theirs(office: Office) -> None:
    old = office.begin("phieu-trinh")
    changed = SLIP_SOURCE.replace("name: Kiểm tra nội dung", "name: Thẩm định nội dung")
    office.promulgate(changed)
    assert versions(office) == [(1, "superseded"), (2, "promulgated")]
    new = office.begin("phieu-trinh")
    for case in (old, new):
        office.act("chuyen-vien", case, "submit", values=SLIP)
    names = dict(office.inbox("truong-phong"))
    assert names == {old.code: "Kiểm tra nội dung", new.code: "Thẩm định nội dung"}


def test_draft_with_errors_is_kept_but_not_promulgated(office: Office) -> None:
    head = office.agency.person("giam-doc")
    broken = SLIP_SOURCE.replace("return_to: draft", "return_to: drat")
    with tenant_context(office.agency.tenant.pk):
        draft = actions.save_draft(source=broken, actor=head)
        assert draft.version is not None
        assert "F102" in {diagnostic.code for diagnostic in draft.diagnostics}
        with pytest.raises(DraftInvalid) as refusal:
            actions.promulgate(
                version_id=draft.version.pk,
                actor=head,
                decision_number="2/QĐ",
                decision_date=date(2026, 11, 2),
            )
    assert refusal.value.diagnostics
    assert versions(office) == [(1, "promulgated"), (2, "draft")]


def test_text_that_is_no_procedure_is_not_kept(office: Office) -> None:
    head = office.agency.person("giam-doc")
    with tenant_context(office.agency.tenant.pk):
        draft = actions.save_draft(source="a: [", actor=head)
    assert draft.version is None
    assert draft.diagnostics[0].code == "F001"
    assert len(versions(office)) == 1


@pytest.mark.parametrize("who", ["chuyen-vien", "truong-phong", "van-thu"])
def test_only_the_head_declares_and_promulgates(office: Office, who: str) -> None:
    person = office.agency.person(who)
    with tenant_context(office.agency.tenant.pk), pytest.raises(ActionNotAllowed):
        actions.save_draft(source=SLIP_SOURCE, actor=person)


def test_draft_of_another_procedure_is_refused_with_both_names(office: Office) -> None:
    head = office.agency.person("giam-doc")
    with tenant_context(office.agency.tenant.pk), pytest.raises(FormInvalid) as refusal:
        actions.save_draft(source=SLIP_SOURCE, actor=head, flow_key="nghi-phep")
    assert "phieu-trinh" in refusal.value.errors["source"][0]


def test_version_is_promulgated_once(office: Office) -> None:
    version = office.promulgate(SLIP_SOURCE)
    with tenant_context(office.agency.tenant.pk), pytest.raises(VersionConflict):
        actions.promulgate(
            version_id=version.pk,
            actor=office.agency.person("giam-doc"),
            decision_number="3/QĐ",
            decision_date=date(2026, 11, 3),
        )


def test_promulgation_is_recorded_with_decision_and_digest(office: Office) -> None:
    version = office.promulgate(SLIP_SOURCE)
    with office.agency.at_work():
        entry = JournalEntry.objects.of_subject(version.flow_id).last()
    assert entry.verb == "flow.promulgated"
    assert entry.payload["decision_number"] == "1/QĐ-THU"
    assert entry.payload["digest"] == version.definition_id


@pytest.mark.parametrize(
    "change",
    [
        {"source": "khác"},
        {"decision_number": "9/QĐ"},
        {"definition_id": None},
        {"state": VersionState.DRAFT},
    ],
)
def test_promulgated_version_refuses_every_change(office: Office, change: dict) -> None:
    version = office.promulgate(SLIP_SOURCE)
    with pytest.raises(DatabaseError), office.agency.at_work():
        FlowVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(DatabaseError), office.agency.at_work():
        FlowVersion.objects.filter(pk=version.pk).delete()


def test_definition_refuses_change_and_removal(office: Office) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Definition.objects.update(canonical_json="{}")
    with pytest.raises(DatabaseError), transaction.atomic():
        Definition.objects.all()._raw_delete("default")


def test_definition_changed_behind_our_back_is_detected(office: Office) -> None:
    with office.agency.at_work():
        digest = FlowVersion.objects.in_force().get(flow__key="phieu-trinh").definition_id
    _tamper(digest)
    definitions.canonical.cache_clear()
    definitions.plan.cache_clear()
    with pytest.raises(TamperedDefinition):
        definitions.plan(digest)


def _tamper(digest: str) -> None:
    """Change a definition as one who owns the database could."""
    table = Definition._meta.db_table
    change = f"UPDATE {table} SET canonical_json = canonical_json || ' ' WHERE digest = "
    if connection.vendor == "postgresql":
        with as_owner() as owner:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(change + "%s", [digest])
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_no_update")
        cursor.execute(change + "%s", [digest])


def test_version_takes_force_on_its_effective_date_not_before(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = office.agency.person("giam-doc")
    tomorrow = timezone.localdate() + timedelta(days=1)
    with tenant_context(office.agency.tenant.pk):
        draft = actions.save_draft(
            source=SLIP_SOURCE.replace("name: Kiểm tra nội dung", "name: Thẩm định"), actor=head
        )
        assert draft.version is not None
        actions.promulgate(
            version_id=draft.version.pk,
            actor=head,
            decision_number="4/QĐ",
            decision_date=timezone.localdate(),
            effective_from=tomorrow,
        )
    assert case_version(office) == 1
    monkeypatch.setattr("quytrinh.runtime.querysets.timezone.localdate", lambda: tomorrow)
    assert case_version(office) == 2


def case_version(office: Office) -> int:
    """Begin a case and tell by which version."""
    case = office.begin("phieu-trinh")
    with office.agency.at_work():
        return FlowVersion.objects.get(cases=case.pk).number
