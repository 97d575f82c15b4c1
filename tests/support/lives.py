"""An agency that has lived a little: a row in every table, a word of its own in every text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256 as sha256_of
from typing import Any
from uuid import UUID

from django.utils import timezone

from quytrinh.background.actions import enqueue
from quytrinh.background.choices import MessageState
from quytrinh.background.models import OutboxMessage
from quytrinh.compiler.editing.operations import Set
from quytrinh.deadlines.models import AgencyDay, OfficeHours
from quytrinh.documents import numbering
from quytrinh.documents.models import DocumentVersion
from quytrinh.documents.numbering import Line
from quytrinh.exchange.choices import Direction, MessageKind, TransportState
from quytrinh.exchange.models import (
    ExchangeAlarm,
    ExchangeAttachment,
    ExchangeMessage,
    ExchangeStatus,
    ExcludedMark,
    Partner,
)
from quytrinh.exchange.statuses import ARRIVED
from quytrinh.organization.actions import organization_changed
from quytrinh.organization.models import Absence, Delegation, Person, Unit
from quytrinh.runtime.actions import edit_draft, perform, promulgate, save_draft
from quytrinh.runtime.actions.edits import text_digest
from quytrinh.runtime.choices import MigrationState
from quytrinh.runtime.models import Case, CaseMigration, CaseTask, MigratedCase
from quytrinh.signing.models import SignatureRecord, TrustAnchor, Verification
from quytrinh.signing.verdicts import DocumentFinding, to_json
from quytrinh.tenancy.context import tenant_context
from tests.support.agencies import Agency
from tests.support.pdf import pdf
from tests.support.uploads import pdf_upload

FLOW = """\
quytrinh: 1
flow: viec-{word}
name: Việc {word}
help: Riêng {word}
document: internal
roles:
  drafter: {{name: Người {word}, who: {{creator: true}}}}
start: {{by: drafter}}
steps:
  - id: draft
    name: Bước {word}
    by: drafter
    actions:
      submit: {{label: Xong {word}}}
  - {{end: done, name: Hết {word}}}
