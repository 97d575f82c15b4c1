"""Writes of the signing room: preparing, signing, verifying documents; whom to trust.

Signing happens outside any transaction; its result is stored with the rows in one. A request that
comes twice finds what it made the first time.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quytrinh.documents import storage
from quytrinh.documents.actions import ReceivedUpload, attach
from quytrinh.documents.models import Document, DocumentVersion, StoredFile
from quytrinh.organization.directory import directory
from quytrinh.signing import child, core, facts, images
from quytrinh.signing.core import Signatory, SignedFile, Workplace
from quytrinh.signing.exceptions import SigningRefused, TrustServiceSilent
from quytrinh.signing.layout import DEFAULT, layout
from quytrinh.signing.models import SignatureRecord, TrustAnchor, Verification
from quytrinh.signing.placing import Values
from quytrinh.signing.plugins import registry
from quytrinh.signing.trust_services import trust_services
from quytrinh.signing.verdicts import POLICY, DocumentFinding, to_json
from quytrinh.tenancy.context import current_tenant_id
from quytrinh.tenancy.models import Tenant

ORGANISATION = "organisation"
_LARGEST = 100 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Wish:
    """One signature wanted on one document.

    `person` is who signs; for the organisation's signature, who has it made, or nobody. `signer`
    is the person whose name and title stand on the page, if it is someone else.
    """

    request_id: str
    document: UUID
    person: UUID | None = None
    signer: UUID | None = None
    plugin: str = "pkcs12"
    layout: str = DEFAULT


@dataclass(frozen=True, slots=True)
class _Base:
    """The version that is worked on."""

    version: DocumentVersion
    file: StoredFile
    pdf: bytes


def prepare_document(wish: Wish) -> DocumentVersion:
    """Make the places of all later signatures; a number that is known is printed first."""
    base = _base(wish.document)
    values, at = _values(wish), _workplace(wish)
    prepared = core.prepare(base.pdf, at.layout, values)
    if prepared == base.pdf:
        return base.version
    with transaction.atomic():
        return _store(base, prepared, wish.person)


def sign_document(wish: Wish) -> DocumentVersion:
    """Put a person's signature on a document."""
    if wish.person is None:
        raise SigningRefused("no_credential", holder=_("Người ký"))
    return _sign(wish, core.PERSON, f"person:{wish.person}")


def seal_document(wish: Wish, *, mark: str = core.SEAL) -> DocumentVersion:
    """Put the organisation's signature on a document: its seal, or an annex's, copy's, scan's."""
    return _sign(wish, mark, ORGANISATION)


def verify_file(file: StoredFile) -> Verification:
    """Verify the signatures of a file in the child process, and keep what was found."""
    with transaction.atomic():
        anchors = TrustAnchor.objects.certificates()
    path = storage.path_of(file.sha256)
    finding = child.verify(path, anchors=anchors, crls=_known_crls())
    with transaction.atomic():
        return _remember(file, finding)


def _known_crls() -> tuple[bytes, ...]:
    """Return the lists to be had; without them a verdict may be undetermined, never valid."""
    try:
        return trust_services().crls()
    except TrustServiceSilent:
        return ()


def add_trust_anchor(*, certificate: bytes, source: str) -> TrustAnchor:
    """Trust a root, given in DER or PEM; one that is trusted already stays as it is."""
    pem = certificate.lstrip().startswith(b"-----")
    load = x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate
    root = load(certificate)
    der = root.public_bytes(Encoding.DER)
    with transaction.atomic():
        anchor, _created = TrustAnchor.objects.get_or_create(
            sha256=hashlib.sha256(der).hexdigest(),
            defaults={
                "certificate": der,
                "subject": root.subject.rfc4514_string()[:300],
                "not_after": root.not_valid_after_utc,
                "source": source,
            },
        )
    return anchor


def _sign(wish: Wish, mark: str, holder: str) -> DocumentVersion:
    with transaction.atomic():
        made = SignatureRecord.objects.of_request(wish.request_id).first()
        if made is not None:
            return made.version
    base = _base(wish.document)
    values, at = _values(wish), _workplace(wish)
    signatory = _signatory(wish, holder)
    if mark == core.PERSON:
        signed = core.sign(
            base.pdf, request_id=wish.request_id, signatory=signatory, values=values, at=at
        )
    elif mark == core.SEAL:
        signed = core.seal(
            base.pdf, request_id=wish.request_id, signatory=signatory, values=values, at=at
        )
    else:
        signed = core.mark(
            base.pdf, mark, request_id=wish.request_id, signatory=signatory, values=values, at=at
        )
    with transaction.atomic():
        version = _store(base, signed.pdf, wish.person)
        _record(version, wish, mark, holder, base, signed, signatory)
        _remember(version.file, signed.finding)
    return version


