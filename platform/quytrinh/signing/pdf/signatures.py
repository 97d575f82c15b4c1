"""Making a signature in two phases: begin (what is to be signed) and complete (it is embedded).

The file is only ever extended: whatever was there stays byte for byte, so that earlier
signatures stay valid. A plugin signs between the two phases, at once or days later.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import algos, cms, crl, keys, ocsp, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError, byte_range_digest
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import PdfSigner
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from quytrinh.signing.pdf.appearance import Drawing, DrawingStyle
from quytrinh.signing.pdf.fields import Place, field_spec
from quytrinh.signing.pdf.timestamps import TimeStamper

DIGEST = "sha256"
# Room for the CMS structure around the certificates, the signature and the time stamp.
_FRAME = 900


class WrongSignature(Exception):
    """What came back was not made with the announced key over what was to be signed."""


class FieldTaken(Exception):
    """The field has a signature already."""


class NoStamp(Exception):
    """The time stamp service does not answer, or refuses."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A document that waits for a signature: plain data, so that it may be kept meanwhile.

    `attributes` is what a raw signature signs; `document_digest` what a CMS is about.
    """

    document: bytes
    chain: tuple[bytes, ...]
    document_digest: bytes
    attributes: bytes
    gap: tuple[int, int]


def begin(
    pdf: bytes,
    place: Place,
    drawing: Drawing,
    chain: Sequence[bytes],
    *,
    name: str = "",
    reason: str = "",
    room: int = 0,
) -> Begun:
    """Put a signature without its value into its prepared field, or into a new one.

    `room` is what to keep free besides the certificates and the signature: for the time stamp.
    """
    signer = _external(chain, b"")
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    metadata = signers.PdfSignatureMetadata(
        field_name=place.field,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        name=name or None,
        reason=reason or None,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES if place.locks else fields.MDPPerm.FILL_FORMS,
    )
    pdf_signer = PdfSigner(
        metadata,
        signer,
        stamp_style=DrawingStyle(drawing=drawing),
        new_field_spec=field_spec(place),
    )
    room += _FRAME + sum(map(len, chain)) + _signature_size(signer)
    try:
        prepared, _, output = asyncio.run(
            pdf_signer.async_digest_doc_for_signing(writer, bytes_reserved=2 * room)
        )
    except SigningError as error:
        raise FieldTaken(place.field) from error
    attributes = asyncio.run(signer.signed_attrs(prepared.document_digest, DIGEST, use_pades=True))
    return Begun(
        document=output.getvalue(),
        chain=tuple(chain),
        document_digest=prepared.document_digest,
        attributes=attributes.dump(),
        gap=(prepared.reserved_region_start, prepared.reserved_region_end),
    )


def complete(begun: Begun, signature: bytes, timestamper: TimeStamper | None) -> bytes:
    """Embed a raw signature, with a time stamp over it; raise WrongSignature or NoStamp."""
    _require_own_digest(begun)
    signer = _external(begun.chain, signature)
    _require_signed_by(signer.signing_cert, signature, begun.attributes)
    attributes = cms.CMSAttributes.load(begun.attributes)
    try:
        made = asyncio.run(
            signer.async_sign_prescribed_attributes(DIGEST, attributes, timestamper=timestamper)
        )
    except (TimestampRequestError, OSError) as error:
        raise NoStamp from error
    return _embed(begun, made)


def complete_with_cms(begun: Begun, made: bytes, timestamper: TimeStamper) -> bytes:
    """Embed a CMS made elsewhere over the digest of the document, with a time stamp over it."""
    _require_own_digest(begun)
    try:
        content = cms.ContentInfo.load(made)
        _stamp(content["content"]["signer_infos"][0], timestamper)
        return _embed(begun, content)
    except (ValueError, KeyError, IndexError, TypeError, SigningError) as error:
        raise WrongSignature from error


def _stamp(signer: cms.SignerInfo, timestamper: TimeStamper) -> None:
    """Add a time stamp to a signer's part, unless it has brought one."""
    if isinstance(signer["unsigned_attrs"], cms.CMSAttributes):
        return
    digest = hashlib.new(DIGEST, signer["signature"].native).digest()
    try:
        stamp = asyncio.run(timestamper.async_timestamp(digest, DIGEST))
    except (TimestampRequestError, OSError) as error:
        raise NoStamp from error
    attribute = {"type": "signature_time_stamp_token", "values": [stamp]}
    signer["unsigned_attrs"] = cms.CMSAttributes([cms.CMSAttribute(attribute)])


def add_material(
    pdf: bytes, certificates: Sequence[bytes], ocsps: Sequence[bytes], crls: Sequence[bytes]
) -> bytes:
    """Add what proves the states of the certificates, for the time when nobody can be asked."""
    output = io.BytesIO(pdf)
    DocumentSecurityStore.add_dss(
        output,
        sig_contents=None,
        certs=[x509.Certificate.load(each) for each in certificates],
        ocsps=[ocsp.OCSPResponse.load(each) for each in ocsps],
        crls=[crl.CertificateList.load(each) for each in crls],
        strict=False,
    )
    return output.getvalue()


def stamp_size(timestamper: TimeStamper) -> int:
    """Return how many bytes a time stamp takes; asks the service once."""
    try:
        return len(asyncio.run(timestamper.async_dummy_response(DIGEST)).dump()) + 64
    except (TimestampRequestError, OSError) as error:
        raise NoStamp from error


def _external(chain: Sequence[bytes], value: bytes) -> signers.ExternalSigner:
    leaf, *issuers = (x509.Certificate.load(each) for each in chain)
    registry = SimpleCertificateStore()
    registry.register_multiple(issuers)
    mechanism = "sha256_ecdsa" if leaf.public_key.algorithm == "ec" else "sha256_rsa"
    return signers.ExternalSigner(
        signing_cert=leaf,
        cert_registry=registry,
        signature_value=value,
        signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": mechanism}),
        embed_roots=False,
    )


def _signature_size(signer: signers.ExternalSigner) -> int:
    public: keys.PublicKeyInfo = signer.signing_cert.public_key
    return 160 if public.algorithm == "ec" else public.byte_size


def _require_own_digest(begun: Begun) -> None:
    """The document kept meanwhile must be the one whose digest was announced."""
    start, end = begun.gap
    ranges = [0, start, end, len(begun.document) - end]
    _, digest = byte_range_digest(io.BytesIO(begun.document), ranges, DIGEST)
    if digest != begun.document_digest:
        raise WrongSignature


def _require_signed_by(certificate: x509.Certificate, signature: bytes, data: bytes) -> None:
    key: Any = load_der_public_key(certificate.public_key.dump())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature as error:
        raise WrongSignature from error


def _embed(begun: Begun, made: cms.ContentInfo) -> bytes:
    output = io.BytesIO(begun.document)
    prepared = PreparedByteRangeDigest(begun.document_digest, *begun.gap)
    prepared.fill_with_cms(output, made)
    return output.getvalue()
