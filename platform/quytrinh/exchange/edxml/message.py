"""What an edXML message says, whoever wrote it. Texts are as `clean` leaves them."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum

# Times on the wire have no zone; they are Vietnam's.
VIETNAM = timezone(timedelta(hours=7))
# What no XML 1.0 document may contain.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return a text as it survives being written and read: composed, printable, trimmed."""
    composed = unicodedata.normalize("NFC", _UNWRITABLE.sub("", text))
    return composed.replace("\r\n", "\n").replace("\r", "\n").strip()


class Kind(StrEnum):
    """What a message is about; the values of the first four are ours, not the wire's."""

    NEW = "new"
    RECALL = "recall"
    UPDATE = "update"
    REPLACE = "replace"
    STATUS = "status"


@dataclass(frozen=True, slots=True)
class Organ:
    """An agency as a message names it; only the code and the name can be relied on."""

    code: str
    name: str = ""
    in_charge: str = ""
    address: str = ""
    email: str = ""
    telephone: str = ""
    fax: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Number and notation: 7816 and VPCP-TTĐT."""

    number: str = ""
    notation: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.number, self.notation) if part)


@dataclass(frozen=True, slots=True)
class DocumentType:
    """The type of the document. Numbers differ between systems: only the name is to be trusted."""

    name: str = ""
    type: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, in what capacity (TM., KT., TL., TUQ., Q.)."""

    full_name: str = ""
    position: str = ""
    competence: str = ""


@dataclass(frozen=True, slots=True)
class OtherInfo:
    """Urgency and what else goes with the document; raw where the wire cannot be trusted."""

    priority: str = "0"
    sphere: str = ""
    typist: str = ""
    copies: str = ""
    pages: str = ""
    direction: str = ""
    appendixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseFor:
    """The document a message answers or speaks of."""

    organ_code: str = ""
    code: str = ""
    promulgated_on: date | None = None
    document_id: str = ""


@dataclass(frozen=True, slots=True)
class Staff:
    """The person to ask at the other side."""

    department: str = ""
    name: str = ""
    mobile: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ReceiverChange:
    """An update of the list of receivers: added, or dropped from it."""

    organ_code: str
    added: bool


@dataclass(frozen=True, slots=True)
class Update:
    """What an update changes."""

    document: bool = False
    receivers: tuple[ReceiverChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """A document that is replaced, and at which agencies."""

    document_id: str
    organ_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Business:
    """What the sender wants done: the element spelt `Bussiness` on the wire.

    `document_id` is the document that is recalled or updated.
    """

    kind: Kind = Kind.NEW
    document_id: str = ""
    reason: str = ""
    paper: str = "0"
    update: Update | None = None
    replacements: tuple[Replacement, ...] = ()
    staff: Staff | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """A system the message went through; some hide their code."""

    organ_code: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """One file. With a `fault` the bytes could not be had, and `content` is empty."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"
    description: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class DocumentMessage:
    """A document sent, recalled, updated or replaced."""

    sender: Organ
    receivers: tuple[Organ, ...]
    document_id: str
    code: Code = Code()
    place: str = ""
    promulgated_on: date | None = None
    type: DocumentType = DocumentType()
    subject: str = ""
    content: str = ""
    signer: Signer = Signer()
    due_on: date | None = None
    other: OtherInfo = OtherInfo()
    responses_for: tuple[ResponseFor, ...] = ()
    steering: str = "0"
    to_places: tuple[str, ...] = ()
    # Never written by us: a secret document does not travel. Read to be refused.
    secrecy: str = ""
    business: Business = Business()
    hops: tuple[Hop, ...] = ()
    attachments: tuple[Attachment, ...] = ()

    @property
    def kind(self) -> Kind:
        """What the message is about."""
        return self.business.kind

    @property
    def target_ids(self) -> tuple[str, ...]:
        """Return the ids of the documents that are recalled, updated or replaced."""
        if self.kind == Kind.REPLACE:
            return tuple(each.document_id for each in self.business.replacements)
        if self.kind == Kind.NEW:
            return ()
        if self.business.document_id:
            return (self.business.document_id,)
        answered = tuple(each.document_id for each in self.responses_for if each.document_id)
        return answered or (self.document_id,)


@dataclass(frozen=True, slots=True)
class StatusMessage:
    """What became of a document at its receiver, or what its sender asks about it."""

    sender: Organ
    response_for: ResponseFor
    status: str
    description: str = ""
    staff: Staff | None = None
    at: datetime | None = None

    @property
    def kind(self) -> Kind:
        """What the message is about."""
        return Kind.STATUS


def fingerprint(message: DocumentMessage | StatusMessage) -> str:
    """Return the digest of what a message says, whichever way it travelled.

    Hops and layout differ when the same message comes again through another hub.
    """
    if isinstance(message, DocumentMessage):
        message = replace(message, hops=())
    said = json.dumps(asdict(message), default=_plain, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return str(value)
