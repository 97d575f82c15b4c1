"""From the author's draft to the head's decision, with the agency's values of the settings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, connection

from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions, definitions
from quytrinh.runtime.choices import VersionState
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    DraftInvalid,
    FormInvalid,
    NotFoundForYou,
    TamperedDefinition,
    VersionConflict,
)
from quytrinh.runtime.models import Definition, FlowVersion
from tests.integration.runtime.conftest import Office
from tests.support.postgresql import as_owner

pytestmark = pytest.mark.django_db(transaction=True)

AUTHOR, HEAD = "chanh-van-phong", "giam-doc"
FLOW = """
quytrinh: 1
flow: xin-xe
name: Xin xe công tác
settings:
  within: {name: Thời hạn duyệt, type: when, default: 2d}
  most:   {name: Số lần trả lại tối đa, type: number, default: "3"}
roles:
  asker:   {name: Người xin, who: {creator: true}}
  decider: {name: Người duyệt, who: {position: truong-phong}}
steps:
  - {id: ask, name: Xin xe, by: asker}
  - id: decide
    name: Duyệt
    by: decider
    due: {setting: within}
    actions:
      accept: {label: Đồng ý}
      back:   {label: Trả lại, return_to: ask, at_most: {setting: most}}
  - {end: done}
"""
DECISION = {"decision_number": "7/QĐ-THU", "decision_date": date(2026, 11, 2)}


def save(office: Office, who: str = AUTHOR, source: str = FLOW, **options: Any) -> FlowVersion:
    """Keep a text as a draft."""
    with office.agency.at_work():
        person = office.agency.person(who)
        draft = actions.save_draft(source=source, actor=person, **options)
        assert draft.version is not None
        return draft.version


def do(office: Office, action: str, version: FlowVersion, who: str, **entered: Any) -> FlowVersion:
    """Do something to a version as a person of the agency."""
    with office.agency.at_work():
        done: FlowVersion = getattr(actions, action)(
            version_id=version.pk, actor=office.agency.person(who), **entered
        )
        return done


def state(office: Office, version: FlowVersion) -> str:
    """Tell the state of a version as the database has it."""
    with office.agency.at_work():
        return str(FlowVersion.objects.get(pk=version.pk).state)


def test_author_submits_head_returns_author_mends_head_promulgates(office: Office) -> None:
    draft = save(office)
    submitted = do(office, "submit", draft, AUTHOR, note="Đã họp với các phòng.")
    assert (submitted.state, submitted.note) == ("submitted", "Đã họp với các phòng.")
    returned = do(office, "return_draft", draft, HEAD, reason="Rút hạn còn một ngày.")
    assert (returned.state, returned.returned_because) == ("draft", "Rút hạn còn một ngày.")
    mended = save(office, source=FLOW.replace("2d", "1d"), version_id=draft.pk)
    do(office, "submit", mended, AUTHOR)
    in_force = do(office, "promulgate", mended, HEAD, **DECISION)
    assert (in_force.pk, in_force.number, in_force.state) == (draft.pk, 1, "promulgated")
    with office.agency.at_work():
        told = JournalEntry.objects.of_subject(draft.flow_id)
        assert [entry.verb for entry in told] == [
            "flow.submitted", "flow.returned", "flow.submitted", "flow.promulgated",
        ]  # fmt: skip


def test_only_the_head_returns_and_promulgates(office: Office) -> None:
    draft = save(office)
    do(office, "submit", draft, AUTHOR)
    with pytest.raises(ActionNotAllowed):
        do(office, "promulgate", draft, AUTHOR, **DECISION)
    with pytest.raises(ActionNotAllowed):
        do(office, "return_draft", draft, AUTHOR, reason="Không")
    assert state(office, draft) == "submitted"


def test_return_needs_a_reason_and_a_submitted_text(office: Office) -> None:
    draft = save(office)
    with pytest.raises(VersionConflict):
        do(office, "return_draft", draft, HEAD, reason="Chưa trình")
    do(office, "submit", draft, AUTHOR)
    with pytest.raises(FormInvalid):
        do(office, "return_draft", draft, HEAD, reason="  ")


def test_submitted_text_is_changed_by_nobody(office: Office) -> None:
    draft = save(office)
    do(office, "submit", draft, AUTHOR)
    for who in (AUTHOR, HEAD):
        with pytest.raises(VersionConflict):
            save(office, who, version_id=draft.pk)
        with pytest.raises(VersionConflict):
            do(office, "delete_draft", draft, who)
    with pytest.raises(DatabaseError), office.agency.at_work():
        FlowVersion.objects.filter(pk=draft.pk).update(source="khác")
    with pytest.raises(DatabaseError), office.agency.at_work():
        FlowVersion.objects.filter(pk=draft.pk).delete()


def test_text_with_errors_is_not_submitted(office: Office) -> None:
    draft = save(office, source=FLOW.replace("return_to: ask", "return_to: ak"))
    with pytest.raises(DraftInvalid) as refusal:
        do(office, "submit", draft, AUTHOR)
    assert {found.code for found in refusal.value.diagnostics if found.is_error} == {"F102"}


def test_saving_a_draft_again_keeps_its_number(office: Office) -> None:
    draft = save(office)
    again = save(office, source=FLOW.replace("Duyệt\n", "Xét duyệt\n"), version_id=draft.pk)
    assert (again.pk, again.number) == (draft.pk, draft.number)
    assert save(office).number == draft.number + 1


def test_draft_is_deleted_by_its_author_or_the_head_and_by_nobody_else(office: Office) -> None:
    mine, of_head = save(office), save(office, HEAD)
    with pytest.raises(ActionNotAllowed):
        do(office, "delete_draft", of_head, AUTHOR)
    with pytest.raises(ActionNotAllowed):
        do(office, "delete_draft", mine, "chuyen-vien")
    do(office, "delete_draft", mine, AUTHOR)
    with pytest.raises(NotFoundForYou):
        do(office, "delete_draft", mine, AUTHOR)


def test_draft_of_another_author_is_not_overwritten(office: Office) -> None:
    draft = save(office, HEAD)
    with pytest.raises(ActionNotAllowed):
        save(office, AUTHOR, version_id=draft.pk)


def test_settings_are_pinned_with_the_promulgation(office: Office) -> None:
    first = do(office, "promulgate", save(office, settings={"within": ["4h"]}), HEAD, **DECISION)
    old = office.begin("xin-xe")
    second = do(office, "promulgate", save(office), HEAD, **DECISION, settings={"within": ["1d"]})
    new = office.begin("xin-xe")
    assert first.definition_id == second.definition_id
    assert first.edition_id != second.edition_id
    for case, due in ((old, "4h"), (new, "1d")):
        plan = definitions.plan(office.case(case).digest)
        assert plan.step("decide").due.within == due
        assert plan.step("decide").actions[1].route.at_most == 3
    office.act("chuyen-vien", old, "done")
    office.act("truong-phong", old, "accept")
    assert office.case(old).outcome == "done"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"within": ["soon"]}, None),
        ({"most": ["many"]}, None),
        ({"withn": ["4h"]}, "setting_withn"),
        ({"most": ["1", "2"]}, "setting_most"),
    ],
)
def test_value_of_another_type_is_refused(
    office: Office, values: dict[str, list[str]], field: str | None
) -> None:
    with pytest.raises((FormInvalid, DraftInvalid)) as refusal:
        do(office, "promulgate", save(office), HEAD, **DECISION, settings=values)
    if field:
        assert list(refusal.value.errors) == [field]


@pytest.mark.parametrize(
    "change", [{"settings": {}}, {"edition_id": None}, {"note": "x"}, {"promulgated_by_id": None}]
)
def test_promulgated_settings_and_people_refuse_every_change(
    office: Office, change: dict[str, Any]
) -> None:
    draft = save(office, settings={"within": ["4h"]})
    version = do(office, "promulgate", draft, HEAD, **DECISION)
    with pytest.raises(DatabaseError), office.agency.at_work():
        FlowVersion.objects.filter(pk=version.pk).update(**change)
    for other in (VersionState.DRAFT, VersionState.SUBMITTED):
        with pytest.raises(DatabaseError), office.agency.at_work():
            FlowVersion.objects.filter(pk=version.pk).update(state=other)


def test_settings_changed_behind_our_back_are_detected(office: Office) -> None:
    draft = save(office, settings={"within": ["4h"]})
    edition = do(office, "promulgate", draft, HEAD, **DECISION).plan_digest
    _tamper(edition)
    definitions.canonical.cache_clear()
    definitions.plan.cache_clear()
    with pytest.raises(TamperedDefinition):
        definitions.plan(edition)


def _tamper(digest: str | None) -> None:
    """Lengthen the deadline as one who owns the database could."""
    table = Definition._meta.db_table
    change = f"UPDATE {table} SET canonical_json = replace(canonical_json, '4h', '9h') "
    if connection.vendor == "postgresql":
        with as_owner() as owner:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            owner.execute(f"{change} WHERE digest = %s", [digest])
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        return
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {table}_no_update")
        cursor.execute(f"{change} WHERE digest = %s", [digest])
