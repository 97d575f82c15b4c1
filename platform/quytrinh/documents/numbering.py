"""Numbers of registers: in order, without gaps, one for a document (Nghị định 30/2020, Điều 15).

A number is taken by one UPDATE of the series' row, whose lock makes the next taker wait until
this transaction ends: rolled back, the number is free again. Everything that can be read or
refused comes before it, so that the lock is held for as short as possible.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.utils import timezone

from quytrinh.documents.choices import Book, EntryState
from quytrinh.documents.exceptions import NoSuchRegister, NumberNotFound
from quytrinh.documents.models import Document, NumberSeries, Register, RegisterEntry
from quytrinh.documents.notation import write_code
from quytrinh.tenancy.context import current_tenant_id


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a register says besides its number."""

    document: UUID
    case: UUID
    type: str = ""
    subject: str = ""
    urgency: str = ""
    sender: str = ""
    code: str = ""
    document_date: date | None = None
    recipients: str = ""


def number_document(
    *, register: str, line: Line, day: date, actor: UUID | None, unit: str = ""
) -> RegisterEntry:
    """Reserve the next number of the year of `day`; a document that has one keeps it."""
    present = entry_of(line.document)
    if present is not None:
        return present
    book = _register(register, Book.OUTGOING)
    series, number = _take(book, day.year)
    code, notation = write_code(book, number=number, day=day, type=line.type, unit=unit)
    entry = _enter(series, number, line, day, actor, code=code, state=EntryState.RESERVED)
    Document.objects.filter(pk=line.document).update(
        type=line.type,
        subject=line.subject,
        urgency=line.urgency,
        number=f"{number:02d}",
        notation=notation,
        code=code,
        date=day,
    )
    return entry


def register_arrival(*, register: str, line: Line, day: date, actor: UUID | None) -> RegisterEntry:
    """Enter an incoming document under the next arrival number; again, the same line."""
    present = entry_of(line.document)
    if present is not None:
        return present
    series, number = _take(_register(register, Book.INCOMING), day.year)
    return _enter(series, number, line, day, actor, code=line.code, state=EntryState.ISSUED)


def share_number(*, entry: RegisterEntry, documents: list[UUID]) -> None:
    """Give annexes the number and the date of the document that they belong to."""
    own = Document.objects.get(pk=entry.document_id)
    Document.objects.filter(pk__in=documents).update(
        number=own.number, notation=own.notation, code=own.code, date=own.date
    )


def issue_number(*, document: UUID, recipients: str, signer: str) -> RegisterEntry:
    """Complete the line of an outgoing document: signed, and to whom it goes."""
    entry = _required(document)
    if entry.state == EntryState.RESERVED:
        entry.state, entry.issued_at = EntryState.ISSUED, timezone.now()
        entry.recipients, entry.signer = recipients, signer
        entry.save()
    return entry


def void_number(*, document: UUID, reason: str, actor: UUID | None) -> RegisterEntry:
    """Declare a number void; the line stays in the register and the number is not used again."""
    entry = _required(document)
    entry.state = EntryState.VOID
    entry.void_reason, entry.void_by, entry.void_at = reason, actor, timezone.now()
    entry.save()
    Document.objects.filter(pk=document).update(number="", notation="", code="", date=None)
    return entry


def entry_of(document: UUID) -> RegisterEntry | None:
    """Return the line under which a document stands in a register, if it does."""
    lines = RegisterEntry.objects.live().select_related("series__register")
    return lines.filter(document=document).first()


def _required(document: UUID) -> RegisterEntry:
    entry = entry_of(document)
    if entry is None:
        raise NumberNotFound
    return entry


def _register(key: str, book: str) -> Register:
    found = Register.objects.filter(key=key, book=book).first()
    if found is None:
        raise NoSuchRegister(key)
    return found


def _enter(
    series: UUID,
    number: int,
    line: Line,
    day: date,
    actor: UUID | None,
    *,
    code: str,
    state: str,
) -> RegisterEntry:
    entry = RegisterEntry(
        series_id=series,
        number=number,
        state=state,
        document_id=line.document,
        case_id=line.case,
        date=day,
        code=code,
        document_date=line.document_date or (day if state == EntryState.RESERVED else None),
        type=line.type,
        subject=line.subject,
        urgency=line.urgency,
        sender=line.sender,
        recipients=line.recipients,
        created_by=actor,
        issued_at=timezone.now() if state == EntryState.ISSUED else None,
    )
    entry.save(force_insert=True)
    return entry


def _take(register: Register, year: int) -> tuple[UUID, int]:
    """Take the next number of a year; the first of a year opens the series."""
    taken = _advance(register, year)
    if taken is None:
        opened = NumberSeries(register=register, year=year)
        NumberSeries.objects.bulk_create([opened], ignore_conflicts=True)
        taken = _advance(register, year)
    assert taken is not None
    return taken


def _advance(register: Register, year: int) -> tuple[UUID, int] | None:
    """Count on by one in one statement; the querysets have no RETURNING. The agency is named."""
    connection = connections[DEFAULT_DB_ALIAS]
    key: models.Field[Any, Any] = NumberSeries._meta.get_field("id")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE documents_numberseries SET last = last + 1 "
            "WHERE tenant_id = %s AND register_id = %s AND year = %s RETURNING id, last",
            [current_tenant_id(), key.get_db_prep_value(register.pk, connection), year],
        )
        row = cursor.fetchone()
    return None if row is None else (UUID(str(row[0])), row[1])


def line_from(data: Mapping[str, Any], *, document: UUID, case: UUID) -> Line:
    """Read a line from the fields of a case, by their usual names."""
    written = data.get("sender_date")
    return Line(
        document=document,
        case=case,
        type=data.get("document_type") or "",
        subject=data.get("subject") or "",
        urgency=data.get("urgency") or "",
        sender=data.get("sender") or "",
        code=data.get("sender_code") or "",
        document_date=date.fromisoformat(written) if written else None,
        recipients=data.get("recipients") or "",
    )
