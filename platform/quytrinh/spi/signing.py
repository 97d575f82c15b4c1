"""The protocol of a signing plugin: it makes signatures; what is signed and how is the core's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from quytrinh.spi.steps import Availability


class SignatureForm(StrEnum):
    """What a plugin hands back."""

    RAW = "raw"  # the bare signature over the bytes of `to_be_signed`
    CMS = "cms"  # a detached CMS SignedData over a document with the digest `to_be_signed`
    PDF = "pdf"  # a whole PDF: `to_be_signed` with a signature appended


class SignerKind(StrEnum):
    """Whose signature it is."""

    PERSON = "person"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Credential:
    """A key that a plugin can sign with, and its certificates.

    `chain` holds DER certificates, the signer's own first, the root left out.
    """

    id: str
    kind: SignerKind
    chain: tuple[bytes, ...]
    not_after: datetime
    label: str = ""


@dataclass(frozen=True, slots=True)
class SigningRequest:
    """One signature wanted.

    `request_id` names it for ever: the same id comes again after a crash or a retry.
    `to_be_signed` is what `form` says: the attributes to sign (raw), the digest of the document
    (cms), or the prepared document (pdf).
    """

    request_id: str
    agency: str
    credential_id: str
    form: SignatureForm
    to_be_signed: bytes
    digest: str = "sha256"


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature in the form asked for."""

    request_id: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Pending:
    """The signer still has to act: `challenge` is for their device or their browser.

    The answer of the device goes to `finish`, with the same request id.
    """

    request_id: str
    challenge: Mapping[str, Any] = field(default_factory=dict)
    expires_at: datetime | None = None


class SigningFailed(Exception):
    """The signature could not be made; `retryable` tells whether trying again may help."""

    def __init__(self, message: str, *, retryable: bool = True) -> None:
        super().__init__(message)
        self.message = message
        self.retryable = retryable


@runtime_checkable
class SigningPlugin(Protocol):
    """One way of making signatures. An object is made from the configuration of its name.

    The key words are those of RFC 2119.

    * A plugin MUST be idempotent by `request_id`: asked again with the same id and content it
      MUST NOT ask its owner twice, and MUST refuse the same id with another content.
    * `sign` MUST answer with `Signed`, or with `Pending` if `deferred` is true, or raise
      `SigningFailed`; its message is shown to staff, in Vietnamese.
    * A plugin MUST NOT give a credential of one agency to another.
    * A plugin MUST NOT sign with MD5 or SHA-1.
    * `credentials` and `availability` MUST be quick; `availability` MUST NOT raise.
    * Whatever a plugin returns is verified by the platform before it is kept.
    """

    name: str  # lower case: `pkcs12`
    title: str
    forms: frozenset[SignatureForm]
    deferred: bool
    interface: int
    # JSON Schema 2020-12 of an object: the configuration of an installation.
    config_schema: Mapping[str, Any]

    def availability(self) -> Availability: ...

    def credentials(self, agency: str, holder: str) -> Sequence[Credential]:
        """Return the keys of a holder in an agency: `person:<id>` or `organisation`."""
        ...

    def sign(self, request: SigningRequest) -> Signed | Pending: ...

    def finish(self, request_id: str, answer: Mapping[str, Any]) -> Signed:
        """Turn the answer to a challenge into the signature; a plugin not deferred refuses."""
        ...
