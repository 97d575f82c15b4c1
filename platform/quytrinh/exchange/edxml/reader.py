"""Reading anyone's edXML: by local name, in any order, with whatever is missing left empty.

What is merely odd becomes a warning; `Unreadable` is left for what is no message at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from quytrinh.exchange.edxml import attachments as files
from quytrinh.exchange.edxml.message import (
    VIETNAM,
    Attachment,
    Business,
    Code,
    DocumentMessage,
    DocumentType,
    Hop,
    Kind,
    Organ,
    OtherInfo,
    ReceiverChange,
    Replacement,
    ResponseFor,
    Signer,
    Staff,
    StatusMessage,
    Update,
    clean,
)
from quytrinh.exchange.edxml.tree import Node, Parsed, Unreadable, Warned, encoded_of, parse

__all__ = ["Limits", "Reading", "Unreadable", "Warned", "read"]

_KINDS = {"0": Kind.NEW, "1": Kind.RECALL, "2": Kind.UPDATE, "3": Kind.REPLACE}
# Extensions in which some systems tell how secret a document is.
_SECRECY = ("Secrecy", "SecretLevel", "SecurityLevel", "Confidentiality", "DoMat")
_SIGNATURE = "Signature"
# Three times what the national list allows.
_LONGEST_CODE = 105


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a message is too much."""

    message: int = 160 * 1024 * 1024
    attachment: int = 50 * 1024 * 1024
    together: int = 100 * 1024 * 1024
    attachments: int = 100
    receivers: int = 2000


@dataclass(frozen=True, slots=True)
class Reading:
    """A message and what was odd about it.

    `has_signature` tells that the envelope carries a signature element, which proves nothing:
    what the signatures inside the attached files say is for those who verify them.
    """

    message: DocumentMessage | StatusMessage
    warnings: tuple[Warned, ...] = ()
    has_signature: bool = False


def read(data: bytes, limits: Limits = Limits()) -> Reading:
    """Read a message; raise Unreadable, which says why, for anything else."""
    parsed = parse(data, most_bytes=limits.message)
    return _Reader(parsed, limits).read()


