"""A document that comes in begins a case; what is said of it later changes the case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quytrinh.documents.models import Document, RegisterEntry
from quytrinh.exchange import tasks
from quytrinh.exchange.actions import ask_back, set_own_code
from quytrinh.exchange.edxml import Kind, ReceiverChange, ResponseFor, Update, read, write
from quytrinh.exchange.identity import document_id
from quytrinh.exchange.models import ExchangeMessage
from quytrinh.runtime import actions
from quytrinh.runtime.exceptions import ActionNotAllowed, FormInvalid
from quytrinh.runtime.models import Case, CaseTask, FlowVersion
from quytrinh.signing.models import Verification
from quytrinh.tenancy.actions import create_tenant
from quytrinh.tenancy.context import tenant_context
from tests.support.agencies import Agency
from tests.support.arrivals import INCOMING, Correspondent, listen, settle
from tests.support.pdf import pdf

pytestmark = pytest.mark.django_db(transaction=True)


def only_case(office: Correspondent) -> Case:
    [case] = office.arrived_cases()
    return case


def accept(office: Correspondent, case: Case) -> None:
    """The clerk enters the document in the register."""
    office.act("van-thu", case, "confirm")
    settle()


# --- a new document ---------------------------------------------------------------------------


def test_a_document_that_arrives_begins_a_case(
    sender: Correspondent, receiver: Correspondent
) -> None:
    files = [sender.file(pdf("Chinh")), sender.file(pdf("Phu luc"), "phu-luc.pdf")]
    sender.send(receiver, sender.document(files=files, priority="1"))
    case = only_case(receiver)
    assert (case.subject, case.urgency) == ("V/v mượn máy chiếu", "urgent")
    fields = case.fields
    assert (fields["source"], fields["sender"]) == ("axis", sender.agency.tenant.name)
    assert (fields["sender_code"], fields["sender_date"]) == ("12/CQ-VP", "2026-11-02")
    assert fields["received_at"] == receiver.arrived()[0].created_at.isoformat()
    assert receiver.arrived()[0].case_id == case.pk
    assert receiver.versions(case) == [("cong-van.pdf", 1)]
    assert receiver.versions(case, "annexes") == [("phu-luc.pdf", 1)]
    with receiver.agency.at_work():
        main = Document.objects.get(pk=case.slots["main"][0])
    assert (main.number, main.notation, main.code) == ("12", "CQ-VP", "12/CQ-VP")
    assert receiver.inbox("van-thu") == [(case.code, "Vào sổ")]


def test_whatever_the_procedure_asks_the_files_are_verified(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sender.send(receiver)
    with receiver.agency.at_work():
        assert [each.verdict for each in Verification.objects.all()] == ["unsigned"]


def test_the_statuses_of_the_procedure_return_to_the_case_that_sent(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sending = sender.begin("phieu-trinh")
    sent = sender.send(receiver, case_id=sending.pk)
    case = only_case(receiver)
    accept(receiver, case)
    receiver.act("giam-doc", case, "done")
    settle()
    assert sender.statuses(sent) == ["01", "03", "05", "06"]
    assert sender.message(sent.pk).transport_state == "delivered"
    assert sender.verbs(sending).count("exchange.status") == 4
    [by_clerk] = [each.staff for each in _statuses(sender, sent.pk) if each.code == "03"]
    assert by_clerk.startswith(receiver.agency.person("van-thu").full_name)


def _statuses(office: Correspondent, message_id) -> list:
    with office.agency.at_work():
        return list(office.message(message_id).statuses.all())


def test_a_refusal_is_put_into_the_inbox_of_who_sent(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sending = sender.begin("phieu-trinh")
    sender.send(receiver, case_id=sending.pk)
    case = only_case(receiver)
    receiver.act("van-thu", case, "refuse")
    receiver.act("van-thu", case, "refuse", comment="Văn bản chưa ký số")
    settle()
    for who in ("chuyen-vien", "van-thu"):
        [told] = sender.told(who)
        assert "Từ chối tiếp nhận" in told and "Văn bản chưa ký số" in told


def test_the_same_message_twice_is_one_case(sender: Correspondent, receiver: Correspondent) -> None:
    sender.send(receiver)
    again = receiver.take(receiver.envelope(), sender.code)
    settle()
    assert again.is_repeat
    assert len(receiver.arrived_cases()) == 1
    assert receiver.alarms() == []


def test_another_content_under_the_same_id_is_an_alarm_and_no_case(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sender.send(receiver)
    message = read(receiver.envelope()).message
    receipt = receiver.take(write(replace(message, subject="V/v khác hẳn")), sender.code)
    assert receipt.delivery.state == "failed"
    case = only_case(receiver)
    assert case.subject == "V/v mượn máy chiếu"
    assert receiver.alarms() == ["another_content"]
    assert receiver.told("van-thu") == [receipt.delivery.reason]


def test_texts_longer_than_anything_of_ours_are_taken_in(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sender.send(receiver)
    message = read(receiver.envelope()).message
    long = replace(
        message,
        document_id="dài " * 500,
        subject="Về việc " * 400,
        code=replace(message.code, number="9" * 80, notation="K" * 300),
        sender=replace(message.sender, name="Cơ quan " * 100),
    )
    assert receiver.take(write(long), sender.code).delivery.state == "done"
    case = receiver.arrived_cases()[1]
    assert len(case.subject) == 1000
    accept(receiver, case)
    with receiver.agency.at_work():
        assert RegisterEntry.objects.get(case_id=case.pk).number == 1


# --- nobody listens ---------------------------------------------------------------------------


@pytest.fixture
def newcomer(sender: Correspondent) -> Correspondent:
    """An agency that can be written to but has no procedure yet."""
    tenant = create_tenant(slug="moi-lap", name="Cơ quan mới lập")
    office = Correspondent(Agency(tenant))
    with tenant_context(tenant.pk):
        set_own_code(code="000.00.99.X77")
    return office


def test_a_document_nobody_takes_waits_and_is_taken_once_a_procedure_is_in_force(
    sender: Correspondent, receiver: Correspondent
) -> None:
    with receiver.agency.at_work():
        FlowVersion.objects.filter(flow__key="van-ban-den").update(state="superseded")
    sent = sender.send(receiver)
    assert receiver.arrived_cases() == []
    with receiver.agency.at_work():
        assert [each.pk for each in ExchangeMessage.objects.waiting()] == [receiver.arrived()[0].pk]
    assert sender.statuses(sent) == ["01"]
    listen(receiver, source=INCOMING)
    look(receiver)
    case = only_case(receiver)
    assert receiver.arrived()[0].case_id == case.pk
    look(receiver)
    assert len(receiver.arrived_cases()) == 1


def look(office: Correspondent) -> None:
    """The tick of the background."""
    with tenant_context(office.agency.tenant.pk):
        tasks.look_in.run()
    settle()


def test_a_procedure_that_fails_at_its_start_leaves_the_document_waiting_and_tells_once(
    sender: Correspondent, receiver: Correspondent
) -> None:
    listen(receiver, source=INCOMING.replace("case.source == 'axis'", "size(case.source) / 0 == 1"))
    sender.send(receiver)
    look(receiver)
    assert receiver.arrived_cases() == []
    assert receiver.alarms() == ["no_case"]
    listen(receiver)
    look(receiver)
    assert receiver.inbox("van-thu") == [(only_case(receiver).code, "Vào sổ")]


def test_an_agency_without_people_keeps_the_document(
    sender: Correspondent, newcomer: Correspondent
) -> None:
    sent = sender.send(newcomer)
    assert sender.message(sent.pk).transport_state == "delivered"
    assert newcomer.arrived_cases() == []


# --- recall -----------------------------------------------------------------------------------


def recall(sender: Correspondent, receiver: Correspondent, document_id: str) -> None:
    about = sender.document(kind=Kind.RECALL, reason="Gửi nhầm", targets=(document_id,), version=2)
    sender.send(receiver, about)


def test_a_recall_cancels_a_case_nobody_has_worked_on(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sending = sender.begin("phieu-trinh")
    sent = sender.send(receiver, case_id=sending.pk)
    recall(sender, receiver, sent.document_id)
    case = only_case(receiver)
    assert (case.status, case.outcome) == ("CANCELED", "recalled")
    assert [status for _, status in receiver.statuses_of_tasks(case)] == [
        "DONE",
        "DONE",
        "CANCELED",
    ]
    assert receiver.inbox("van-thu") == [(case.code, "Nơi gửi đã thu hồi văn bản: Gửi nhầm")]
    assert sender.statuses(sent) == ["01", "15"]
    assert any("Đồng ý" in told for told in sender.told("chuyen-vien"))


def test_a_recall_of_an_accepted_document_is_put_to_the_clerk(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sent = sender.send(receiver)
    case = only_case(receiver)
    accept(receiver, case)
    recall(sender, receiver, sent.document_id)
    assert receiver.place(case) == "handle"
    asked = "Nơi gửi đề nghị lấy lại văn bản: Gửi nhầm"
    assert receiver.told("van-thu") == receiver.told("giam-doc") == [asked]
    answer(receiver, case, agree=True)
    assert receiver.case(case).outcome == "recalled"
    assert receiver.inbox("giam-doc")[-1][1].startswith("Văn bản đã trả lại")
    assert "15" in sender.statuses(sent)
    with pytest.raises(ActionNotAllowed):
        answer(receiver, case, agree=True)


def answer(office: Correspondent, case: Case, who: str = "van-thu", **said) -> None:
    with tenant_context(office.agency.tenant.pk):
        actions.answer_recall(case_id=case.pk, actor=office.agency.person(who), **said)
    settle()


IN_BRANCHES = """\
quytrinh: 1
flow: van-ban-den
name: Tiếp nhận văn bản đến
document: incoming
roles:
  clerk: {name: Văn thư, who: {role: van-thu}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
start: [{event: exchange.received}]
steps:
  - id: both
    name: Cùng xem
    parallel:
      of_clerk:
        steps: [{id: look, name: Văn thư xem, by: clerk, actions: {done: {label: Xong}}}]
      of_leader:
        steps: [{id: read, name: Lãnh đạo xem, by: leader, actions: {done: {label: Xong}}}]
    join: all
  - {end: completed, name: Đã xem}
"""


@pytest.mark.parametrize("worked", [False, True])
def test_what_is_done_in_a_branch_counts_as_work(
    sender: Correspondent, receiver: Correspondent, worked: bool
) -> None:
    listen(receiver, source=IN_BRANCHES)
    sent = sender.send(receiver)
    case = only_case(receiver)
    if worked:
        do_own_task(receiver, case, "giam-doc")
    recall(sender, receiver, sent.document_id)
    assert receiver.case(case).outcome == ("" if worked else "recalled")


def do_own_task(office: Correspondent, case: Case, who: str) -> None:
    """Do the task of a case that waits for one person, of several that are open."""
    person = office.agency.person(who)
    with office.agency.at_work():
        tasks = CaseTask.objects.open().filter(process=case, owner_id=person.id)
        task = tasks.get()
    with tenant_context(office.agency.tenant.pk):
        actions.perform(task_id=task.pk, actor=person, action="done")


def test_a_recall_may_be_refused_with_a_reason(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sent = sender.send(receiver)
    case = only_case(receiver)
    accept(receiver, case)
    with tenant_context(sender.agency.tenant.pk):
        ask_back(message_id=sent.pk, reason="Sai thể thức")
    settle()
    with pytest.raises(ActionNotAllowed):
        answer(receiver, case, "giam-doc", agree=True)
    with pytest.raises(FormInvalid):
        answer(receiver, case, agree=False, reason=" ")
    answer(receiver, case, agree=False, reason="Đã giải quyết")
    assert receiver.place(case) == "handle"
    assert sender.statuses(sent) == ["01", "03", "05", "13", "16"]


def test_a_recall_of_a_closed_case_is_put_to_the_clerk(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sent = sender.send(receiver)
    case = only_case(receiver)
    accept(receiver, case)
    receiver.act("giam-doc", case, "done")
    settle()
    recall(sender, receiver, sent.document_id)
    assert receiver.case(case).outcome == "completed"
    answer(receiver, case, agree=True)
    assert receiver.case(case).outcome == "recalled"


def test_a_recall_of_what_waits_is_agreed_to(
    sender: Correspondent, newcomer: Correspondent
) -> None:
    sent = sender.send(newcomer)
    recall(sender, newcomer, sent.document_id)
    assert sender.statuses(sent) == ["01", "15"]
    with newcomer.agency.at_work():
        assert not ExchangeMessage.objects.waiting().exists()


def test_a_recall_of_what_never_came_is_an_alarm(
    sender: Correspondent, receiver: Correspondent
) -> None:
    recall(sender, receiver, "chưa từng gửi")
    assert receiver.alarms() == ["unknown_document"]
    assert receiver.arrived_cases() == []


def test_a_recall_that_overtakes_its_document_is_obeyed_when_that_comes(
    sender: Correspondent, receiver: Correspondent
) -> None:
    """Nghị định 30/2020, Điều 18 khoản 4; an axis promises no order of messages. EX-03."""
    coming = sender.document()
    named = document_id(sender.code, coming.promulgated_on, str(coming.code))
    recall(sender, receiver, named)
    assert receiver.arrived_cases() == []
    sent = sender.send(receiver, coming)
    assert sent.document_id == named
    case = only_case(receiver)
    assert (case.status, case.outcome) == ("CANCELED", "recalled")
    assert sender.statuses(sent) == ["01", "15"]


# --- update and replacement -------------------------------------------------------------------


def changed(sender: Correspondent, kind: Kind, sent, number: str = "12", **values):
    values.setdefault("files", [sender.file(pdf("Ban moi"), "ban-moi.pdf")])
    return sender.document(
        number, kind=kind, reason="Sai ngày họp", targets=(sent.document_id,), version=2, **values
    )


def test_an_update_before_acceptance_begins_the_case_anew_with_the_new_version(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sent = sender.send(receiver)
    case = only_case(receiver)
    sender.send(receiver, changed(sender, Kind.UPDATE, sent, subject="V/v mượn hai máy chiếu"))
    assert receiver.versions(case) == [("ban-moi.pdf", 2)]
    now = only_case(receiver)
    assert now.subject == "V/v mượn hai máy chiếu"
    assert receiver.place(case) == "register"
    assert [name for _, name in receiver.inbox("van-thu")] == [
        "Nơi gửi đã cập nhật văn bản: Sai ngày họp",
        "Vào sổ",
    ]
    with receiver.agency.at_work():
        assert Verification.objects.count() == 2


def test_an_update_after_acceptance_adds_a_version_and_tells_who_works_on_it(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sent = sender.send(receiver)
    case = only_case(receiver)
    accept(receiver, case)
    sender.send(receiver, changed(sender, Kind.UPDATE, sent))
    assert receiver.versions(case) == [("ban-moi.pdf", 2)]
    assert receiver.place(case) == "handle"
    assert receiver.told("giam-doc") == ["Nơi gửi đã cập nhật văn bản: Sai ngày họp"]


def test_an_update_that_takes_the_agency_out_of_the_receivers_is_a_recall(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sent = sender.send(receiver)
    message = read(receiver.envelope()).message
    business = replace(
        message.business,
        kind=Kind.UPDATE,
        reason="Không gửi nơi này",
        document_id=sent.document_id,
        update=Update(receivers=(ReceiverChange(receiver.code, added=False),)),
    )
    receiver.take(write(replace(message, business=business)), sender.code)
    assert only_case(receiver).outcome == "recalled"


def test_a_replacement_before_acceptance_takes_the_place_of_the_case(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sent = sender.send(receiver)
    sender.send(receiver, changed(sender, Kind.REPLACE, sent, "13"))
    old, new = receiver.arrived_cases()
    assert (old.outcome, new.finished) == ("replaced", None)
    assert new.fields["sender_code"] == "13/CQ-VP"
    assert receiver.place(new) == "register"


def test_a_replacement_after_acceptance_is_registered_by_itself_and_the_holders_are_told(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sent = sender.send(receiver)
    first = only_case(receiver)
    accept(receiver, first)
    sender.send(receiver, changed(sender, Kind.REPLACE, sent, "13"))
    old, new = receiver.arrived_cases()
    assert receiver.place(old) == "handle"
    assert receiver.told("giam-doc") == [f"Văn bản được thay thế bằng 13/CQ-VP, hồ sơ {new.code}"]
    director = receiver.agency.person("giam-doc")
    with receiver.agency.at_work():
        assert Case.objects.visible_to(director).filter(pk=new.pk).exists()
    accept(receiver, new)
    with receiver.agency.at_work():
        assert [each.number for each in RegisterEntry.objects.order_by("number")] == [1, 2]


# --- an answer --------------------------------------------------------------------------------

ASKING = """\
quytrinh: 1
flow: xin-y-kien
name: Xin ý kiến cơ quan khác
roles:
  drafter: {name: Người soạn, who: {creator: true}}
steps:
  - {id: ask, by: drafter, actions: {send: {label: Gửi}}}
  - id: answer
    wait: {for: 10d, event: exchange.received}
    outcomes: {time: urge}
  - {id: read, by: drafter}
  - {end: answered}
  - {id: urge, by: drafter}
  - {end: silent}
"""


def test_an_answer_ends_the_wait_of_the_case_that_asked(
    sender: Correspondent, receiver: Correspondent
) -> None:
    sender.promulgate(ASKING)
    case = sender.begin("xin-y-kien")
    sender.act("chuyen-vien", case, "send")
    asked = sender.send(receiver, case_id=case.pk)
    assert sender.place(case) == "answer"
    receiver.send(
        sender, receiver.document("7", responses_for=(ResponseFor(document_id=asked.document_id),))
    )
    assert sender.place(case) == "read"
