"""What the walls between agencies say when something runs into them."""

from __future__ import annotations


class TenancyError(Exception):
    """A query or a write does not belong to the agency at work."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class TenantContextMissing(TenancyError):
    """No agency is at work here; wrap the code in tenant_context(tenant_id)."""


class NotInTransaction(TenancyError):
    """A tenant table is used outside transaction.atomic(); open one around the whole unit."""


class ForeignTenant(TenancyError):
    """The row belongs to another agency than the one at work."""
