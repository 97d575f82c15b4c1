"""Steps of flows that send documents and tell senders; the runtime registers them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.documents.exceptions import DocumentExcluded
from quytrinh.documents.models import DocumentVersion
from quytrinh.exchange import statuses
from quytrinh.exchange.actions.dispatch import OutgoingDocument, dispatch
from quytrinh.exchange.actions.report import report_for_case
from quytrinh.exchange.choices import Origin
from quytrinh.exchange.document_types import name_of
from quytrinh.exchange.edxml import Code, ResponseFor, Signer
from quytrinh.exchange.exceptions import ExchangeError, UnknownReceiver
from quytrinh.exchange.header import PRIORITIES
from quytrinh.exchange.models import ExchangeMessage
from quytrinh.organization.directory import directory
from quytrinh.spi import (
    ONE_OF_THE_STEPS,
    Availability,
    Outcome,
    StepFailed,
    StepRequest,
    StepResult,
)

_FIELD = {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,63}$"}
# What a dispatched document is made of, and the fields of a case they stand in unless said.
_PARTS = (
    "number", "notation", "date", "subject", "type", "urgency", "signer_name",
    "signer_position", "secrecy", "answers",
)  # fmt: skip
# Fields under which forms usually keep them.
_USUAL = {"type": "document_type"}
_TOLD = Outcome("told", "Đã báo nơi gửi")
_NOT_BY_AXIS = Outcome("not_by_axis", "Văn bản không đến qua trục")


class _Step:
    """What the steps of this room have in common: they work through the outbox."""

    inline = False
    interface = 1

    def availability(self) -> Availability:
        """Always there; whether an axis answers is for the outbox."""
        return Availability()


class DispatchStep(_Step):
    """`exchange.dispatch`: send the documents of a case to the agencies a field lists."""

    name = "exchange.dispatch"
    title = "Phát hành qua trục liên thông"
    schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "documents": {
                "type": "array",
                "minItems": 1,
                "items": {"type": "string", "x-refers": "slot"},
                "description": "Ngăn văn bản được gửi; mặc định main và annexes",
            },
            "to": {**_FIELD, "description": "Trường ghi nơi nhận; mặc định recipients"},
            "signer": {
                **ONE_OF_THE_STEPS,
                "description": "Bước của người ký, ghi vào gói tin",
            },
            "fields": {
                "type": "object",
                "additionalProperties": False,
                "properties": dict.fromkeys(_PARTS, _FIELD),
                "description": "Trường của hồ sơ ứng với số, ký hiệu, ngày ban hành …",
            },
        },
    }
    outcomes = (
        Outcome("dispatched", "Đã chuyển gửi"),
        Outcome("excluded", "Không được gửi qua hệ thống", normal=False),
        Outcome("unknown_receiver", "Nơi nhận không có trong danh bạ", normal=False),
    )

    def run(self, request: StepRequest) -> StepResult:
        """Send; the document's number makes a repeat harmless."""
        to = _addressees(request.data.get(request.parameters.get("to", "recipients")))
        document = _outgoing(request)
        try:
            with _failing_for_good():
                sent = dispatch(document=document, to=to, case_id=UUID(request.case_id))
        except DocumentExcluded as refusal:
            return StepResult("excluded", {"reason": refusal.message})
        except UnknownReceiver as unknown:
            return StepResult("unknown_receiver", {"reason": unknown.message})
        return StepResult("dispatched", {"count": len(sent), "document_id": sent[0].document_id})


class ReportStep(_Step):
    """`exchange.report`: tell the sender of the case's document what became of it."""

    name = "exchange.report"
    title = "Báo trạng thái xử lý cho nơi gửi"
    schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "required": ["status"],
        "properties": {
            "status": {
                "type": "string",
                "enum": [
                    statuses.ACCEPTED,
                    statuses.ASSIGNED,
                    statuses.HANDLING,
                    statuses.COMPLETED,
                    statuses.AGREE_BACK,
                    statuses.DENY_BACK,
                ],
            },
            "reason": {**_FIELD, "description": "Trường ghi nội dung báo"},
        },
    }
    outcomes = (_TOLD, _NOT_BY_AXIS)

    def run(self, request: StepRequest) -> StepResult:
        """Tell; a status is given once."""
        return _tell(request, request.parameters["status"], _reason(request))


class RefuseStep(_Step):
    """`exchange.refuse`: refuse the case's document (02), with the reason a field gives, or the
    comment of whoever confirms the step."""

    name = "exchange.refuse"
    title = "Từ chối tiếp nhận"
    schema: ClassVar[Mapping[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "reason": {**_FIELD, "description": "Trường ghi lý do; mặc định reason, rồi ý kiến"}
        },
    }
    outcomes: tuple[Outcome, ...] = (_TOLD, _NOT_BY_AXIS)

    def run(self, request: StepRequest) -> StepResult:
        """Tell, once."""
        return _tell(request, statuses.REFUSED, self.wording(_reason(request)))

    def wording(self, reason: str) -> str:
        """Return what the sender reads."""
        return reason


class AskResendStep(RefuseStep):
    """`exchange.ask_resend`: send the case's document back and ask for it again (02)."""

    name = "exchange.ask_resend"
    title = "Đề nghị gửi lại văn bản"

    def wording(self, reason: str) -> str:
        """Return what the sender reads."""
        return _("Đề nghị gửi lại: %(reason)s") % {"reason": reason} if reason else ""


