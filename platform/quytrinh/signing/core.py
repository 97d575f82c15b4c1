"""Preparing, signing and sealing one file: from bytes to verified bytes, no database.

The order of number, signature and seal is the procedure's. Before the first signature a number
that is known is printed; one that is not gets a field, and the seal's signatures bring it.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from django.utils import timezone

from quytrinh.signing import child
from quytrinh.signing.exceptions import SigningRefused, TrustServiceSilent
from quytrinh.signing.explain import sentence_of
from quytrinh.signing.inspection import Inspection
from quytrinh.signing.layout import Layout
from quytrinh.signing.pdf import fields, signatures
from quytrinh.signing.pdf.timestamps import TimeStamper
from quytrinh.signing.placing import Placed, Values, phrases_of, place
from quytrinh.signing.trust_services import TrustServices
from quytrinh.signing.verdicts import DocumentFinding, SignatureFinding, Verdict
from quytrinh.spi import (
    Credential,
    Pending,
    SignatureForm,
    SigningFailed,
    SigningPlugin,
    SigningRequest,
)

PERSON, SEAL = "person", "seal"
_BROUGHT_BY_SEAL = ("number", "date")
# A bare signature is best: the platform then knows everything else that is in the file.
_PREFERRED = (SignatureForm.RAW, SignatureForm.CMS, SignatureForm.PDF)
# What a CMS made elsewhere may contain besides what ours would.
_FOREIGN_CMS = 6000


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs, with what: the plugin, the key, and the agency it belongs to."""

    plugin: SigningPlugin
    credential: Credential
    agency: str


@dataclass(frozen=True, slots=True)
class SignedFile:
    """A file with new signatures, and what verification says of them."""

    pdf: bytes
    finding: DocumentFinding
    made: tuple[SignatureFinding, ...]


@dataclass(frozen=True, slots=True)
class Workplace:
    """What signing needs besides the file: services, trust anchors, the agency's layout."""

    services: TrustServices
    anchors: tuple[bytes, ...]
    layout: Layout


def look_into(pdf: bytes, layout: Layout, values: Values) -> Inspection:
    """Inspect a file in the child; raise SigningRefused for one that nobody should sign."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        found = child.inspect(Path(file.name), phrases=phrases_of(layout, values))
    if found.problem:
        raise SigningRefused("encrypted" if found.problem == "encrypted" else "unreadable")
    if found.active_content:
        raise SigningRefused("active_content")
    return found


def prepare(pdf: bytes, layout: Layout, values: Values) -> bytes:
    """Make every place that signatures will need; a number that is known is printed first.

    A file that is signed or prepared already comes back as it is.
    """
    found = look_into(pdf, layout, values)
    if found.signed or layout.marks[SEAL].field in found.fields:
        return pdf
    marks = [PERSON, SEAL]
    if values.number:
        printed = [place(layout, mark, found, values) for mark in _BROUGHT_BY_SEAL]
        pdf = fields.print_text(
            pdf, [(each.place.page, each.place.box, each.drawing) for each in printed]
        )
    else:
        marks += _BROUGHT_BY_SEAL
    return fields.prepare(pdf, [place(layout, mark, found, values).place for mark in marks])


def sign(
    pdf: bytes, *, request_id: str, signatory: Signatory, values: Values, at: Workplace
) -> SignedFile:
    """Put a person's signature on a file, preparing the file first if it is not."""
    return _sign(prepare(pdf, at.layout, values), (PERSON,), request_id, signatory, values, at)


def seal(
    pdf: bytes, *, request_id: str, signatory: Signatory, values: Values, at: Workplace
) -> SignedFile:
    """Put the organisation's signature on a file: number and date first, where they wait."""
    prepared = prepare(pdf, at.layout, values)
    found = look_into(prepared, at.layout, values)
    waiting = []
    for mark in _BROUGHT_BY_SEAL:
        existing = found.fields.get(at.layout.marks[mark].field)
        if existing is not None and not existing.signed:
            waiting.append(mark)
    if waiting and not values.number:
        raise SigningRefused("no_number")
    return _sign(prepared, (*waiting, SEAL), request_id, signatory, values, at)


def mark(
    pdf: bytes,
    mark_id: str,
    *,
    request_id: str,
    signatory: Signatory,
    values: Values,
    at: Workplace,
) -> SignedFile:
    """Put the organisation's signature on an annex, a copy or a scan."""
    if not values.number and any("{number}" in line for line in at.layout.marks[mark_id].text):
        raise SigningRefused("no_number")
    return _sign(pdf, (mark_id,), request_id, signatory, values, at)


