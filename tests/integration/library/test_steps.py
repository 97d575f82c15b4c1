"""Procedures of the library lived in the agencies that adopted them, and the steps they run."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from quytrinh.deadlines.periods import PERIODS, period_before
from quytrinh.documents.models import RegisterEntry
from quytrinh.journal.models import JournalEntry
from quytrinh.organization.keys import head_key
from quytrinh.runtime import actions
from quytrinh.runtime.exceptions import FormInvalid
from quytrinh.runtime.models import Case, CaseTask, InboxEntry
from quytrinh.runtime.plugins import registry
from quytrinh.spi import StepFailed, StepRequest
from quytrinh.spi.conformance_steps import step_problems, trial_problems
from quytrinh.tenancy.context import tenant_context
from tests.integration.library.conftest import Bring
from tests.integration.runtime.conftest import Office
from tests.support import letters
from tests.support.agencies import Agencies
from tests.support.pdf import pdf
from tests.support.provinces import ARRIVAL, CAPACITY, CHECKS, acts, settle
from tests.support.uploads import pdf_upload

pytestmark = pytest.mark.django_db(transaction=True)

DIRECTIVE = {"lead": "phong-nghiep-vu", "instruction": "Tham mưu trả lời"}
RECIPIENT = "Cơ quan mẫu Hà Tĩnh (dữ liệu minh họa)"
SHEETS = {"copies": 3, "paper_recipients": "Sở B"}


def do(office: Office, who: str, case: Case, step: str, action: str, **entered: Any) -> None:
    """Do the task at a step; of several, the first."""
    with office.agency.at_work():
        task = CaseTask.objects.open().filter(process=case, step=step).order_by("pk")[0]
    with tenant_context(office.agency.tenant.pk):
        actions.perform(task_id=task.pk, actor=office.agency.person(who), action=action, **entered)
    settle(office)


def take_in(office: Office, source: str = "paper_post") -> Case:
    """The clerk takes in a document on paper, scans it and enters it in the register."""
    case = office.begin("van-ban-den", "van-thu", **ARRIVAL, source=source)
    settle(office)
    if office.place(case) == "check_source":
        do(office, "van-thu", case, "check_source", "confirm")
    scan = {"main": [pdf_upload(pdf("Bản quét"), "Bản quét.pdf")]}
    do(office, "van-thu", case, "scan", "done", uploads=scan)
    if office.place(case) == "seal_scan":
        do(office, "van-thu", case, "seal_scan", "confirm")
    do(office, "van-thu", case, "receive", "receive")
    do(office, "van-thu", case, "register", "confirm", values=ARRIVAL)
    return case


def draft(office: Office, **values: Any) -> Case:
    """An outgoing document is drafted and checked."""
    case = office.begin("van-ban-di")
    said = {"subject": "Về việc phối hợp", "document_type": "CV", "urgency": "normal"}
    uploads = {"main": [pdf_upload(letters.HA_TINH.pdf(), "Công văn.pdf")]}
    entered = {**said, "recipients": RECIPIENT, **values}
    office.act("chuyen-vien", case, "submit", values=entered, uploads=uploads)
    return case


# IN-14, PR-06, PR-08, PR-09, PR-11: Bình Định, 4.1.a-d, 4.2
def test_binh_dinh_goes_from_director_to_deputy_to_units(bring: Bring) -> None:
    office = bring("binh-dinh")
    case = take_in(office)
    note = {"field": "chuyen-doi-so", **DIRECTIVE}
    do(office, "giam-doc", case, "note", "forward", values=note)
    many = {**DIRECTIVE, "support": ["van-phong"], "deadline": "2026-12-18"}
    do(office, "pho-giam-doc", case, "direct", "forward", values=many)
    do(office, "van-thu", case, "hand_over", "done", values={"paper_holder": "Phòng Nghiệp vụ"})
    officer = office.agency.person("chuyen-vien")
    assigned = {"assignee": str(officer.id)}
    do(office, "truong-phong", case, "take", "assign", values=assigned)
    do(office, "chuyen-vien", case, "work", "done", values={"result": "Đã trả lời"})
    do(office, "van-thu", case, "file", "done", values={"dossier": "12/HS"})
    assert office.case(case).outcome == "completed"
    assert acts(office, case) == [
        "documents.scan",
        "documents.receive",
        "documents.register_in",
        "documents.distribute",
        "documents.distribute",
        "documents.hand_over_paper",
        "documents.assign",
        "documents.handle",
        "documents.archive_in_dossier",
    ]


# PR-10, DL-05: Hà Tĩnh, 9
def test_ha_tinh_asks_lead_deadline_and_directive(bring: Bring) -> None:
    office = bring("ha-tinh")
    case = take_in(office)
    with pytest.raises(FormInvalid) as refusal:
        do(office, "giam-doc", case, "distribute", "forward", values={"support": ["van-phong"]})
    assert set(refusal.value.errors) == {"lead", "deadline", "instruction"}
    many = {**DIRECTIVE, "support": ["van-phong"], "deadline": "2026-12-18"}
    do(office, "giam-doc", case, "distribute", "forward", values=many)
    do(office, "van-thu", case, "hand_over", "done", values={"paper_holder": "Phòng Nghiệp vụ"})
    with office.agency.at_work():
        waiting = CaseTask.objects.open().filter(process=case).values_list("step", "due_at")
        assert {step for step, _due in waiting} == {"opinion", "work"}
        assert {timezone.localdate(due) for _step, due in waiting} == {date(2026, 12, 18)}
    do(office, "chanh-van-phong", case, "opinion", "noted")
    do(office, "truong-phong", case, "work", "done", values={"result": "Đã trả lời"})
    assert office.place(case) == "file"


# PR-11, PR-12, DL-10: Điện Biên, 10.4, 10.5
@pytest.mark.parametrize("himself", [False, True])
def test_dien_bien_unit_head_assigns_or_handles(bring: Bring, himself: bool) -> None:
    office = bring("dien-bien")
    case = take_in(office)
    do(office, "giam-doc", case, "distribute", "forward", values=DIRECTIVE)
    do(office, "van-thu", case, "hand_over", "done", values={"paper_holder": "Phòng Nghiệp vụ"})
    result = {"result": "Đã trả lời"}
    if himself:
        do(office, "truong-phong", case, "assign", "handle", values=result)
    else:
        officer = str(office.agency.person("chuyen-vien").id)
        do(office, "truong-phong", case, "assign", "assign", values={"assignee": officer})
        do(office, "chuyen-vien", case, "handle", "done", values=result)
    assert office.place(case) == "file"
    assert acts(office, case).count("documents.handle") == 1


# OUT-10, SG-10, AR-08: Bình Định, 5.3
def test_paper_is_printed_stamped_sent_and_kept(bring: Bring) -> None:
    office = bring("binh-dinh")
    case = draft(office)
    do(office, "truong-phong", case, "check_content", "approve")
    do(office, "giam-doc", case, "approve", "to_clerk")
    do(office, "van-thu", case, "check_form", "approve")
    do(office, "van-thu", case, "submit", "submit")
    do(office, "giam-doc", case, "sign_paper", "confirm", values=CAPACITY)
    do(office, "van-thu", case, "number_paper", "confirm")
    with pytest.raises(FormInvalid):
        do(office, "van-thu", case, "print", "done", values={"copies": 0})
    do(office, "van-thu", case, "print", "done", values=SHEETS)
    do(office, "van-thu", case, "stamp", "confirm")
    do(office, "van-thu", case, "dispatch_paper", "confirm", values=SHEETS)
    do(office, "van-thu", case, "keep_paper", "done", values={"paper_place": "Tập lưu 2026"})
    assert office.case(case).outcome == "issued"
    assert acts(office, case)[-8:] == [
        "documents.sign_paper",
        "documents.number",
        "documents.register_out",
        "documents.print",
        "documents.stamp",
        "documents.dispatch_paper",
        "records.keep_paper",
        "records.keep",
    ]
    with office.agency.at_work():
        sent = JournalEntry.objects.filter(subject_id=case.pk, payload__act="documents.print")
        assert sent.get().payload["outputs"]["fields"]["copies"] == SHEETS["copies"]


# SG-09: Điện Biên, 8.2.b
@pytest.mark.parametrize("numbered", [False, True])
def test_dien_bien_gives_one_number_in_either_order(bring: Bring, numbered: bool) -> None:
    office = bring("dien-bien")
    case = draft(office, origin="electronic", numbered=numbered)
    for who, action in CHECKS:
        office.act(who, case, action)
    do(office, "chuyen-vien", case, "submit", "submit")
    number = "number_first" if numbered else "number"
    sign = "sign_numbered" if numbered else "sign"
    order = [("van-thu", number), ("giam-doc", sign)]
    for who, step in order if numbered else reversed(order):
        do(office, who, case, step, "confirm", values=CAPACITY)
    do(office, "van-thu", case, "seal", "confirm")
    assert office.case(case).outcome == "issued"
    with office.agency.at_work():
        assert RegisterEntry.objects.get(case_id=case.pk).signer


# OUT-13: Điện Biên, 8.2.b
def test_a_copy_is_numbered_sealed_and_sent(bring: Bring) -> None:
    office = bring("dien-bien")
    case = office.begin("ban-sao")
    asked = {"document_type": "SY", "copy_form": "electronic", "subject": "Kế hoạch năm"}
    uploads = {"main": [pdf_upload(pdf("Văn bản được sao"), "Kế hoạch.pdf")]}
    values = {**asked, "recipients": RECIPIENT}
    office.act("chuyen-vien", case, "submit", values=values, uploads=uploads)
    do(office, "giam-doc", case, "permit", "approve")
    do(office, "van-thu", case, "copy", "confirm")
    do(office, "van-thu", case, "number", "confirm")
    do(office, "van-thu", case, "seal", "confirm")
    assert office.case(case).outcome == "issued"
    with office.agency.at_work():
        line = RegisterEntry.objects.get(case_id=case.pk)
        assert (line.series.register.key, line.code) == ("sao", "01-SY/CQĐB")


# AD-03: Quảng Bình, 9.4.a
def test_an_account_is_changed_after_the_head_agreed(bring: Bring) -> None:
    office = bring("quang-binh")
    asked = {"request_kind": "create", "account_person": "Người mới", "request_reason": "Mới về"}
    case = office.begin("tai-khoan", "chanh-van-phong")
    office.act("chanh-van-phong", case, "submit", values=asked)
    do(office, "giam-doc", case, "approve", "approve")
    do(office, "chanh-van-phong", case, "change", "done")
    assert acts(office, case) == ["accounts.approve", "accounts.change"]


# PR-22
def test_internal_notice_is_confirmed_by_each_unit(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    case = office.begin("thong-bao-noi-bo")
    told = {
        "subject": "Lịch trực",
        "content": "Trực lễ.",
        "audience": ["van-phong", "phong-nghiep-vu"],
    }
    office.act("chuyen-vien", case, "submit", values=told)
    do(office, "truong-phong", case, "approve", "approve")
    do(office, "chanh-van-phong", case, "confirm_read", "done")
    assert not office.case(case).finished
    do(office, "truong-phong", case, "confirm_read", "done")
    assert office.case(case).outcome == "done"


# DL-07, DL-09: Bình Định, 4.3
def test_units_with_late_work_are_reminded(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    late, _task = office.agency.new_case()
    office.act("chuyen-vien", late, "submit")
    with office.agency.at_work():
        past = timezone.now() - timedelta(days=1)
        InboxEntry.objects.filter(case=late).update(due_at=past, sort_at=past)
        request = StepRequest(str(_task.pk), str(late.pk), late.code, "remind")
        plugin = registry().get("notify.remind_units")
        assert step_problems(plugin) == []
        assert trial_problems(plugin, request) == []
        told = plugin.run(request)
        assert told.outputs["summary"] == "Việc quá hạn: Phòng Nghiệp vụ: 1"
        reminder = InboxEntry.objects.get(kind="inform")
        assert reminder.holder_key == head_key("phong-nghiep-vu")
        assert reminder.title == "1 việc quá hạn cần xử lý"


# NR-04: Bình Định, 7.4
def test_registers_of_the_quarter_before_are_closed_by_digest(bring: Bring) -> None:
    office = bring("binh-dinh")
    take_in(office)
    first, last = period_before("quarter", timezone.localdate())
    with office.agency.at_work():
        request = StepRequest("r", "c", "HS-1", "print", parameters={"books": ["incoming"]})
        plugin = registry().get("registers.print")
        assert step_problems(plugin) == []
        empty = plugin.run(request).outputs["registers"][0]
        assert (empty["lines"], empty["from"]) == (0, first.isoformat())
        RegisterEntry.objects.update(date=last)
        closed = plugin.run(request).outputs["registers"][0]
        assert (closed["register"], closed["lines"]) == ("den", 1)
        assert plugin.run(request).outputs["registers"] == [closed]
        RegisterEntry.objects.update(subject="Sửa sau khi in")
        assert plugin.run(request).outputs["registers"][0]["sha256"] != closed["sha256"]


# RP-01, RP-03, RP-04, RP-05: Bình Thuận, 16.2; Hà Tĩnh, 15, 20.7
@pytest.mark.parametrize(
    "name", ["reports.handling_figures", "reports.operation", "reports.regulation"]
)
def test_figures_are_counted_not_typed(agencies: Agencies, name: str) -> None:
    office = Office(agencies.binh_thuan)
    case, task = office.agency.new_case()
    with office.agency.at_work():
        plugin = registry().get(name)
        request = StepRequest(str(task.pk), str(case.pk), case.code, "figures")
        assert step_problems(plugin) == []
        assert trial_problems(plugin, request) == []
        assert plugin.run(request).outputs["begun"] == 0
        _first, last = period_before("month", timezone.localdate())
        Case.objects.filter(pk=case.pk).update(
            created=timezone.now().replace(year=last.year, month=last.month, day=last.day)
        )
        monthly = StepRequest("r", str(case.pk), case.code, "figures", {"period": "month"})
        assert plugin.run(monthly).outputs["begun"] == 1


def test_a_case_begins_another_and_goes_on(agencies: Agencies) -> None:
    office = Office(agencies.binh_thuan)
    case, task = office.agency.new_case()
    plugin = registry().get("cases.start")
    asked = {"flow": "nghi-phep", "fields": {"leave_reason": "content"}}
    request = StepRequest(
        str(task.pk), str(case.pk), case.code, "start", asked, {"content": "Nghỉ bù"}
    )
    with tenant_context(office.agency.tenant.pk):
        assert trial_problems(plugin, request) == []
        with pytest.raises(StepFailed, match="khong-co"):
            plugin.run(StepRequest("r", str(case.pk), case.code, "start", {"flow": "khong-co"}))
    with office.agency.at_work():
        begun = Case.objects.exclude(pk=case.pk).get()
    assert (begun.subject, begun.fields) == (case.subject, {"leave_reason": "Nghỉ bù"})
    assert (begun.creator_id, begun.begun_by_message) == (case.creator_id, False)
    assert office.place(begun) == "ask"


@pytest.mark.parametrize(
    ("period", "day", "first", "last"),
    [
        ("month", date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 28)),
        ("month", date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
        ("quarter", date(2026, 4, 1), date(2026, 1, 1), date(2026, 3, 31)),
        ("quarter", date(2026, 2, 14), date(2025, 10, 1), date(2025, 12, 31)),
        ("half_year", date(2026, 7, 1), date(2026, 1, 1), date(2026, 6, 30)),
        ("year", date(2026, 11, 27), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_whole_period_before_a_day(period: str, day: date, first: date, last: date) -> None:
    assert period in PERIODS
    assert period_before(period, day) == (first, last)


@pytest.mark.parametrize("name", [each for each in registry().names() if "." in each])
def test_every_step_of_the_platform_conforms(name: str) -> None:
    assert step_problems(registry().get(name)) == []
