"""edXML (QCVN 102:2016): what a message says, how we write it, how we read anyone's. Pure."""

from __future__ import annotations

from quytrinh.exchange.edxml.message import (
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
    fingerprint,
)
from quytrinh.exchange.edxml.reader import Limits, Reading, Unreadable, Warned, read
from quytrinh.exchange.edxml.writer import write

__all__ = [
    "Attachment",
    "Business",
    "Code",
    "DocumentMessage",
    "DocumentType",
    "Hop",
    "Kind",
    "Limits",
    "Organ",
    "OtherInfo",
    "Reading",
    "ReceiverChange",
    "Replacement",
    "ResponseFor",
    "Signer",
    "Staff",
    "StatusMessage",
    "Unreadable",
    "Update",
    "Warned",
    "fingerprint",
    "read",
    "write",
]
