"""Documents, their versions, and the files behind them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from quytrinh.documents.querysets import DocumentVersionQuerySet
from quytrinh.tenancy.models import TenantModel
from quytrinh.tenancy.querysets import TenantManager


class StoredFile(TenantModel):
    """The bytes of one upload, found by their digest; the row and the bytes never change."""

    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    original_name = models.CharField(max_length=200)
    pages = models.PositiveIntegerField()
    created_by = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.original_name


class Document(TenantModel):
    """One document of a case; `owner_id` is the case, `kind` the slot that it fills."""

    owner_id = models.UUIDField()
    kind = models.CharField(max_length=40)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "owner_id"], name="document_owner")]


class DocumentVersion(TenantModel):
    """One wording of a document. Earlier ones stay."""

    # Indexed behind the agency, below.
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    number = models.PositiveIntegerField()
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="versions", db_index=False
    )
    created_by = models.UUIDField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = TenantManager.from_queryset(DocumentVersionQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "document", "number"], name="version_number_once"
            )
        ]
        indexes = [models.Index(fields=["tenant", "file"], name="version_file")]