def _base(document_id: UUID) -> _Base:
    with transaction.atomic():
        found = DocumentVersion.objects.latest_of([document_id])
    if not found:
        raise SigningRefused("no_document")
    version = found[0]
    return _Base(version, version.file, storage.path_of(version.file.sha256).read_bytes())


def _values(wish: Wish) -> Values:
    """Gather what stands on the page: names, the number as far as it is known, images."""
    signer = wish.signer or wish.person
    with transaction.atomic():
        tenant = Tenant.objects.get(pk=current_tenant_id())
        people = directory(tenant.organization_version)
        known = facts.of_document(wish.document)
    person = f"person:{signer}" if signer else ""
    return Values(
        title=people.position_name_of(signer).upper() if signer else "",
        name=people.name_of(signer),
        organisation=tenant.name,
        number=known.number,
        notation=known.notation,
        day=f"{known.dated.day:02}" if known.dated else "",
        month=f"{known.dated.month:02}" if known.dated else "",
        year=str(known.dated.year) if known.dated else "",
        images={
            "person": images.image_of(tenant.slug, person) if person else b"",
            "seal": images.image_of(tenant.slug, ORGANISATION),
        },
    )


def _workplace(wish: Wish) -> Workplace:
    with transaction.atomic():
        anchors = TrustAnchor.objects.certificates()
    return Workplace(trust_services(), anchors, layout(wish.layout))


def _signatory(wish: Wish, holder: str) -> Signatory:
    if wish.plugin not in registry():
        raise SigningRefused("unknown_plugin", name=wish.plugin)
    plugin = registry().get(wish.plugin)
    with transaction.atomic():
        tenant = Tenant.objects.get(pk=current_tenant_id())
        people = directory(tenant.organization_version)
    credentials = plugin.credentials(tenant.slug, holder)
    if not credentials:
        name = tenant.name if holder == ORGANISATION else people.name_of(wish.person)
        raise SigningRefused("no_credential", holder=name)
    return Signatory(plugin, credentials[0], tenant.slug)


def _store(base: _Base, pdf: bytes, actor: UUID | None) -> DocumentVersion:
    """Keep the bytes, then make them the next version, unless another came in between."""
    with storage.incoming([pdf], limit=_LARGEST) as blob:
        storage.keep(blob)
    document = Document.objects.select_for_update().get(pk=base.version.document_id)
    number = DocumentVersion.objects.next_number(document.pk)
    if number != base.version.number + 1:
        raise SigningRefused("changed_meanwhile")
    upload = ReceivedUpload(
        sha256=blob.sha256,
        size=blob.size,
        pages=base.file.pages,
        name=base.file.original_name,
        actor=actor or base.version.created_by,
    )
    attach(
        upload=upload,
        slot=document.kind,
        replaces=document.pk,
        owner=document.owner_id,
        actor=upload.actor,
    )
    return DocumentVersion.objects.latest_of([document.pk])[0]


def _record(
    version: DocumentVersion,
    wish: Wish,
    mark: str,
    holder: str,
    base: _Base,
    signed: SignedFile,
    signatory: Signatory,
) -> None:
    for made in signed.made:
        SignatureRecord(
            version=version,
            request_id=wish.request_id,
            mark=mark,
            field=made.field,
            holder=holder,
            plugin=wish.plugin,
            actor=wish.person,
            signer=made.signer[:200],
            organisation=made.organisation[:200],
            certificate=signatory.credential.chain[0],
            serial=made.serial,
            level=made.level,
            stamped_at=datetime.fromisoformat(made.stamped_at),
            sha256_before=base.file.sha256,
            sha256_after=version.file.sha256,
        ).save(force_insert=True)


def _remember(file: StoredFile, finding: DocumentFinding) -> Verification:
    verification = Verification(
        file=file,
        verdict=finding.verdict.value,
        policy=POLICY,
        finding=to_json(finding),
        checked_at=timezone.now(),
    )
    verification.save(force_insert=True)
    return verification