class CheckOriginStep(_Step):
    """`exchange.check_origin`: is the sender known, and is it who put the message on the axis?"""

    name = "exchange.check_origin"
    title = "Kiểm tra nơi gửi"
    schema: ClassVar[Mapping[str, Any]] = {"type": "object", "additionalProperties": False}
    outcomes = (
        Outcome("known", "Đúng cơ quan gửi"),
        Outcome("unknown", "Cơ quan gửi chưa có trong danh bạ", normal=False),
        Outcome("mismatch", "Mã trong gói tin khác mã đã gửi lên trục", normal=False),
        _NOT_BY_AXIS,
    )

    def run(self, request: StepRequest) -> StepResult:
        """Answer from what was found when the message came in."""
        with transaction.atomic():
            message = ExchangeMessage.objects.incoming_of_case(UUID(request.case_id))
        if message is None:
            return StepResult("not_by_axis")
        return StepResult(Origin(message.origin).value, {"sender": message.sender_code})


STEPS = (DispatchStep, ReportStep, RefuseStep, AskResendStep, CheckOriginStep)


@contextmanager
def _failing_for_good() -> Iterator[None]:
    """What a person must put right is not repeated; the reason waits with the task."""
    try:
        yield
    except UnknownReceiver:
        raise
    except ExchangeError as error:
        raise StepFailed(error.message, retryable=False) from error


def _tell(request: StepRequest, code: str, reason: str) -> StepResult:
    with _failing_for_good():
        told = report_for_case(
            case_id=UUID(request.case_id),
            code=code,
            reason=reason,
            actor=UUID(request.actor) if request.actor else None,
        )
    with transaction.atomic():
        known = ExchangeMessage.objects.incoming_of_case(UUID(request.case_id))
    if known is None:
        return StepResult("not_by_axis")
    return StepResult("told", {"status": told.code if told else known.business_status})


def _reason(request: StepRequest) -> str:
    """Return what a field of the case says, else what the person wrote with the step."""
    return str(request.data.get(request.parameters.get("reason", "reason")) or request.comment)


def _addressees(value: object) -> list[str]:
    """Return the agencies a field names: a list, or a text with one on each line.

    "Lưu: VT" at the end of a list of receivers is where the copy is kept, no receiver.
    """
    given = value if isinstance(value, list | tuple) else re.split(r"[\n;]", str(value or ""))
    named = (str(each).strip().lstrip("-–+ ").rstrip(";,. ") for each in given)
    return [each for each in named if each and not re.match(r"lưu\b", each, re.IGNORECASE)]


def _outgoing(request: StepRequest) -> OutgoingDocument:
    versions = _versions(request)
    said = _said(request, versions[0]) | _signed_by(request)
    if not (said["number"] and said["notation"] and said["date"]):
        text = _("Văn bản chưa có số, ký hiệu hoặc ngày ban hành nên chưa phát hành được.")
        raise StepFailed(text, retryable=False)
    return OutgoingDocument(
        code=Code(said["number"], said["notation"]),
        promulgated_on=date.fromisoformat(said["date"][:10]),
        subject=said["subject"],
        files=[version.file for version in versions],
        type_name=name_of(said["type"]),
        signer=Signer(said["signer_name"], said["signer_position"]),
        priority=PRIORITIES.get(said["urgency"], "0"),
        responses_for=_answered(said["answers"]),
        secrecy=said["secrecy"],
    )


def _said(request: StepRequest, main: DocumentVersion) -> dict[str, str]:
    """Return what is known of the document: by itself once it is numbered, else by the case."""
    fields = {part: _USUAL.get(part, part) for part in _PARTS}
    fields |= request.parameters.get("fields", {})
    facts = main.document.facts
    return {part: str(facts.get(part) or request.data.get(fields[part]) or "") for part in _PARTS}


def _signed_by(request: StepRequest) -> dict[str, str]:
    """Return name and position of whoever did the signer's step, if the flow names one."""
    performer = request.performer_named("signer")
    if not performer:
        return {}
    with transaction.atomic():
        people = directory()
    person = UUID(performer)
    return {
        "signer_name": people.name_of(person),
        "signer_position": people.position_name_of(person),
    }


def _answered(named: str) -> tuple[ResponseFor, ...]:
    """Return the document that is answered, by the number that stands on it or by its id."""
    if not named:
        return ()
    with transaction.atomic():
        found = ExchangeMessage.objects.called(named)
    if found is None:
        return (ResponseFor(code=named),)
    code = "/".join(part for part in (found.number, found.notation) if part)
    return (ResponseFor(found.sender_code, code, found.promulgated_on, found.document_id),)


def _versions(request: StepRequest) -> Sequence[DocumentVersion]:
    """Return the newest version of each document, in the order of the slots."""
    slots = request.parameters.get("documents", ("main", "annexes"))
    wanted = [UUID(each) for slot in slots for each in request.documents.get(slot, ())]
    with transaction.atomic():
        versions = DocumentVersion.objects.latest_of(wanted)
    if not versions:
        raise StepFailed(_("Hồ sơ không có văn bản để phát hành."), retryable=False)
    return versions
