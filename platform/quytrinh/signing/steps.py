"""Steps of procedures: `signing.prepare`, `signing.sign`, `signing.seal`, `signing.verify`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.documents.actions import PDF
from quytrinh.documents.models import DocumentVersion, StoredFile
from quytrinh.signing import actions
from quytrinh.signing.actions import Wish
from quytrinh.signing.core import SEAL
from quytrinh.signing.exceptions import SigningRefused
from quytrinh.signing.explain import label_of, reasons_of
from quytrinh.signing.layout import DEFAULT, layouts
from quytrinh.signing.plugins import registry
from quytrinh.signing.verdicts import Verdict, worst
from quytrinh.spi import (
    ONE_OF_THE_STEPS,
    Availability,
    Outcome,
    StepFailed,
    StepRequest,
    StepResult,
)

# The document is at fault: whoever made it has to act, not the machine once more.
_FAULTS_OF_THE_DOCUMENT = frozenset({
    "unreadable", "encrypted", "active_content", "already_signed", "field_taken", "broken_before",
})  # fmt: skip
_COMMON: Mapping[str, Any] = {
    "document": {
        "type": "string",
        "x-refers": "slot",
        "description": "Thành phần hồ sơ chứa văn bản; bỏ trống là thành phần đầu tiên",
    },
    "layout": {
        "type": "string",
        "enum": list(layouts()),
        "description": "Thể thức chữ ký trên trang",
    },
}
_SIGNING: Mapping[str, Any] = {
    **_COMMON,
    "plugin": {"type": "string", "description": "Phương thức ký số"},
}
_REFUSED = Outcome("refused", "Văn bản không ký được", normal=False)


def _schema(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def _target(*names: str) -> Mapping[str, Any]:
    return {"type": "string", "enum": list(names), "description": "Loại văn bản được ký"}


class _SigningStep:
    """What the steps that change a document have in common."""

    inline = False
    interface = 1

    def availability(self) -> Availability:
        """Usable when a signing plugin is."""
        reasons = []
        for name in registry().names():
            availability = registry().get(name).availability()
            if availability.usable:
                return availability
            reasons.append(availability.reason)
        return Availability(usable=False, reason="; ".join(reasons) or "Chưa cài phương thức ký số")

    def _answer(
        self, outcome: str, request: StepRequest, work: Callable[[Wish], Any]
    ) -> StepResult:
        """Do the work on every document of the slot, each under an id of its own."""
        versions: list[DocumentVersion] = []
        try:
            for document in _documents(request):
                versions.append(work(_wish(request, document)))
        except SigningRefused as refused:
            if refused.code in _FAULTS_OF_THE_DOCUMENT:
                return StepResult("refused", {"reason": refused.message})
            raise StepFailed(refused.message, retryable=refused.retryable) from refused
        return StepResult(outcome, {"versions": [str(each.pk) for each in versions]})


class PrepareStep(_SigningStep):
    """`signing.prepare`: print the number if there is one, make the places of all signatures."""

    name = "signing.prepare"
    title = "Chuẩn bị chỗ ký"
    outcomes: ClassVar = (Outcome("prepared", "Đã chuẩn bị"), _REFUSED)
    schema: ClassVar[Mapping[str, Any]] = _schema(
        {
            **_COMMON,
            "signer": {
                **ONE_OF_THE_STEPS,
                "description": "Bước của người có tên và chức vụ trên văn bản",
            },
        }
    )

    def run(self, request: StepRequest) -> StepResult:
        """Prepare; a document that is prepared already stays as it is."""
        return self._answer("prepared", request, actions.prepare_document)


class SignStep(_SigningStep):
    """`signing.sign`: the personal signature of whoever confirmed the step."""

    name = "signing.sign"
    title = "Ký số cá nhân"
    outcomes: ClassVar = (Outcome("signed", "Đã ký"), _REFUSED)
    schema: ClassVar[Mapping[str, Any]] = _schema({**_SIGNING, "target": _target("main", "annex")})

    def run(self, request: StepRequest) -> StepResult:
        """Sign."""
        return self._answer("signed", request, actions.sign_document)


class SealStep(_SigningStep):
    """`signing.seal`: the organisation's signature, with number and date where they wait."""

    name = "signing.seal"
    title = "Ký số cơ quan"
    outcomes: ClassVar = (Outcome("sealed", "Đã ký số cơ quan"), _REFUSED)
    schema: ClassVar[Mapping[str, Any]] = _schema(
        {**_SIGNING, "target": _target("main", "annex", "copy", "scan")}
    )

    def run(self, request: StepRequest) -> StepResult:
        """Seal."""
        target = request.parameters.get("target", "main")
        mark = SEAL if target == "main" else target
        return self._answer("sealed", request, lambda wish: actions.seal_document(wish, mark=mark))


