"""The first wall: managers that refuse a query without an agency, on every database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connections, models
from django.db.models import sql

from quytrinh.tenancy.context import current_tenant_id
from quytrinh.tenancy.exceptions import ForeignTenant, NotInTransaction


def require_transaction(using: str) -> None:
    """Raise NotInTransaction unless a transaction is open on this database."""
    if not connections[using].in_atomic_block:
        raise NotInTransaction


class TenantQuery(sql.Query):
    """Asks again when it is run: a lazy queryset may outlive the block that made it."""

    # The agency whose rows it finds; None for a part of another query.
    tenant_id: int | None = None

    def require_own_agency(self, using: str) -> None:
        """Raise unless the agency it was made for is at work, in a transaction."""
        at_work = current_tenant_id()
        if self.tenant_id not in (None, at_work):
            raise ForeignTenant
        require_transaction(using)

    def get_compiler(
        self, using: str | None = None, connection: Any = None, elide_empty: bool = True
    ) -> Any:
        """Check the agency and the transaction, then compile as usual."""
        self.require_own_agency(using or connection.alias)
        return super().get_compiler(using, connection, elide_empty)


class TenantQuerySet(models.QuerySet):
    """Rows of the agency at work, read and written inside a transaction."""

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Create rows of the agency at work."""
        require_transaction(self.db)
        rows = list(objs)
        for row in rows:
            claim_for_current_tenant(row)
        return super().bulk_create(rows, *args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Update rows of the agency at work."""
        self.query.require_own_agency(self.db)
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows of the agency at work."""
        self.query.require_own_agency(self.db)
        return super().delete()


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """The only way to the rows of a tenant table."""

    def get_queryset(self) -> TenantQuerySet:
        """Return the rows of the agency at work; raise TenantContextMissing without one."""
        query = TenantQuery(self.model)
        query.tenant_id = current_tenant_id()
        queryset = self._queryset_class(model=self.model, query=query, using=self._db)
        return queryset.filter(tenant_id=query.tenant_id)


def claim_for_current_tenant(row: Any) -> None:
    """Give a new row to the agency at work; raise ForeignTenant for a row of another."""
    tenant_id = current_tenant_id()
    if row.tenant_id is None:
        row.tenant_id = tenant_id
    if row.tenant_id != tenant_id:
        raise ForeignTenant