class _Reader:
    """One message being read: gathers warnings as it goes."""

    def __init__(self, parsed: Parsed, limits: Limits) -> None:
        self.parsed, self.limits = parsed, limits
        self.warnings = list(parsed.warnings)

    def read(self) -> Reading:
        root = self.parsed.root
        envelope = root if root.name == "edXMLEnvelope" else root.child("edXMLEnvelope")
        header_part = envelope.child("edXMLHeader") if envelope else None
        header = header_part.child("MessageHeader") if header_part else None
        if envelope is None or header_part is None or header is None:
            raise Unreadable("not_edxml", _("Tệp XML này không phải gói tin edXML."))
        message: DocumentMessage | StatusMessage
        if header.text("StatusCode"):
            message = self._status(header)
        else:
            message = self._document(envelope, header_part, header)
        signed = any(part.child(_SIGNATURE) for part in (header_part, envelope, root))
        return Reading(message, tuple(self.warnings), signed)

    def _warn(self, code: str, message: str) -> None:
        self.warnings.append(Warned(code, message))

    # --- the header

    def _document(self, envelope: Node, header_part: Node, header: Node) -> DocumentMessage:
        trace = header_part.child("TraceHeaderList")
        code = self._code(header.child("Code"))
        sender = self._sender(header)
        promulgation = header.child("PromulgationInfo")
        promulgated_on = self._day(promulgation, "PromulgationDate")
        signer, kind = header.child("SignerInfo"), header.child("DocumentType")
        return DocumentMessage(
            sender=sender,
            receivers=self._receivers(header),
            document_id=self._document_id(header, sender, promulgated_on, code),
            code=code,
            place=_text(promulgation, "Place"),
            promulgated_on=promulgated_on,
            type=DocumentType(
                _text(kind, "TypeName"), _text(kind, "Type"), _text(kind, "TypeDetail")
            ),
            subject=_text(header, "Subject"),
            content=_text(header, "Content"),
            signer=Signer(
                _text(signer, "FullName"), _text(signer, "Position"), _text(signer, "Competence")
            ),
            due_on=self._day(header, "DueDate"),
            other=self._other(header.child("OtherInfo")),
            responses_for=tuple(self._responses_for(header)),
            steering=_text(header, "SteeringType") or "0",
            to_places=tuple(_listed(header.child("ToPlaces"), "Place")),
            secrecy=_secrecy(header),
            business=self._business(trace.child("Bussiness") if trace else None),
            hops=tuple(
                Hop(_text(hop, "OrganId"), self._instant(hop, "Timestamp"))
                for hop in (trace.children("TraceHeader") if trace else ())
            ),
            attachments=tuple(self._attachments(envelope)),
        )

    def _status(self, header: Node) -> StatusMessage:
        sender = self._sender(header)
        answered = next(self._responses_for(header), None)
        if answered is None:
            raise Unreadable("no_subject", _("Gói trạng thái không ghi văn bản nào."))
        return StatusMessage(
            sender=sender,
            response_for=answered,
            status=_text(header, "StatusCode"),
            description=_text(header, "Description"),
            staff=_staff(header.child("StaffInfo")),
            at=self._instant(header, "Timestamp"),
        )

    def _sender(self, header: Node) -> Organ:
        sender = self._organ(header.child("From"))
        if not 0 < len(sender.code) <= _LONGEST_CODE:
            raise Unreadable("no_sender", _("Gói tin không ghi đúng mã định danh nơi gửi."))
        return sender

    def _organ(self, node: Node | None) -> Organ:
        return Organ(
            code=_text(node, "OrganId"),
            name=_text(node, "OrganName"),
            in_charge=_text(node, "OrganizationInCharge"),
            address=_text(node, "OrganAdd"),
            email=_text(node, "Email"),
            telephone=_text(node, "Telephone"),
            fax=_text(node, "Fax"),
            website=_text(node, "Website"),
        )

    def _receivers(self, header: Node) -> tuple[Organ, ...]:
        receivers = tuple(self._organ(node) for node in header.children("To"))
        if len(receivers) > self.limits.receivers:
            raise Unreadable("too_many", _("Gói tin ghi quá nhiều nơi nhận."))
        if any(not receiver.code for receiver in receivers):
            self._warn("no_receiver_code", _("Có nơi nhận không ghi mã định danh."))
        return receivers

    def _code(self, node: Node | None) -> Code:
        return Code(_text(node, "CodeNumber"), _text(node, "CodeNotation"))

    def _document_id(self, header: Node, sender: Organ, day: date | None, code: Code) -> str:
        """Return the id, or the one its parts make: `<code>,<yyyy/MM/dd>,<number>/<notation>`."""
        given = _text(header, "DocumentId")
        if given:
            return given
        if day is None or not str(code):
            raise Unreadable("no_document_id", _("Gói tin không cho biết mã văn bản."))
        self._warn("no_document_id", _("Gói tin thiếu mã văn bản; đã ghép từ số, ký hiệu, ngày."))
        return f"{sender.code},{day:%Y/%m/%d},{code}"

    def _other(self, node: Node | None) -> OtherInfo:
        return OtherInfo(
            priority=_text(node, "Priority") or "0",
            sphere=_text(node, "SphereOfPromulgation"),
            typist=_text(node, "TyperNotation"),
            copies=_text(node, "PromulgationAmount"),
            pages=_text(node, "PageAmount"),
            direction=_text(node, "Direction"),
            appendixes=tuple(_listed(node.child("Appendixes") if node else None, "Appendix")),
        )

    def _responses_for(self, header: Node) -> Iterator[ResponseFor]:
        """Yield what the message answers; an empty element answers nothing."""
        for node in header.children("ResponseFor"):
            if not node.is_empty:
                yield ResponseFor(
                    organ_code=_text(node, "OrganId"),
                    code=_text(node, "Code"),
                    promulgated_on=self._day(node, "PromulgationDate"),
                    document_id=_text(node, "DocumentId"),
                )

    def _business(self, node: Node | None) -> Business:
        if node is None:
            return Business()
        raw = _text(node, "BussinessDocType") or "0"
        if raw not in _KINDS:
            message = _("Không rõ nghiệp vụ “%(kind)s” của gói tin.")
            raise Unreadable("unknown_kind", message % {"kind": raw[:20]})
        replaced = node.child("ReplacementInfoList")
        return Business(
            kind=_KINDS[raw],
            document_id=_text(node, "DocumentId"),
            reason=_text(node, "BussinessDocReason"),
            paper=_text(node, "Paper") or "0",
            update=_update(node.child("BussinessDocumentInfo")),
            replacements=tuple(
                Replacement(
                    _text(info, "DocumentId"), tuple(_listed(info.child("OrganIdList"), "OrganId"))
                )
                for info in (replaced.children("ReplacementInfo") if replaced else ())
            ),
            staff=_staff(node.child("StaffInfo")),
        )

    # --- days and instants

    def _day(self, node: Node | None, name: str) -> date | None:
        return self._moment(node, name, _DAY, lambda parts: date(*parts))

    def _instant(self, node: Node | None, name: str) -> datetime | None:
        return self._moment(node, name, _INSTANT, _instant_of)

    def _moment(
        self, node: Node | None, name: str, form: re.Pattern[str], make: Callable[[list[int]], Any]
    ) -> Any:
        text = _text(node, name)
        if not text:
            return None
        matched = form.fullmatch(text)
        try:
            if matched:
                return make([int(part) for part in matched.groups()])
        except ValueError:
            pass
        message = _("%(name)s ghi “%(text)s”, không đọc được thành thời gian.")
        self._warn("bad_date", message % {"name": name, "text": text[:40]})
        return None

    # --- attachments

    def _attachments(self, envelope: Node) -> Iterator[Attachment]:
        described = _manifest(envelope)
        nodes = list(_attachment_nodes(self.parsed.root, envelope))
        if max(len(nodes), len(described)) > self.limits.attachments:
            raise Unreadable("too_many", _("Gói tin có quá nhiều tệp đính kèm."))
        left = self.limits.together
        for place, node in enumerate(nodes):
            attachment = self._attachment(node, _reference(described, node, place), left)
            left -= len(attachment.content)
            yield attachment
        if len(nodes) < len(described):
            message = _("Gói tin kê %(listed)s tệp nhưng chỉ kèm %(sent)s tệp.")
            self._warn("missing_file", message % {"listed": len(described), "sent": len(nodes)})

    def _attachment(self, node: Node, reference: Node | None, left: int) -> Attachment:
        name = _text(node, "AttachmentName") or _text(reference, "AttachmentName")
        description = _text(node, "Description") or _text(reference, "Description")
        encoded = node.child("ContentTransferEncoded") or node.child("AttachmentData")
        data = encoded_of(encoded, self.parsed) if encoded else b""
        try:
            decoded = files.decode(data, name, most_bytes=min(left, self.limits.attachment))
        except files.Faulty as fault:
            self._warn("broken_file", f"{name}: {fault}")
            return Attachment(name, b"", files.UNKNOWN, description, str(fault))
        for claimed in {_text(node, "ContentType"), _text(reference, "ContentType")} - {""}:
            if claimed.lower() != decoded.media_type:
                message = _("Tệp %(name)s khai là %(claimed)s nhưng thực là %(found)s.")
                found = {"name": name, "claimed": claimed[:80], "found": decoded.media_type}
                self._warn("lying_type", message % found)
        return Attachment(name, decoded.content, decoded.media_type, description)