"""


@dataclass(frozen=True, slots=True)
class Life:
    """What an agency has, by which others might ask for it."""

    agency: Agency
    word: str
    case: UUID
    open_task: UUID
    done_task: UUID
    file: UUID
    draft: UUID
    flow_key: str
    alarm: UUID
    message: UUID
    absence: UUID
    delegation: UUID
    migration: UUID
    work: UUID


def live(agency: Agency, word: str) -> Life:
    """Let an agency work for a while; `word` (lower-case letters) stands in all its texts."""
    with tenant_context(agency.tenant.pk):
        with agency.at_work():
            Unit.objects.filter(key="van-phong").update(name=f"Văn phòng {word}")
            drafter = agency.user("chuyen-vien")
            Person.objects.filter(user=drafter).update(full_name=f"Người {word}")
            _away(agency, word)
            organization_changed()
            enqueue(
                kind="test.later",
                key=word,
                payload={"text": word},
                not_before=timezone.now() + timedelta(days=1),
            )
        case, task = _walk(agency, word)
        draft = _procedure(agency, word)
        with agency.at_work():
            version = DocumentVersion.objects.get(document__owner_id=case.pk)
            _number(version, case, word)
            _exchange(version, case, word)
            _sign(version, word)
            file = version.file_id
            alarm, message = ExchangeAlarm.objects.get().pk, ExchangeMessage.objects.get().pk
            absence, delegation = Absence.objects.get().pk, Delegation.objects.get().pk
            migration = _migration(case, word)
            work = _given_up(word)
    return Life(
        agency=agency,
        word=word,
        case=case.pk,
        open_task=agency.open_task(case).pk,
        done_task=task.pk,
        file=file,
        draft=draft,
        flow_key=f"viec-{word}",
        alarm=alarm,
        message=message,
        absence=absence,
        delegation=delegation,
        migration=migration,
        work=work,
    )


def _away(agency: Agency, word: str) -> None:
    """Let the deputy be away and the head delegate, both long ago; keep a calendar of its own."""
    past = {"since": date(2020, 1, 6), "until": date(2020, 1, 10)}
    deputy, director, head = (
        Person.objects.get(user=agency.user(who))
        for who in ("pho-giam-doc", "giam-doc", "truong-phong")
    )
    Absence.objects.create(person=deputy, substitute=head, reason=f"Nghỉ phép {word}", **past)
    Delegation.objects.create(giver=director, receiver=deputy, basis=f"Giấy {word}", **past)
    OfficeHours.objects.create()
    AgencyDay.objects.create(day=date(2020, 1, 6), kind="holiday", reason=f"Ngày nghỉ {word}")


def _number(version: DocumentVersion, case: Case, word: str) -> None:
    """Enter the document in the register of outgoing ones."""
    numbering.number_document(
        register="di",
        line=Line(document=version.document_id, case=case.pk, subject=f"Trích yếu {word}"),
        day=timezone.localdate(),
        actor=None,
    )


def _exchange(version: DocumentVersion, case: Case, word: str) -> None:
    """Send the document to an agency of the address book, which has it; keep out a mark."""
    ExcludedMark.objects.create(mark=f"Dấu {word}", article=f"Điều {word}")
    message = ExchangeMessage.objects.create(
        direction=Direction.OUT,
        kind=MessageKind.NEW,
        plugin="local",
        parcel_id=f"goi-{word}",
        identity=f"van-ban-{word}",
        partner=Partner.objects.filter(is_self=False).first() or Partner.objects.get(),
        sender_code=f"gui-{word}",
        receiver_code=f"nhan-{word}",
        document_id=f"van-ban-{word}",
        subject=f"Trích yếu {word}",
        envelope=version.file,
        case_id=case.pk,
        transport_state=TransportState.DELIVERED,
        business_status=ARRIVED,
    )
    ExchangeAttachment.objects.create(
        message=message,
        place=1,
        file=version.file,
        name=f"{word}.pdf",
        media_type="application/pdf",
        description=f"Tệp {word}",
    )
    ExchangeAlarm.objects.create(code="test", text=f"Cảnh báo {word}", message=message)
    ExchangeStatus.objects.create(
        message=message,
        code=ARRIVED,
        description=f"Đã đến {word}",
        staff=f"Văn thư {word}",
        is_ours=False,
        at=timezone.now(),
    )


def _sign(version: DocumentVersion, word: str) -> None:
    """Trust a root, sign the document under it, and verify the file."""
    now, sha256 = timezone.now(), sha256_of(word.encode()).hexdigest()
    TrustAnchor.objects.create(
        sha256=sha256,
        certificate=word.encode(),
        subject=f"Gốc {word}",
        not_after=now + timedelta(days=365),
        source=f"Nguồn {word}",
    )
    SignatureRecord.objects.create(
        version=version,
        request_id=f"ky-{word}",
        mark="approval",
        field=f"Ky-{word}",
        holder=word,
        plugin="local",
        signer=f"Người {word}",
        organisation=f"Cơ quan {word}",
        certificate=word.encode(),
        serial=word,
        level="B-LT",
        stamped_at=now,
        sha256_before=sha256,
        sha256_after=sha256,
    )
    finding = DocumentFinding()
    Verification.objects.create(
        file=version.file, verdict=finding.verdict.value, policy=1, finding=to_json(finding)
    )


def _walk(agency: Agency, word: str) -> tuple[Case, CaseTask]:
    """Begin a case, return it once, and bring it to the director; give its first task too."""
    values: dict[str, Any] = {
        "subject": f"Trích yếu {word}",
        "content": f"Nội dung {word}",
        "urgency": "urgent",
        "estimated_cost": 30_000_000,
    }
    case, first = agency.new_case(values=values)
    upload = pdf_upload(pdf(f"Hồ sơ {word}"), name=f"{word}.pdf")
    act = [
        ("chuyen-vien", "submit", values, "", {"main": [upload]}),
        ("truong-phong", "return", {}, f"Trả lại {word}", {}),
        ("chuyen-vien", "submit", values, "", {}),
        ("truong-phong", "approve", {}, f"Ý kiến {word}", {}),
        ("chanh-van-phong", "approve", {"funding_source": f"Nguồn {word}"}, "", {}),
    ]
    for who, action, entered, comment, uploads in act:
        perform(
            task_id=agency.open_task(case).pk,
            actor=agency.person(who),
            action=action,
            values=entered,
            comment=comment,
            uploads=uploads,
        )
    return case, first


def _given_up(word: str) -> UUID:
    """Have the machine give up what it was to do later."""
    row = OutboxMessage.objects.get(key=word)
    row.state, row.done_at, row.last_error = MessageState.DEAD, timezone.now(), f"Hỏng {word}"
    row.save()
    return row.pk


def _migration(case: Case, word: str) -> UUID:
    """Remember a migration of long ago, with a case that it left alone."""
    version = case.flow_version
    begun = CaseMigration(source=version, target=version, begun_by_id=case.creator_id)
    begun.save()
    MigratedCase(
        migration=begun, case=case, state=MigrationState.MOVED, reason=f"Chuyển {word}"
    ).save()
    return begun.pk


def _procedure(agency: Agency, word: str) -> UUID:
    """Promulgate a procedure of the agency's own, and leave a draft of the next version."""
    head = agency.person("giam-doc")
    source = FLOW.format(word=word)
    kept = save_draft(source=source, actor=head)
    assert kept.version is not None, kept.diagnostics
    promulgate(
        version_id=kept.version.pk,
        actor=head,
        decision_number=f"02/QĐ-{word}",
        decision_date=date(2026, 9, 1),
    )
    next_draft = save_draft(source=source, actor=head).version
    assert next_draft is not None
    edit_draft(
        version_id=next_draft.pk,
        actor=head,
        base=text_digest(source),
        operation=Set(((("help",), f"Sửa {word}"),)),
    )
    return next_draft.pk
