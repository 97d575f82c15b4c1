"""Agencies one writes to, messages in and out, what became of them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from quytrinh.documents.models import StoredFile
from quytrinh.exchange.choices import (
    CodeScheme,
    Direction,
    MessageKind,
    Origin,
    TransportState,
)
from quytrinh.exchange.querysets import (
    AgencyCodeQuerySet,
    ExchangeAlarmQuerySet,
    ExchangeMessageQuerySet,
)
from quytrinh.tenancy.models import Tenant, TenantModel
from quytrinh.tenancy.querysets import TenantManager


class Mailbox(models.Model):
    """A code that an agency of this platform receives under: all that the router may know of it."""

    code = models.CharField(max_length=64, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")


class Partner(TenantModel):
    """An agency in the address book of the agency at work; one of them is itself."""

    name = models.CharField(max_length=300)
    is_self = models.BooleanField(default=False)
    plugin = models.CharField(max_length=64, default="local")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant"], condition=models.Q(is_self=True), name="partner_self_once"
            )
        ]

    def __str__(self) -> str:
        return self.name


class AgencyCode(TenantModel):
    """A code (mã định danh) of an agency, of any scheme and age: they live side by side."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="codes")
    scheme = models.CharField(max_length=10, choices=CodeScheme.choices)
    value = models.CharField(max_length=64)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    objects = TenantManager.from_queryset(AgencyCodeQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "value"], name="agency_code_once")]


class ExcludedMark(TenantModel):
    """A mark whose documents the agency keeps out, or its own article for a level of secrecy."""

    mark = models.CharField(max_length=100)
    article = models.CharField(max_length=300)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "mark"], name="excluded_mark_once")
        ]


class ExchangeMessage(TenantModel):
    """One document message, to one receiver or from one sender.

    `identity` names what may come or go once only; `content_sha` is what it said, so that the
    same id with other content is noticed. `transport_state` is the axis's, `business_status` the
    receiver's: neither follows from the other.
    """

    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=10, choices=MessageKind.choices)
    plugin = models.CharField(max_length=64)
    parcel_id = models.CharField(max_length=64)
    identity = models.CharField(max_length=64)
    content_sha = models.CharField(max_length=64, blank=True)
    partner = models.ForeignKey(
        Partner, null=True, on_delete=models.PROTECT, related_name="messages", db_index=False
    )
    sender_code = models.CharField(max_length=300)
    receiver_code = models.CharField(max_length=300)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.KNOWN)
    document_id = models.TextField()
    number = models.TextField(blank=True)
    notation = models.TextField(blank=True)
    subject = models.TextField(blank=True)
    promulgated_on = models.DateField(null=True)
    header = models.JSONField(default=dict)
    warnings = models.JSONField(default=list)
    envelope = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case_id = models.UUIDField(null=True)
    concerns = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="spoken_of_by"
    )
    # The kind of the message that recalled, updated or replaced this document.
    overtaken_by = models.CharField(max_length=10, choices=MessageKind.choices, blank=True)
    transport_state = models.CharField(max_length=10, choices=TransportState.choices)
    transport_error = models.CharField(max_length=300, blank=True)
    business_status = models.CharField(max_length=2, blank=True)
    actor = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = TenantManager.from_queryset(ExchangeMessageQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "direction", "identity"], name="exchange_message_once"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "case_id"], name="exchange_by_case"),
            models.Index(fields=["tenant", "parcel_id"], name="exchange_by_parcel"),
            models.Index(fields=["tenant", "partner", "created_at"], name="exchange_by_partner"),
        ]


class ExchangeAttachment(TenantModel):
    """A file of a message; without `file` its bytes could not be had, and `fault` says why."""

    # Indexed behind the agency, below.
    message = models.ForeignKey(
        ExchangeMessage, on_delete=models.CASCADE, related_name="attachments", db_index=False
    )
    place = models.PositiveSmallIntegerField()
    file = models.ForeignKey(
        StoredFile, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.TextField()
    media_type = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    fault = models.CharField(max_length=300, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "message", "place"], name="exchange_attachment_place"
            )
        ]


class ExchangeAlarm(TenantModel):
    """Something of the exchange that a clerk must look at, until one has."""

    code = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    message = models.ForeignKey(
        ExchangeMessage, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    raised_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.UUIDField(null=True)

    objects = TenantManager.from_queryset(ExchangeAlarmQuerySet)()

    class Meta(TenantModel.Meta):
        indexes = [
            models.Index(fields=["tenant", "raised_at"], name="exchange_alarms"),
        ]


class ExchangeStatus(TenantModel):
    """One business status of a message, given once and never changed."""

    # Indexed behind the agency, below.
    message = models.ForeignKey(
        ExchangeMessage, on_delete=models.PROTECT, related_name="statuses", db_index=False
    )
    code = models.CharField(max_length=2)
    description = models.TextField(blank=True)
    staff = models.TextField(blank=True)
    # Told by us to the other side; otherwise the other side told us.
    is_ours = models.BooleanField()
    actor = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "message", "code"], name="exchange_status_once"
            )
        ]
