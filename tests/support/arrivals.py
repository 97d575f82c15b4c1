"""Two agencies that write to each other: documents sent, taken in by a procedure, answered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quytrinh.background.dispatch import run_due
from quytrinh.background.models import OutboxMessage
from quytrinh.documents import storage
from quytrinh.documents.models import DocumentVersion, StoredFile
from quytrinh.exchange.actions import OutgoingDocument, dispatch, receive, set_own_code
from quytrinh.exchange.actions.receive import Receipt
from quytrinh.exchange.edxml import Code, Signer
from quytrinh.exchange.edxml.attachments import media_type_of
from quytrinh.exchange.models import AgencyCode, ExchangeAlarm, ExchangeMessage
from quytrinh.exchange.storing import keep_bytes
from quytrinh.journal.models import JournalEntry
from quytrinh.runtime.models import Case, InboxEntry
from quytrinh.spi import Parcel
from quytrinh.tenancy.context import tenant_context
from tests.integration.runtime.conftest import Office
from tests.support.pdf import pdf
from tests.support.waiting import wait_for

INCOMING = """\
quytrinh: 1
flow: van-ban-den
name: Tiếp nhận văn bản đến
document: incoming
roles:
  clerk: {name: Văn thư, who: {role: van-thu}}
  leader: {name: Giám đốc, who: {position: giam-doc}}
start: [{event: exchange.received}]
steps:
  - id: register
    name: Vào sổ
    by: clerk
    when: case.source == 'axis'
    run: documents.register_in
    reports: "03"
    actions:
      confirm: {label: Vào sổ}
      refuse: {label: Từ chối, to: refuse}
  - id: handle
    name: Giải quyết
    by: leader
    reports: {enter: "05"}
    actions: {done: {label: Xong}}
  - {end: completed, name: Đã giải quyết, reports: "06"}
  - id: refuse
    name: Từ chối tiếp nhận
    by: clerk
    reports: "02"
    actions: {refuse: {label: Từ chối, comment: required}}
  - {end: refused, name: Đã từ chối}
"""


@dataclass(frozen=True, slots=True)
class Correspondent(Office):
    """An agency with its desk of incoming and outgoing mail."""

    @property
    def code(self) -> str:
        """Under which it receives."""
        with self.agency.at_work():
            return str(AgencyCode.objects.get(partner__is_self=True).value)

    def file(self, content: bytes, name: str = "cong-van.pdf") -> StoredFile:
        """A kept file."""
        with tenant_context(self.agency.tenant.pk):
            kept = keep_bytes(content, name, media_type_of(content))
            with transaction.atomic():
                row = kept.row()
                row.save(force_insert=True)
                return row

    def document(self, number: str = "12", **values: Any) -> OutgoingDocument:
        """A document of one page that is ready to be sent."""
        ready = OutgoingDocument(
            code=Code(number, "CQ-VP"),
            promulgated_on=date(2026, 11, 2),
            subject="V/v mượn máy chiếu",
            type_name="Công văn",
            signer=Signer("Nguyễn Thử Nghiệm", "Giám đốc"),
        )
        if "files" not in values:
            values["files"] = [self.file(pdf(f"Cong van {number}"))]
        return replace(ready, **values)

    def send(
        self, to: Correspondent, document: OutgoingDocument | None = None, **options: Any
    ) -> ExchangeMessage:
        """Send a document and let it arrive."""
        sending = document or self.document()
        with tenant_context(self.agency.tenant.pk):
            [sent] = dispatch(document=sending, to=[to.code], **options)
        settle()
        return self.message(sent.pk)

    def take(self, content: bytes, sender: str, number: str = "parcel-00000009") -> Receipt:
        """Take in a parcel as an axis brings it."""
        with tenant_context(self.agency.tenant.pk):
            return receive(
                plugin="local", parcel=Parcel(number, sender, self.code), content=content
            )

    def envelope(self, place: int = 0) -> bytes:
        """The bytes of a message that came in."""
        with self.agency.at_work():
            messages = ExchangeMessage.objects.incoming().select_related("envelope")
            envelope = messages.order_by("created_at")[place].envelope
            return storage.path_of(envelope.sha256).read_bytes()

    def message(self, message_id: Any) -> ExchangeMessage:
        """A message as it is now."""
        with self.agency.at_work():
            return ExchangeMessage.objects.get(pk=message_id)

    def is_busy(self) -> bool:
        """Whether background work is due, or some worker is at it."""
        with self.agency.at_work():
            pending = OutboxMessage.objects.filter(state="pending")
            return pending.filter(not_before__lte=timezone.now()).exists()

    def arrived(self) -> list[ExchangeMessage]:
        """What came in, in order."""
        with self.agency.at_work():
            return list(ExchangeMessage.objects.incoming().order_by("created_at"))

    def arrived_cases(self) -> list[Case]:
        """The cases that messages began, in order."""
        with self.agency.at_work():
            return list(Case.objects.exclude(start_key="").order_by("created", "pk"))

    def alarms(self) -> list[str]:
        """What a clerk must look at."""
        with self.agency.at_work():
            return list(ExchangeAlarm.objects.order_by("pk").values_list("code", flat=True))

    def statuses(self, message: ExchangeMessage) -> list[str]:
        """The statuses of a message."""
        with self.agency.at_work():
            return sorted(message.statuses.values_list("code", flat=True))

    def statuses_of_tasks(self, case: Case) -> list[tuple[str, str]]:
        """Node and status of every task of a case, in the order they were made."""
        return Office.statuses(self, case)

    def told(self, who: str) -> list[str]:
        """What a person has in the inbox to know."""
        person = self.agency.person(who)
        with self.agency.at_work():
            entries = InboxEntry.objects.for_keys(person.keys).filter(kind="inform")
            return list(entries.order_by("created_at").values_list("step_name", flat=True))

    def verbs(self, case: Case) -> list[str]:
        """What the journal has of a case."""
        with self.agency.at_work():
            entries = JournalEntry.objects.of_subject(case.pk)
            return list(entries.values_list("verb", flat=True))

    def versions(self, case: Case, slot: str = "main") -> list[tuple[str, int]]:
        """Name and version number of the newest file of each document in a slot."""
        with self.agency.at_work():
            held = self.case(case).slots.get(slot, ())
            found = DocumentVersion.objects.latest_of(UUID(document) for document in held)
            return [(each.file.original_name, each.number) for each in found]


def connect(office: Correspondent) -> None:
    """Let an agency be written to on the axis at hand."""
    with tenant_context(office.agency.tenant.pk):
        set_own_code(code=office.code)


def settle() -> None:
    """Do everything that is due, and what that makes due."""
    while run_due():
        pass


def settle_beside_workers(*offices: Correspondent) -> None:
    """As `settle`, where workers of a running site take part: wait for what they hold."""

    def is_settled() -> bool:
        settle()
        return not any(office.is_busy() for office in offices)

    wait_for(is_settled, "the background work of the agencies")


def listen(*offices: Correspondent, source: str = INCOMING) -> None:
    """Put a procedure that takes documents in, in force."""
    for office in offices:
        office.promulgate(source)
