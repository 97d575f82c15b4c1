"""Whom an agency trusts, what was signed with what, and what verifications found."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from quytrinh.documents.models import DocumentVersion, StoredFile
from quytrinh.signing.querysets import (
    SignatureRecordQuerySet,
    TrustAnchorQuerySet,
    VerificationQuerySet,
)
from quytrinh.signing.verdicts import DocumentFinding, Verdict, from_json
from quytrinh.tenancy.models import TenantModel
from quytrinh.tenancy.querysets import TenantManager


class TrustAnchor(TenantModel):
    """A root certificate whose signatures the agency accepts; nobody else's are."""

    sha256 = models.CharField(max_length=64)
    certificate = models.BinaryField()
    subject = models.CharField(max_length=300)
    not_after = models.DateTimeField()
    source = models.CharField(max_length=200)
    added_at = models.DateTimeField(default=timezone.now)

    objects = TenantManager.from_queryset(TrustAnchorQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sha256"], name="trust_anchor_once")
        ]


class SignatureRecord(TenantModel):
    """One signature made here: the evidence that Thông tư 41/2017, Điều 9 asks to keep.

    The certificate, the time stamp and the state of the certificates at that time are in the
    signed file itself; this row finds them. `request_id` makes a repeated request harmless.
    """

    # Indexed behind the agency, by the constraint or the index below.
    version = models.ForeignKey(
        DocumentVersion, on_delete=models.PROTECT, related_name="signatures", db_index=False
    )
    request_id = models.CharField(max_length=100)
    mark = models.CharField(max_length=20)
    field = models.CharField(max_length=60)
    holder = models.CharField(max_length=60)
    plugin = models.CharField(max_length=40)
    actor = models.UUIDField(null=True)
    signer = models.CharField(max_length=200)
    organisation = models.CharField(max_length=200)
    certificate = models.BinaryField()
    serial = models.CharField(max_length=64)
    level = models.CharField(max_length=10)
    stamped_at = models.DateTimeField()
    sha256_before = models.CharField(max_length=64)
    sha256_after = models.CharField(max_length=64)

    objects = TenantManager.from_queryset(SignatureRecordQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "request_id", "field"], name="signature_once")
        ]
        indexes = [models.Index(fields=["tenant", "version"], name="signature_version")]


class Verification(TenantModel):
    """What one verification of one file found; `policy` says by which rules."""

    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="verifications", db_index=False
    )
    verdict = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in Verdict]
    )
    policy = models.PositiveSmallIntegerField()
    finding = models.TextField()
    checked_at = models.DateTimeField(default=timezone.now)

    objects = TenantManager.from_queryset(VerificationQuerySet)()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "file", "-checked_at"], name="verification_latest")
        ]

    @property
    def found(self) -> DocumentFinding:
        """The finding as data."""
        return from_json(self.finding)
