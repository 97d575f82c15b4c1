"""Registers of documents as people read them: the lines of a year, latest number first."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.documents.choices import Book, EntryState
from quytrinh.documents.models import NumberSeries, RegisterEntry
from quytrinh.organization.directory import Directory, PersonView, directory
from quytrinh.runtime.models import Case

PAGE_SIZE = 50
EARLIEST, LATEST = 1945, 9999


@dataclass(frozen=True, slots=True)
class RegisterTab:
    """A register, or a year of one."""

    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line: of an incoming document its sender, of an outgoing one where it goes."""

    number: str
    date: datetime.date
    code: str
    document_date: datetime.date | None
    party: str
    subject: str
    signer: str
    case_id: UUID
    urgency: str
    state: str
    void: str


@dataclass(frozen=True, slots=True)
class RegistersPage:
    """What the template shows."""

    title: str
    incoming: bool
    year: int
    books: tuple[RegisterTab, ...]
    years: tuple[RegisterTab, ...]
    rows: list[RegisterRow]
    next_url: str


def registers_page(person: PersonView, book: Book, year: str, after: str) -> RegistersPage:
    """Return the lines this person may see: all of them for the clerk and the head."""
    chosen = _number(year, EARLIEST, LATEST) or timezone.localdate().year
    skipped = _number(after, 1, 10**6) or 0
    lines = RegisterEntry.objects.of_book(book, chosen)
    if not (person.is_clerk or person.is_agency_head):
        lines = lines.filter(case_id__in=Case.objects.visible_to(person).values("pk"))
    found = list(lines[skipped : skipped + PAGE_SIZE + 1])
    more = len(found) > PAGE_SIZE
    return RegistersPage(
        title=_titles()[book],
        incoming=book == Book.INCOMING,
        year=chosen,
        books=tuple(
            RegisterTab(name, _url(each), each == book) for each, name in _titles().items()
        ),
        years=_years(book, chosen),
        rows=_rows(found[:PAGE_SIZE]),
        next_url=_url(book, nam=chosen, tu=skipped + PAGE_SIZE) if more else "",
    )


def _titles() -> dict[Book, str]:
    return {Book.INCOMING: _("Sổ văn bản đến"), Book.OUTGOING: _("Sổ văn bản đi")}


def _years(book: Book, chosen: int) -> tuple[RegisterTab, ...]:
    series = NumberSeries.objects.filter(register__book=book)
    years = {*series.values_list("year", flat=True), chosen}
    ordered = sorted(years, reverse=True)
    return tuple(RegisterTab(str(each), _url(book, nam=each), each == chosen) for each in ordered)


def _rows(lines: Sequence[RegisterEntry]) -> list[RegisterRow]:
    people = directory()
    return [_row(line, people) for line in lines]


def _row(line: RegisterEntry, people: Directory) -> RegisterRow:
    void = ""
    if line.state == EntryState.VOID:
        void = _("%(who)s hủy số: %(why)s") % {
            "who": people.name_of(line.void_by),
            "why": line.void_reason,
        }
    incoming = line.series.register.book == Book.INCOMING
    return RegisterRow(
        number=f"{line.number:02d}",
        date=line.date,
        code=line.code,
        document_date=line.document_date,
        party=line.sender if incoming else line.recipients,
        subject=line.subject or _("(chưa có trích yếu)"),
        signer=line.signer,
        case_id=line.case_id,
        urgency=line.urgency,
        state="" if incoming else str(EntryState(line.state).label),
        void=void.strip(),
    )


def _url(book: Book, **query: int) -> str:
    name = "inbox:register-in" if book == Book.INCOMING else "inbox:register-out"
    return reverse(name) + (f"?{urlencode(query)}" if query else "")


def _number(text: str, low: int, high: int) -> int | None:
    """Read a number of the address; nonsense is none."""
    return int(text) if text.isascii() and text.isdigit() and low <= int(text) <= high else None
