"""Documents, their versions, and the files behind them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from quytrinh.documents.choices import Book, EntryState
from quytrinh.documents.querysets import DocumentVersionQuerySet, RegisterEntryQuerySet
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
    """One document of a case; `owner_id` is the case, `kind` the slot that it fills.

    What it says of itself: of an incoming document the sender's number, of an outgoing one ours.
    `number` and `notation` are its parts (866, QĐ-UBND), `code` the whole as it is written.
    """

    owner_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    type = models.CharField(max_length=10, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    urgency = models.CharField(max_length=16, blank=True)
    sender = models.CharField(max_length=300, blank=True)
    number = models.CharField(max_length=20, blank=True)
    notation = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=100, blank=True)
    date = models.DateField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "owner_id"], name="document_owner")]

    @property
    def facts(self) -> dict[str, Any]:
        """What expressions may know of the document: `docs.<slot>.<name>`; blanks are absent."""
        names = ("type", "subject", "urgency", "sender", "number", "notation", "code", "date")
        told = {name: getattr(self, name) for name in names}
        return {"id": str(self.pk), **{name: value for name, value in told.items() if value}}


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


class Register(TenantModel):
    """A book of the agency in which documents are entered; its numbers begin anew each year.

    `pattern` says how the number of an outgoing document is written, `pattern_untyped` how that
    of an official letter is, which has no abbreviation of its type.
    """

    key = models.CharField(max_length=64)
    name = models.CharField(max_length=300)
    book = models.CharField(max_length=8, choices=Book.choices)
    pattern = models.CharField(max_length=100, blank=True)
    pattern_untyped = models.CharField(max_length=100, blank=True)
    agency_symbol = models.CharField(max_length=30, blank=True)
    unit_symbols = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="register_key")]

    def __str__(self) -> str:
        return self.name


class NumberSeries(TenantModel):
    """The numbers of one register in one year; `last` moves under its row's lock, by one."""

    register = models.ForeignKey(
        Register, on_delete=models.PROTECT, related_name="series", db_index=False
    )
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "register", "year"], name="series_of_year")
        ]


class RegisterEntry(TenantModel):
    """One line of a register. A number is never used again and never removed (facts §2.5)."""

    series = models.ForeignKey(
        NumberSeries, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=EntryState.choices)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    case_id = models.UUIDField()
    # The day of the document (outgoing) or of its arrival (incoming).
    date = models.DateField()
    code = models.CharField(max_length=100, blank=True)
    document_date = models.DateField(null=True)
    type = models.CharField(max_length=10, blank=True)
    subject = models.CharField(max_length=1000, blank=True)
    urgency = models.CharField(max_length=16, blank=True)
    sender = models.CharField(max_length=300, blank=True)
    recipients = models.CharField(max_length=2000, blank=True)
    signer = models.CharField(max_length=300, blank=True)
    created_by = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    issued_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=1000, blank=True)
    void_by = models.UUIDField(null=True)
    void_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(RegisterEntryQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "series", "number"], name="number_once"),
            models.UniqueConstraint(
                fields=["tenant", "document"],
                condition=~models.Q(state="void"),
                name="one_number_a_document",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "case_id"], name="entries_of_case")]
