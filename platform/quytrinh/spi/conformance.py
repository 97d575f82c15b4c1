"""What every signing plugin must pass; an empty list of problems is good news.

Plugins are asked for real signatures, checked with the key of their own certificate.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from quytrinh.spi.registry import WrongPlugin
from quytrinh.spi.signing import (
    Credential,
    Pending,
    SignatureForm,
    Signed,
    SigningFailed,
    SigningPlugin,
    SigningRequest,
)
from quytrinh.spi.signing_registry import SigningRegistry
from quytrinh.spi.steps import Availability


def signing_plugin_problems(
    plugin: SigningPlugin, *, agency: str, holder: str, foreign_agency: str
) -> list[str]:
    """Check a signing plugin with a holder who has a key; `foreign_agency` has none of them."""
    return list(_signing_problems(plugin, agency, holder, foreign_agency))


def _schema_problems(schema: object) -> Iterator[str]:
    try:
        Draft202012Validator.check_schema(schema)  # type: ignore[arg-type]
    except SchemaError as error:
        yield f"the schema is not JSON Schema 2020-12: {error.message}"
        return
    if not isinstance(schema, dict) or schema.get("type") != "object":
        yield "the schema describes no object"
    elif schema.get("additionalProperties") is not False:
        yield "the schema lets unknown parameters through"


def _availability_problems(answer: object) -> Iterator[str]:
    if not isinstance(answer, Availability):
        yield "availability() does not answer with Availability"
    elif not answer.usable and not answer.reason:
        yield "not available, and does not say why"


def _signing_problems(
    plugin: SigningPlugin, agency: str, holder: str, foreign_agency: str
) -> Iterator[str]:
    try:
        SigningRegistry([plugin])
    except WrongPlugin as error:
        yield str(error)
        return
    yield from _schema_problems(plugin.config_schema)
    yield from _availability_problems(plugin.availability())
    if plugin.credentials(foreign_agency, holder):
        yield "gives the credential of one agency to another"
    credentials = plugin.credentials(agency, holder)
    if not credentials:
        yield "has no credential for the holder of the test"
    for credential in credentials:
        yield from _credential_problems(credential)
        if SignatureForm.RAW in plugin.forms:
            yield from _raw_problems(plugin, agency, credential)
        yield from _misuse_problems(plugin, agency, foreign_agency, credential)


def _credential_problems(credential: Credential) -> Iterator[str]:
    if not credential.chain:
        yield f"credential {credential.id}: no certificate"
        return
    chain = [x509.load_der_x509_certificate(each) for each in credential.chain]
    if chain[0].not_valid_after_utc != credential.not_after:
        yield f"credential {credential.id}: not_after is not the certificate's"
    for subject, issuer in pairwise(chain):
        if subject.issuer != issuer.subject:
            yield f"credential {credential.id}: the chain is broken or in the wrong order"


def _raw_problems(plugin: SigningPlugin, agency: str, credential: Credential) -> Iterator[str]:
    request = SigningRequest(
        request_id="conformance-1",
        agency=agency,
        credential_id=credential.id,
        form=SignatureForm.RAW,
        to_be_signed=b"attributes to be signed",
    )
    answer = plugin.sign(request)
    if isinstance(answer, Pending):
        if not plugin.deferred:
            yield "answers Pending although it is not deferred"
        return
    if not isinstance(answer, Signed) or answer.request_id != request.request_id:
        yield "the answer is no Signed of this request"
    elif not _verifies(credential.chain[0], answer.content, request.to_be_signed):
        yield "the signature does not verify with the key of its certificate"
    if plugin.sign(request) != answer:
        yield "the same request twice has two answers"
    if not _refuses(plugin, dataclasses.replace(request, to_be_signed=b"something else")):
        yield "signs something else under a request id already used"


def _misuse_problems(
    plugin: SigningPlugin, agency: str, foreign_agency: str, credential: Credential
) -> Iterator[str]:
    request = SigningRequest(
        request_id="conformance-2",
        agency=agency,
        credential_id=credential.id,
        form=next(iter(sorted(plugin.forms))),
        to_be_signed=b"attributes to be signed",
        digest="sha1",
    )
    if not _refuses(plugin, request):
        yield "signs with SHA-1"
    foreign = dataclasses.replace(
        request, request_id="conformance-3", agency=foreign_agency, digest="sha256"
    )
    if not _refuses(plugin, foreign):
        yield "signs for one agency with the key of another"
    if not plugin.deferred:
        try:
            plugin.finish("conformance-4", {})
        except SigningFailed:
            return
        yield "finishes a signature that was never deferred"


def _refuses(plugin: SigningPlugin, request: SigningRequest) -> bool:
    try:
        plugin.sign(request)
    except SigningFailed as failure:
        return bool(failure.message)
    return False


def _verifies(certificate: bytes, signature: bytes, data: bytes) -> bool:
    key = x509.load_der_x509_certificate(certificate).public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
        else:
            return False
    except InvalidSignature:
        return False
    return True
