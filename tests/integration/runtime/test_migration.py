"""Running cases go over to a later version and back: nothing is lost, nobody loses their task."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.utils import timezone

from quytrinh.background.dispatch import run_due
from quytrinh.background.models import OutboxMessage
from quytrinh.background.retry import MOST_ATTEMPTS
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime import actions, history
from quytrinh.runtime.exceptions import (
    ActionNotAllowed,
    FormInvalid,
    NotFoundForYou,
    TaskAlreadyDone,
    VersionConflict,
)
from quytrinh.runtime.migration import actions as migrating
from quytrinh.runtime.migration.actions import undo_migration
from quytrinh.runtime.migration.verdicts import dry_run
from quytrinh.runtime.models import Case, CaseMigration, CaseTask
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office
from tests.support.campaign import figure
from tests.support.migrating import dump, judge, migrate, states, verdicts
from tests.support.two_wordings import AFTER, BEFORE, FLOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_review(office: Office) -> Case:
    """A case that has been drafted."""
    case = office.begin(FLOW)
    office.act("chuyen-vien", case, "submit")
    return case


def settle(office: Office) -> None:
    """Do what the background has to do, however many batches that takes."""
    while run_due():
        pass


def undo(office: Office, migration: CaseMigration, cases: list[Case] | None = None) -> None:
    with tenant_context(office.agency.tenant.pk):
        undo_migration(
            migration_id=migration.pk,
            actor=office.agency.person("giam-doc"),
            cases=None if cases is None else [case.pk for case in cases],
        )
    settle(office)


@pytest.fixture
def cases(office: Office) -> list[Case]:
    """Three cases of the first version, one at each step, with the second one in force."""
    office.promulgate(BEFORE)
    drafted, reviewed, decided = office.begin(FLOW), at_review(office), at_review(office)
    office.act("truong-phong", decided, "ok")
    office.promulgate(AFTER)
    return [drafted, reviewed, decided]


def test_running_cases_stay_under_their_version_unless_somebody_decides(office, cases) -> None:
    """Promulgation alone moves nothing."""
    settle(office)
    assert {office.place(case) for case in cases} == {"draft", "review", "decide"}


def test_cases_go_on_by_the_new_text_with_their_holders_and_deadlines(office, cases) -> None:
    before = {case.pk: office.agency.open_task(case) for case in cases}
    migration = migrate(office.agency)
    assert states(office.agency, migration) == ["waiting"] * 3
    settle(office)
    assert states(office.agency, migration) == ["moved"] * 3
    assert [office.place(case) for case in cases] == ["draft", "examine", "decide"]
    for case in cases:
        task, was = office.agency.open_task(case), before[case.pk]
        assert (task.owner_id, task.holder_keys, task.due_at) == (
            was.owner_id, was.holder_keys, was.due_at,
        )  # fmt: skip
    assert (cases[1].code, "Thẩm định") in office.inbox("truong-phong")
    office.act("truong-phong", cases[1], "ok")
    assert office.place(cases[1]) == "number"


def test_later_version_reminds_around_the_deadline_that_stays(office, cases) -> None:
    migrate(office.agency)
    settle(office)
    task = office.agency.open_task(cases[1])
    with office.agency.at_work():
        timers = OutboxMessage.objects.filter(key__startswith=f"timer:{task.pk}:", state="pending")
        assert {timer.payload["what"] for timer in timers} == {"remind", "escalate"}
        escalation = next(each for each in timers if each.payload["what"] == "escalate")
        assert escalation.not_before == task.due_at


def test_after_undo_nothing_differs_but_the_journal_keeps_both_acts(office, cases) -> None:
    before = dump(office.agency)
    migration = migrate(office.agency)
    settle(office)
    assert dump(office.agency) != before
    undo(office, migration)
    assert dump(office.agency) == before
    assert states(office.agency, migration) == ["undone"] * 3
    with office.agency.at_work():
        verbs = list(
            JournalEntry.objects.of_subject(cases[1].pk)
            .order_by("seq")
            .values_list("verb", flat=True)
        )
        lines = [line.what for line in history.of(Case.objects.get(pk=cases[1].pk))]
    assert verbs[-2:] == ["case.migrated", "case.migration_undone"]
    assert lines[:2] == [
        "Hoàn tác: từ phiên bản 2 về phiên bản 1",
        "Chuyển từ phiên bản 1 sang phiên bản 2",
    ]


def test_history_names_steps_as_they_were_called_then(office, cases) -> None:
    office.act("truong-phong", cases[1], "back")
    migrate(office.agency)
    settle(office)
    office.act("chuyen-vien", cases[1], "submit")
    office.act("truong-phong", cases[1], "ok")
    with office.agency.at_work():
        told = [(each.what, each.step) for each in history.of(office.case(cases[1]))]
    assert ("Trả lại", "Kiểm tra") in told
    assert ("Đồng ý", "Thẩm định") in told


def test_return_that_goes_straight_back_does_so_in_the_new_version(office, cases) -> None:
    office.act("truong-phong", cases[1], "back")
    migrate(office.agency)
    settle(office)
    assert office.place(cases[1]) == "draft"
    office.act("chuyen-vien", cases[1], "submit")
    assert office.place(cases[1]) == "examine"


def test_chosen_cases_go_over_and_one_of_them_is_taken_back(office, cases) -> None:
    migration = migrate(office.agency, cases[:2])
    settle(office)
    undo(office, migration, [cases[1]])
    assert states(office.agency, migration) == ["moved", "undone"]
    numbers = []
    with office.agency.at_work():
        for case in cases:
            numbers.append(
                Case.objects.select_related("flow_version").get(pk=case.pk).flow_version.number
            )
    assert numbers == [2, 1, 1]


def test_case_somebody_went_on_with_is_not_taken_back(office, cases) -> None:
    migration = migrate(office.agency, [cases[1]])
    settle(office)
    office.act("truong-phong", cases[1], "ok")
    undo(office, migration)
    assert states(office.agency, migration) == ["moved"]
    assert office.place(cases[1]) == "number"
    with office.agency.at_work():
        assert "xử lý tiếp" in migration.cases.get().reason


def test_case_that_is_blocked_stays_and_says_why(office, cases) -> None:
    migration = migrate(office.agency, steps={"review": ""})
    settle(office)
    assert states(office.agency, migration) == ["moved", "kept", "moved"]
    assert office.place(cases[1]) == "review"
    with office.agency.at_work():
        assert "Kiểm tra" in migration.cases.get(case=cases[1]).reason
    office.act("truong-phong", cases[1], "ok")


def test_only_head_and_administrator_move_cases(office, cases) -> None:
    """AD-16: whoever drafts procedures does not decide on running cases."""
    for who in ("chuyen-vien", "truong-phong"):
        with tenant_context(office.agency.tenant.pk), pytest.raises(ActionNotAllowed):
            migrating.migrate_cases(flow_key=FLOW, number=1, actor=office.agency.person(who))
    with tenant_context(office.agency.tenant.pk):
        migrating.migrate_cases(
            flow_key=FLOW, number=1, actor=office.agency.person("chanh-van-phong")
        )


def test_what_cannot_be_asked_for_is_refused_in_words(office, cases) -> None:
    with pytest.raises(FormInvalid):
        migrate(office.agency, [])
    with pytest.raises(FormInvalid):
        migrate(office.agency, steps={"review": "done"})
    with tenant_context(office.agency.tenant.pk), pytest.raises(VersionConflict):
        migrating.migrate_cases(flow_key=FLOW, number=2, actor=office.agency.person("giam-doc"))


def test_another_agency_has_no_part_in_it(office, cases, other_office) -> None:
    migration = migrate(office.agency)
    settle(office)
    with tenant_context(other_office.agency.tenant.pk), pytest.raises(NotFoundForYou):
        undo_migration(migration_id=migration.pk, actor=other_office.agency.person("giam-doc"))


def test_a_thousand_cases_go_over_in_batches_and_back_with_nothing_different(office) -> None:
    office.promulgate(BEFORE)
    for number in range(figure(1000)):
        case = office.begin(FLOW)
        if number % 3:
            office.act("chuyen-vien", case, "submit")
        if number % 3 == 2:
            office.act("truong-phong", case, "back" if number % 2 else "ok")
    office.promulgate(AFTER)
    settle(office)
    before = dump(office.agency)
    migration = migrate(office.agency)
    settle(office)
    assert states(office.agency, migration) == ["moved"] * figure(1000)
    undo(office, migration)
    assert states(office.agency, migration) == ["undone"] * figure(1000)
    assert dump(office.agency) == before


class Killed(BaseException):
    """What no handler catches, as kill -9 is."""


def test_cut_short_between_two_cases_it_is_done_to_the_end(office, cases, monkeypatch) -> None:
    """A worker that dies leaves lines that wait; whoever takes the message over does only those."""
    migration = migrate(office.agency)
    settled = migrating._settle

    def die_at_second(line, judge):
        if line.case_id == cases[1].pk:
            raise Killed
        settled(line, judge)

    with monkeypatch.context() as patched:
        patched.setattr(migrating, "_settle", die_at_second)
        with pytest.raises(Killed):
            run_due()
    assert states(office.agency, migration) == ["moved", "waiting", "waiting"]
    with office.agency.at_work():
        OutboxMessage.objects.filter(kind="runtime.migrate").update(lease_until=None)
    settle(office)
    assert states(office.agency, migration) == ["moved"] * 3
    with office.agency.at_work():
        for case in cases:
            verbs = JournalEntry.objects.of_subject(case.pk).values_list("verb", flat=True)
            assert list(verbs).count("case.migrated") == 1


def test_person_who_acts_meanwhile_and_the_migration_both_get_their_way(office) -> None:
    office.promulgate(BEFORE)
    several = [at_review(office) for _ in range(figure(100))]
    tasks = [office.agency.open_task(case) for case in several]
    office.promulgate(AFTER)
    head, tenant_id = office.agency.person("truong-phong"), office.agency.tenant.pk
    migration = migrate(office.agency)

    def approve(task: CaseTask) -> str:
        try:
            with tenant_context(tenant_id):
                actions.perform(task_id=task.pk, actor=head, action="ok")
        except TaskAlreadyDone:
            return "told"
        finally:
            connections.close_all()
        return "done"

    def background(_task: object) -> int:
        try:
            return run_due()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as racers:
        moving = [racers.submit(background, None) for _ in range(2)]
        answers = list(racers.map(approve, tasks))
        for each in moving:
            each.result()
    settle(office)
    assert set(answers) == {"done"}
    assert set(states(office.agency, migration)) == {"moved"}
    # Approved before: decided next, by the old course; after: a number is taken first.
    assert {office.place(case) for case in several} <= {"decide", "number"}


def test_dry_run_tells_every_open_case_and_changes_nothing(office, cases) -> None:
    before = dump(office.agency)
    told = verdicts(office.agency, review="")
    assert [told[case.code].may_move for case in cases] == [True, False, True]
    assert told[cases[1].code].at == ("Kiểm tra",)
    assert dump(office.agency) == before


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no wire")
def test_dry_run_costs_the_same_however_many_cases_there_are(office, cases, wire) -> None:
    """One statement for the cases, one for their tasks."""
    judged = judge(office.agency)
    verdicts(office.agency)  # warm: definitions are kept by a process

    def statements() -> int:
        with wire() as seen, office.agency.at_work():
            dry_run(judged, list(Case.objects.running_under(judged.source)))
        return seen.statements

    few = statements()
    with office.agency.at_work():
        version = Case.objects.get(pk=cases[0].pk).flow_version_id
    for _ in range(4):
        begun = office.begin(FLOW)
        with office.agency.at_work():
            digest = judged.old.digest
            Case.objects.filter(pk=begun.pk).update(flow_version_id=version, digest=digest)
    assert few == statements() <= 5


def test_one_case_that_fails_keeps_no_other_waiting_and_is_given_up_in_the_end(
    office, cases, monkeypatch
) -> None:
    migration = migrate(office.agency)
    settled = migrating._settle

    def fail_at_first(line, judge):
        if line.case_id == cases[0].pk:
            raise OSError("disk")
        settled(line, judge)

    monkeypatch.setattr(migrating, "_settle", fail_at_first)
    for _ in range(MOST_ATTEMPTS):
        run_due()
        assert states(office.agency, migration)[1:] == ["moved"] * 2
        with office.agency.at_work():
            OutboxMessage.objects.update(not_before=timezone.now())
    assert states(office.agency, migration) == ["kept", "moved", "moved"]
    with office.agency.at_work():
        assert "báo quản trị viên" in migration.cases.get(case=cases[0]).reason
