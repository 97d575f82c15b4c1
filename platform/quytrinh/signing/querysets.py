"""Reads of the signing room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from quytrinh.tenancy.querysets import TenantQuerySet

if TYPE_CHECKING:
    from quytrinh.signing.models import Verification


class TrustAnchorQuerySet(TenantQuerySet):
    """Roots that the agency at work trusts."""

    def certificates(self) -> tuple[bytes, ...]:
        """Return them in DER."""
        found = self.order_by("added_at", "pk").values_list("certificate", flat=True)
        return tuple(bytes(each) for each in found)


class SignatureRecordQuerySet(TenantQuerySet):
    """Signatures made here."""

    def of_request(self, request_id: str) -> SignatureRecordQuerySet:
        """Return what a request has made already."""
        return self.filter(request_id=request_id)


class VerificationQuerySet(TenantQuerySet):
    """What verifications found."""

    def latest_of(self, file_ids: Iterable[UUID]) -> dict[UUID, Verification]:
        """Return the newest verification of each file that has one, in one query."""
        newest: dict[UUID, Any] = {}
        for each in self.filter(file__in=list(file_ids)).order_by("checked_at", "pk"):
            newest[each.file_id] = each
        return newest
