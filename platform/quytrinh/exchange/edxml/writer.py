"""Writing edXML in the exact prefixed form: some receivers know no other.

The envelope and its children carry the prefix `edXML:`, the root and the attachments do not;
both are the same namespace.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from datetime import date, datetime
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape

from quytrinh.exchange.edxml.message import (
    VIETNAM,
    Attachment,
    Business,
    DocumentMessage,
    Hop,
    Kind,
    Organ,
    OtherInfo,
    ResponseFor,
    Staff,
    StatusMessage,
    Update,
    clean,
)

NAMESPACE = "http://www.mic.gov.vn/TBT/QCVN_102_2016"
WIRE_KIND = {Kind.NEW: "0", Kind.RECALL: "1", Kind.UPDATE: "2", Kind.REPLACE: "3"}


def write(message: DocumentMessage | StatusMessage) -> bytes:
    """Return the message as an edXML file. Equal messages give equal bytes."""
    header = _status_header(message) if isinstance(message, StatusMessage) else _header(message)
    body, attachments = "", ""
    if isinstance(message, DocumentMessage):
        ids = [_content_id(message, place) for place in range(len(message.attachments))]
        body = _body(message.attachments, ids)
        attachments = _attachments(message.attachments, ids)
    envelope = _element("edXMLEnvelope", _element("edXMLHeader", header) + body, xmlns=True)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<edXML xmlns="{NAMESPACE}">\n'
        f"{envelope}{attachments}</edXML>\n"
    ).encode()


def _element(name: str, inner: str, *, xmlns: bool = False) -> str:
    declared = f' xmlns:edXML="{NAMESPACE}"' if xmlns else ""
    return f"<edXML:{name}{declared}>\n{inner}</edXML:{name}>\n"


def _text(name: str, value: str) -> str:
    return f"<edXML:{name}>{escape(clean(value))}</edXML:{name}>\n"


def _texts(**values: str) -> str:
    """Write the elements that have something to say."""
    return "".join(_text(name, value) for name, value in values.items() if clean(value))


def _day(value: date | None) -> str:
    return f"{value:%Y/%m/%d}" if value else ""


def _instant(value: datetime | None) -> str:
    return f"{value.astimezone(VIETNAM):%Y/%m/%d %H:%M:%S}" if value else ""


def _organ(name: str, organ: Organ) -> str:
    return _element(
        name,
        _text("OrganId", organ.code)
        + _texts(
            OrganizationInCharge=organ.in_charge,
            OrganName=organ.name,
            OrganAdd=organ.address,
            Email=organ.email,
            Telephone=organ.telephone,
            Fax=organ.fax,
            Website=organ.website,
        ),
    )


def _header(message: DocumentMessage) -> str:
    parts = [
        _organ("From", message.sender),
        *(_organ("To", receiver) for receiver in message.receivers),
        _text("DocumentId", message.document_id),
        _element(
            "Code",
            _text("CodeNumber", message.code.number) + _text("CodeNotation", message.code.notation),
        ),
        _element(
            "PromulgationInfo",
            _texts(Place=message.place, PromulgationDate=_day(message.promulgated_on)),
        ),
        _element(
            "DocumentType",
            _texts(
                Type=message.type.type,
                TypeDetail=message.type.detail,
                TypeName=message.type.name,
            ),
        ),
        _text("Subject", message.subject),
        _text("Content", message.content),
        _element(
            "SignerInfo",
            _texts(
                Competence=message.signer.competence,
                Position=message.signer.position,
                FullName=message.signer.full_name,
            ),
        ),
        _texts(DueDate=_day(message.due_on)),
        _other(message.other),
        *(_response_for(each) for each in message.responses_for),
        _text("SteeringType", message.steering),
        _places(message.to_places),
    ]
    trace = "".join(_hop(hop) for hop in message.hops) + _business(message.business)
    return _element("MessageHeader", "".join(parts)) + _element("TraceHeaderList", trace)


def _other(other: OtherInfo) -> str:
    appendixes = "".join(_text("Appendix", each) for each in other.appendixes)
    return _element(
        "OtherInfo",
        _texts(
            Priority=other.priority,
            SphereOfPromulgation=other.sphere,
            TyperNotation=other.typist,
            PromulgationAmount=other.copies,
            PageAmount=other.pages,
            Direction=other.direction,
        )
        + (_element("Appendixes", appendixes) if appendixes else ""),
    )


def _response_for(each: ResponseFor) -> str:
    return _element(
        "ResponseFor",
        _texts(
            OrganId=each.organ_code,
            Code=each.code,
            PromulgationDate=_day(each.promulgated_on),
            DocumentId=each.document_id,
        ),
    )


def _places(places: Iterable[str]) -> str:
    written = "".join(_text("Place", place) for place in places)
    return _element("ToPlaces", written) if written else ""


def _hop(hop: Hop) -> str:
    return _element("TraceHeader", _texts(OrganId=hop.organ_code, Timestamp=_instant(hop.at)))


def _business(business: Business) -> str:
    parts = [
        _texts(DocumentId=business.document_id),
        _text("BussinessDocType", WIRE_KIND[business.kind]),
        _texts(BussinessDocReason=business.reason, Paper=business.paper),
        _update(business.update) if business.update else "",
        _replacements(business),
        _staff(business.staff) if business.staff else "",
    ]
    return _element("Bussiness", "".join(parts))


def _update(update: Update) -> str:
    receivers = "".join(
        _element(
            "Receiver",
            _text("OrganId", each.organ_code) + _text("ReceiverType", "1" if each.added else "0"),
        )
        for each in update.receivers
    )
    return _element(
        "BussinessDocumentInfo",
        _text("DocumentInfo", "1" if update.document else "0")
        + _text("DocumentReceiver", "1" if receivers else "0")
        + (_element("ReceiverList", receivers) if receivers else ""),
    )


def _replacements(business: Business) -> str:
    infos = "".join(
        _element(
            "ReplacementInfo",
            _text("DocumentId", each.document_id)
            + _element("OrganIdList", "".join(_text("OrganId", c) for c in each.organ_codes)),
        )
        for each in business.replacements
    )
    return _element("ReplacementInfoList", infos) if infos else ""


def _staff(staff: Staff) -> str:
    return _element(
        "StaffInfo",
        _texts(
            Department=staff.department, Staff=staff.name, Mobile=staff.mobile, Email=staff.email
        ),
    )


def _status_header(message: StatusMessage) -> str:
    parts = [
        _organ("From", message.sender),
        _response_for(message.response_for),
        _staff(message.staff) if message.staff else "",
        _text("StatusCode", message.status),
        _text("Description", message.description),
        _texts(Timestamp=_instant(message.at)),
    ]
    return _element("MessageHeader", "".join(parts))


def _content_id(message: DocumentMessage, place: int) -> str:
    """Made from the message, so that the same message always has the same bytes."""
    named = f"{message.sender.code}\n{message.document_id}\n{message.kind}\n{place}"
    return f"cid:{uuid5(NAMESPACE_URL, named)}"


def _body(attachments: Iterable[Attachment], ids: list[str]) -> str:
    references = "".join(
        _element(
            "Reference",
            _text("ContentId", content_id)
            + _text("ContentType", attachment.media_type)
            + _texts(Description=attachment.description)
            + _text("AttachmentName", attachment.name),
        )
        for attachment, content_id in zip(attachments, ids, strict=True)
    )
    manifest = f'<edXML:edXMLManifest version="1.0">\n{references}</edXML:edXMLManifest>\n'
    return _element("edXMLBody", manifest)


def _attachments(attachments: Iterable[Attachment], ids: list[str]) -> str:
    written = "".join(
        _attachment(attachment, content_id)
        for attachment, content_id in zip(attachments, ids, strict=True)
    )
    return f"<AttachmentEncoded>\n{written}</AttachmentEncoded>\n" if written else ""


def _attachment(attachment: Attachment, content_id: str) -> str:
    description = clean(attachment.description)
    described = f"<Description>{escape(description)}</Description>\n" if description else ""
    encoded = base64.b64encode(attachment.content).decode("ascii")
    return (
        "<Attachment>\n"
        f"<ContentId>{content_id}</ContentId>\n"
        f"<AttachmentName>{escape(clean(attachment.name))}</AttachmentName>\n"
        f"{described}"
        f"<ContentType>{escape(attachment.media_type)}</ContentType>\n"
        f'<edXML:ContentTransferEncoded xmlns:edXML="{NAMESPACE}">{encoded}'
        "</edXML:ContentTransferEncoded>\n"
        "</Attachment>\n"
    )