class VerifyStep:
    """`signing.verify`: what the signatures of the documents are worth; the worst one counts.

    Only PDF files bear signatures that count. A case in which there is none has no signature, or,
    when no file of it could be had at all, nothing that can be read.
    """

    name = "signing.verify"
    title = "Kiểm tra chữ ký số"
    inline = False
    interface = 1
    outcomes: ClassVar = (
        Outcome("valid", "Hợp lệ"),
        Outcome("undetermined", "Chưa xác định", normal=False),
        Outcome("unsigned", "Không có chữ ký", normal=False),
        Outcome("invalid", "Không hợp lệ", normal=False),
        Outcome("unreadable", "Không đọc được", normal=False),
    )
    schema: ClassVar[Mapping[str, Any]] = _schema({"document": _COMMON["document"]})

    def availability(self) -> Availability:
        """Always there: it needs nobody outside."""
        return Availability()

    def run(self, request: StepRequest) -> StepResult:
        """Verify the newest version of each document."""
        files = list(_files(request))
        findings = [actions.verify_file(file).found for file in files if file.media_type == PDF]
        if not findings:
            return _nothing_to_verify(any_file=bool(files))
        verdict = worst(finding.verdict for finding in findings)
        reasons = dict.fromkeys(reason for each in findings for reason in reasons_of(each))
        outputs = {"verdict": label_of(Verdict(verdict)), "reason": " ".join(reasons)}
        return StepResult(verdict.value, outputs)


def _nothing_to_verify(*, any_file: bool) -> StepResult:
    verdict = Verdict.UNSIGNED if any_file else Verdict.UNREADABLE
    reason = (
        _("Không có tệp PDF nào, nên không có chữ ký số.")
        if any_file
        else _("Không có tệp văn bản nào đọc được.")
    )
    return StepResult(verdict.value, {"verdict": label_of(verdict), "reason": reason})


STEPS = (PrepareStep, SignStep, SealStep, VerifyStep)


def _documents(request: StepRequest) -> list[UUID]:
    """Return the documents of the slot asked for, or of the first slot that has any."""
    slot = request.parameters.get("document")
    filled = [ids for ids in request.documents.values() if ids]
    chosen = request.documents.get(slot, ()) if slot else (filled[0] if filled else ())
    if not chosen:
        raise SigningRefused("no_document")
    return [UUID(each) for each in chosen]


def _files(request: StepRequest) -> Iterator[StoredFile]:
    slot = request.parameters.get("document")
    slots = [slot] if slot else list(request.documents)
    ids = [UUID(each) for name in slots for each in request.documents.get(name, ())]
    with transaction.atomic():
        versions = DocumentVersion.objects.latest_of(ids)
    return (version.file for version in versions)


def _wish(request: StepRequest, document: UUID) -> Wish:
    signer = request.performer_named("signer")
    return Wish(
        request_id=f"{request.request_id}:{document}",
        document=document,
        person=UUID(request.actor) if request.actor else None,
        signer=UUID(signer) if signer else None,
        plugin=request.parameters.get("plugin", "pkcs12"),
        layout=request.parameters.get("layout", DEFAULT),
    )