_DAY = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:[ T].{0,20})?")
_INSTANT = re.compile(r"(\d{4})[/-](\d{1,2})[/-](\d{1,2})[ T](\d{1,2}):(\d{1,2}):(\d{1,2})")


def _instant_of(parts: list[int]) -> datetime:
    year, month, day, hour, minute, second = parts
    return datetime(year, month, day, hour, minute, second, tzinfo=VIETNAM)


def _text(node: Node | None, name: str) -> str:
    return clean(node.text(name)) if node else ""


def _listed(node: Node | None, name: str) -> Iterator[str]:
    for child in node.children(name) if node else ():
        if text := clean(child.own_text):
            yield text


def _secrecy(header: Node) -> str:
    other = header.child("OtherInfo")
    return next(
        (text for n in (header, other) for name in _SECRECY if (text := _text(n, name))), ""
    )


def _staff(node: Node | None) -> Staff | None:
    if node is None or node.is_empty:
        return None
    return Staff(
        _text(node, "Department"), _text(node, "Staff"), _text(node, "Mobile"), _text(node, "Email")
    )


def _update(node: Node | None) -> Update | None:
    if node is None:
        return None
    receivers = node.child("ReceiverList")
    return Update(
        document=_text(node, "DocumentInfo") == "1",
        receivers=tuple(
            ReceiverChange(_text(each, "OrganId"), _text(each, "ReceiverType") == "1")
            for each in (receivers.children("Receiver") if receivers else ())
        ),
    )


def _manifest(envelope: Node) -> list[Node]:
    body = envelope.child("edXMLBody")
    manifest = body.child("edXMLManifest") if body else None
    return list(manifest.children("Reference")) if manifest else []


def _attachment_nodes(root: Node, envelope: Node) -> Iterator[Node]:
    """Yield the attachments: outside the envelope, or where early gateways put them."""
    body = envelope.child("edXMLBody")
    for place in (root, envelope, body):
        for name in ("AttachmentEncoded", "edXMLAttachments"):
            block = place.child(name) if place else None
            if block and not (place is envelope and root.element is envelope.element):
                yield from block.children("Attachment")


def _reference(described: list[Node], node: Node, place: int) -> Node | None:
    """Return the line of the manifest that an attachment belongs to."""
    for key in (_content_id, lambda each: _text(each, "AttachmentName")):
        own = key(node)
        for reference in described if own else ():
            if key(reference) == own:
                return reference
    return described[place] if place < len(described) else None


def _content_id(node: Node) -> str:
    return _text(node, "ContentId").removeprefix("cid:")