def _sign(
    pdf: bytes,
    marks: Sequence[str],
    request_id: str,
    signatory: Signatory,
    values: Values,
    at: Workplace,
) -> SignedFile:
    now = timezone.localtime()
    if signatory.credential.not_after <= now:
        raise SigningRefused("certificate_expired")
    values = replace(values, signed_at=now.isoformat(timespec="seconds"))
    found = look_into(pdf, at.layout, values)
    signed = pdf
    try:
        timestamper = at.services.timestamper()
        for mark_id in marks:
            placed = place(at.layout, mark_id, found, values)
            signed = _one(signed, placed, f"{request_id}:{mark_id}", signatory, timestamper)
        material = at.services.material(signatory.credential.chain)
    except signatures.NoStamp as silent:
        raise SigningRefused("tsa_silent") from silent
    except TrustServiceSilent as silent:
        raise SigningRefused("revocation_silent") from silent
    signed = signatures.add_material(signed, material.certificates, material.ocsps, material.crls)
    before = {name for name, each in found.fields.items() if each.signed}
    return _verified(pdf, signed, before, len(marks), signatory.credential, at)


def _one(
    pdf: bytes, placed: Placed, request_id: str, signatory: Signatory, timestamper: TimeStamper
) -> bytes:
    """Make one signature. Nothing is stored yet: a failure leaves no trace."""
    form = next(each for each in _PREFERRED if each in signatory.plugin.forms)
    room = signatures.stamp_size(timestamper)
    if form == SignatureForm.PDF:
        return _ask(signatory, request_id, form, fields.prepare(pdf, [placed.place]))
    try:
        begun = signatures.begin(
            pdf,
            placed.place,
            placed.drawing,
            signatory.credential.chain,
            reason=placed.place.label,
            room=room + (_FOREIGN_CMS if form == SignatureForm.CMS else 0),
        )
    except signatures.FieldTaken as taken:
        raise SigningRefused("field_taken", field=placed.place.label) from taken
    raw = form == SignatureForm.RAW
    made = _ask(signatory, request_id, form, begun.attributes if raw else begun.document_digest)
    finish = signatures.complete if raw else signatures.complete_with_cms
    try:
        return finish(begun, made, timestamper)
    except signatures.WrongSignature as wrong:
        raise SigningRefused("result_not_valid", reason=sentence_of("bad_signature")) from wrong


def _ask(signatory: Signatory, request_id: str, form: SignatureForm, content: bytes) -> bytes:
    """Have the plugin sign; the id names this content, since each attempt has another time."""
    availability = signatory.plugin.availability()
    if not availability.usable:
        raise SigningRefused("plugin_unavailable", reason=availability.reason)
    request = SigningRequest(
        request_id=f"{request_id}:{hashlib.sha256(content).hexdigest()[:16]}",
        agency=signatory.agency,
        credential_id=signatory.credential.id,
        form=form,
        to_be_signed=content,
        digest=signatures.DIGEST,
    )
    try:
        answer = signatory.plugin.sign(request)
    except SigningFailed as failed:
        raise SigningRefused(
            "plugin_failed", reason=failed.message, retryable=failed.retryable
        ) from failed
    if isinstance(answer, Pending):
        raise SigningRefused("pending")
    return answer.content


def _verified(
    base: bytes,
    signed: bytes,
    before: set[str],
    wanted: int,
    credential: Credential,
    at: Workplace,
) -> SignedFile:
    """Let nothing out that a stranger would not find valid, however it was made."""
    if not signed.startswith(base):
        raise SigningRefused("result_not_valid", reason=sentence_of("altered"))
    finding = child.verify_bytes(signed, anchors=at.anchors)
    made = tuple(each for each in finding.signatures if each.field not in before)
    certificate = hashlib.sha256(credential.chain[0]).hexdigest()
    for each in made:
        _require_valid(each)
    ours = all(each.certificate_sha256 == certificate for each in made)
    if len(made) != wanted or not ours:
        raise SigningRefused("result_not_valid", reason=sentence_of("bad_signature"))
    for problem in finding.problems:
        raise SigningRefused("result_not_valid", reason=sentence_of(problem))
    for each in finding.signatures:
        if each.verdict == Verdict.INVALID:
            raise SigningRefused("broken_before", reason=sentence_of(each.problems[0]))
    return SignedFile(signed, finding, made)


def _require_valid(made: SignatureFinding) -> None:
    known = {
        "revoked": "certificate_revoked",
        "expired": "certificate_expired",
        "untrusted": "certificate_refused",
    }
    for problem in made.problems:
        if problem in known:
            raise SigningRefused(known[problem])
        raise SigningRefused("result_not_valid", reason=sentence_of(problem))
