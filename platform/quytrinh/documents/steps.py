"""Steps that write registers: numbers of outgoing documents, lines of incoming ones.

Each works within the transaction of the step: number, line and case change together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.deadlines.periods import PERIODS, period_before
from quytrinh.documents import numbering
from quytrinh.documents.choices import Book
from quytrinh.documents.evidence import documents_of, evidence, parameters
from quytrinh.documents.exceptions import RegisterRefused
from quytrinh.documents.models import Register, RegisterEntry
from quytrinh.documents.registers import closing_of
from quytrinh.organization.directory import directory
from quytrinh.spi import (
    ONE_OF_THE_STEPS,
    Availability,
    Outcome,
    StepFailed,
    StepRequest,
    StepResult,
    built_in,
)


def _key(description: str) -> dict[str, Any]:
    return {"type": "string", "pattern": "^[a-z][a-z0-9-]{0,63}$", "description": description}


class RegisterStep:
    """A step that writes a register; what the register refuses, the person is told."""

    inline = True
    interface = 1
    by_person: bool | None = True
    schema: ClassVar[Mapping[str, Any]] = parameters()

    def availability(self) -> Availability:
        """Always there: it needs the database only."""
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        """Write the register for the first document at hand."""
        documents = documents_of(request)
        if not documents:
            raise StepFailed(_("Hồ sơ chưa có văn bản chính để vào sổ."), retryable=False)
        try:
            entry = self.write(request, documents)
        except RegisterRefused as refusal:
            raise StepFailed(str(refusal), retryable=False) from refusal
        return StepResult("done", {**_told(entry), "documents": evidence(request)})

    def write(self, request: StepRequest, documents: list[UUID]) -> RegisterEntry:
        """Write the line and return it."""
        raise NotImplementedError


def _told(entry: RegisterEntry) -> dict[str, Any]:
    """Return what expressions read, and a summary for people."""
    register = entry.series.register
    incoming = register.book == Book.INCOMING
    said = _("Số đến %(number)s, %(register)s") if incoming else _("Số %(code)s, ngày %(day)s")
    values = {
        "number": f"{entry.number:02d}",
        "code": entry.code,
        "register": register.name,
        "day": f"{entry.date:%d/%m/%Y}",
    }
    return {
        "register": register.key,
        "number": entry.number,
        "code": entry.code,
        "date": entry.date.isoformat(),
        "summary": said % values,
    }


def _actor(request: StepRequest) -> UUID | None:
    return UUID(request.actor) if request.actor else None


def _day(request: StepRequest, name: str) -> date:
    """Return the day entered by the clerk, or today; an earlier day needs a reason."""
    today = timezone.localdate()
    entered = request.data.get(name)
    if not entered:
        return today
    day = date.fromisoformat(str(entered)[:10])
    if day > today:
        raise StepFailed(_("Ngày của văn bản không được sau hôm nay."), retryable=False)
    if day < today and not request.comment:
        message = _("Ghi lùi ngày văn bản thì phải nêu lý do trong ô ý kiến.")
        raise StepFailed(message, retryable=False)
    return day


@built_in
class NumberStep(RegisterStep):
    """`documents.number`: the next number of the year, and the date; annexes share them."""

    name = "documents.number"
    title = "Cấp số, ngày"
    outcomes: ClassVar = (Outcome("done", "Đã cấp số"),)
    schema: ClassVar = parameters(
        register=_key("Sổ văn bản đi; mặc định: di"),
        placement={
            "enum": ["text", "org_signature"],
            "description": "Số, ngày nằm trong văn bản hay trong chữ ký số của cơ quan",
        },
    )

    def write(self, request: StepRequest, documents: list[UUID]) -> RegisterEntry:
        """Number the first document."""
        unit = request.data.get("unit") or ""
        entry = numbering.number_document(
            register=request.parameters.get("register", "di"),
            line=numbering.line_from(
                request.data, document=documents[0], case=UUID(request.case_id)
            ),
            day=_day(request, "document_date"),
            actor=_actor(request),
            unit=unit,
        )
        if documents[1:]:
            numbering.share_number(entry=entry, documents=documents[1:])
        return entry


@built_in
class VoidNumberStep(RegisterStep):
    """`documents.void_number`: the number stays in the register, void, with the reason."""

    name = "documents.void_number"
    title = "Hủy số"
    outcomes: ClassVar = (Outcome("done", "Đã hủy số"),)

    def write(self, request: StepRequest, documents: list[UUID]) -> RegisterEntry:
        """Void the number of the first document."""
        reason = request.comment or request.data.get("void_reason") or ""
        if not reason.strip():
            raise StepFailed(_("Hủy số thì phải nêu lý do."), retryable=False)
        return numbering.void_number(document=documents[0], reason=reason, actor=_actor(request))


@built_in
class RegisterInStep(RegisterStep):
    """`documents.register_in`: the next arrival number of the year (Điều 22)."""

    name = "documents.register_in"
    title = "Đăng ký văn bản đến"
    outcomes: ClassVar = (Outcome("done", "Đã vào sổ"),)
    schema: ClassVar = parameters(register=_key("Sổ văn bản đến; mặc định: den"))

    def write(self, request: StepRequest, documents: list[UUID]) -> RegisterEntry:
        """Enter the first document."""
        return numbering.register_arrival(
            register=request.parameters.get("register", "den"),
            line=numbering.line_from(
                request.data, document=documents[0], case=UUID(request.case_id)
            ),
            day=timezone.localdate(),
            actor=_actor(request),
        )


@built_in
class RegisterOutStep(RegisterStep):
    """`documents.register_out`: the line of a numbered document is completed (Điều 16)."""

    name = "documents.register_out"
    title = "Đăng ký văn bản đi"
    by_person = None
    outcomes: ClassVar = (Outcome("done", "Đã vào sổ"),)
    schema: ClassVar = parameters(
        signer={**ONE_OF_THE_STEPS, "description": "Bước của người ký, hoặc các bước ký"}
    )

    def write(self, request: StepRequest, documents: list[UUID]) -> RegisterEntry:
        """Complete the line of the first document."""
        return numbering.issue_number(
            document=documents[0],
            recipients=request.data.get("recipients") or "",
            signer=_signer(request),
        )


def _signer(request: StepRequest) -> str:
    performer = request.performer_named("signer")
    return directory().name_of(UUID(performer)) if performer else ""


@built_in
class PrintRegistersStep:
    """`registers.print`: close the registers of the period before, by the digest of their lines."""

    name = "registers.print"
    title = "In, đóng sổ văn bản"
    by_person: bool | None = True
    inline = True
    interface = 1
    outcomes: ClassVar = (Outcome("done", "Đã in, đóng sổ"),)
    schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "books": {
                "type": "array",
                "minItems": 1,
                "items": {"enum": [str(book) for book in Book]},
                "description": "Sổ đến, sổ đi; mặc định: cả hai",
            },
            "period": {"enum": [*PERIODS], "description": "Kỳ; mặc định: quarter"},
        },
    }

    def availability(self) -> Availability:
        """Always there: it needs the database only."""
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        """Say for each register which lines the printed sheets have."""
        period = request.parameters.get("period", "quarter")
        days = period_before(period, timezone.localdate())
        books = request.parameters.get("books", [str(book) for book in Book])
        registers = Register.objects.filter(book__in=books).order_by("key")
        closed = [closing_of(register, *days) for register in registers]
        return StepResult("done", {"registers": closed, "summary": _closed_in_words(closed)})


def _closed_in_words(closed: list[dict[str, Any]]) -> str:
    lines = (_("%(name)s: %(lines)d dòng") % sheet for sheet in closed)
    return "; ".join(lines) or _("Không có sổ nào để đóng")
