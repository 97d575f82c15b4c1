"""Two agencies that can write to each other over a local axis of the test's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from quytrinh.background import dispatch as dispatcher
from quytrinh.background.models import OutboxMessage
from quytrinh.documents.models import StoredFile
from quytrinh.exchange import events
from quytrinh.exchange.actions import (
    OutgoingDocument,
    dispatch,
    receive,
    set_own_code,
)
from quytrinh.exchange.actions.receive import Receipt
from quytrinh.exchange.edxml import Code, Signer
from quytrinh.exchange.edxml.attachments import media_type_of
from quytrinh.exchange.models import ExchangeMessage, ExchangeStatus
from quytrinh.exchange.storing import keep_bytes
from quytrinh.journal.models import JournalEntry
from quytrinh.spi import Parcel
from quytrinh.tenancy.actions import create_tenant
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant
from tests.support.pdf import pdf

CODE_A, CODE_B, CODE_C = "000.00.00.X01", "000.00.00.X02", "X03"


@dataclass
class Office:
    """An agency at work on the exchange, and what it was told."""

    tenant: Tenant
    code: str
    told: list[Any] = field(default_factory=list)

    def file(self, content: bytes, name: str = "Công văn.pdf") -> StoredFile:
        """A kept file."""
        with tenant_context(self.tenant.pk):
            one = keep_bytes(content, name, media_type_of(content))
            with transaction.atomic():
                row = one.row()
                row.save(force_insert=True)
                return row

    def document(self, number: str = "12", **values: Any) -> OutgoingDocument:
        """A document of one page that is ready to be sent."""
        ready = OutgoingDocument(
            code=Code(number, "TT-TTA"),
            promulgated_on=date(2026, 3, 2),
            subject="V/v mượn máy chiếu tưởng tượng",
            type_name="Công văn",
            signer=Signer("Nguyễn Thử Nghiệm", "Giám đốc"),
        )
        if "files" not in values:
            values["files"] = [self.file(pdf(f"Cong van {number}"))]
        return replace(ready, **values)

    def send(self, document: OutgoingDocument, *to: str, **options: Any) -> list[ExchangeMessage]:
        with tenant_context(self.tenant.pk):
            return dispatch(document=document, to=to, **options)

    def receive(self, content: bytes, sender: str = CODE_A, number: str = "") -> Receipt:
        parcel = Parcel(number or "parcel-00000001", sender, self.code)
        with tenant_context(self.tenant.pk):
            return receive(plugin="local", parcel=parcel, content=content)

    def do(self, action: Callable[..., Any], **arguments: Any) -> Any:
        with tenant_context(self.tenant.pk):
            return action(**arguments)

    def messages(self, **conditions: Any) -> list[ExchangeMessage]:
        with tenant_context(self.tenant.pk), transaction.atomic():
            found = ExchangeMessage.objects.filter(**conditions).order_by("created_at")
            return list(found.select_related("envelope", "concerns"))

    def statuses(self, message: ExchangeMessage) -> list[str]:
        with tenant_context(self.tenant.pk), transaction.atomic():
            known = ExchangeStatus.objects.filter(message=message)
            return sorted(known.values_list("code", flat=True))

    def journal(self, verb: str) -> list[dict[str, Any]]:
        with tenant_context(self.tenant.pk), transaction.atomic():
            entries = JournalEntry.objects.filter(verb=verb).order_by("at")
            return list(entries.values_list("payload", flat=True))

    def outbox(self) -> list[tuple[str, str]]:
        with tenant_context(self.tenant.pk), transaction.atomic():
            return list(OutboxMessage.objects.order_by("pk").values_list("kind", "state"))

    def make_due(self) -> None:
        with tenant_context(self.tenant.pk), transaction.atomic():
            OutboxMessage.objects.filter(state="pending").update(
                not_before=timezone.now() - timedelta(seconds=1)
            )


@pytest.fixture(autouse=True)
def places(settings, tmp_path: Path) -> Path:
    """Keep the files and the axis of each test apart."""
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.CACHE_ROOT = tmp_path / "cache"
    settings.EXCHANGE = {"local": {"folder": str(tmp_path / "axis")}}
    return tmp_path


@dataclass(frozen=True)
class Offices:
    a: Office
    b: Office
    c: Office

    def work_off(self) -> int:
        """Do everything that is due, and what that makes due."""
        total = 0
        while done := dispatcher.run_due():
            total += done
        return total


@pytest.fixture
def offices(db: None) -> Offices:
    """Three agencies of one axis; A writes to B and C."""
    made = []
    for slug, code in (("co-quan-a", CODE_A), ("co-quan-b", CODE_B), ("co-quan-c", CODE_C)):
        office = Office(create_tenant(slug=slug, name=f"Cơ quan {slug[-1].upper()}"), code)
        office.do(set_own_code, code=code)
        made.append(office)
    return Offices(*made)


@pytest.fixture
def told() -> Iterator[list[Any]]:
    """Everything the exchange tells higher rooms, in order."""
    heard: list[Any] = []

    def on_message(message: ExchangeMessage) -> None:
        heard.append(("message", message.kind, message.document_id))

    def on_status(message: ExchangeMessage, status: ExchangeStatus) -> None:
        heard.append(("status", status.code, status.description))

    def on_alarm(alarm: events.Alarm) -> None:
        heard.append(("alarm", alarm.code))

    events.register(on_message=on_message, on_status=on_status, on_alarm=on_alarm)
    yield heard
    for callback in (on_message, on_status, on_alarm):
        events.forget(callback)
