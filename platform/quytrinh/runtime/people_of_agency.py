"""Who holds the roles and positions of the agency at work, as the checks of a procedure ask."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from quytrinh.organization.directory import directory
from quytrinh.organization.keys import position_key, role_key
from quytrinh.organization.snapshot import Directory
from quytrinh.tenancy.context import current_tenant_id
from quytrinh.tenancy.models import Tenant


@dataclass(frozen=True)
class PeopleOfAgency:
    """Appointments, whether their holders are there today or not."""

    name: str
    directory: Directory

    @classmethod
    def at_work(cls) -> PeopleOfAgency:
        """Return the people of the agency at work."""
        tenant = Tenant.objects.get(pk=current_tenant_id())
        return cls(tenant.name, directory())

    def with_role(self, key: str) -> tuple[UUID, ...]:
        """Everyone who has a role, in whatever unit."""
        return self._anywhere(role_key(key))

    def in_position(self, key: str) -> tuple[UUID, ...]:
        """Everyone who holds a position, in whatever unit."""
        return self._anywhere(position_key(key))

    def _anywhere(self, key: str) -> tuple[UUID, ...]:
        within = (f"{key}@{unit}" for unit in self.directory.units)
        found = (holder for each in (key, *within) for holder in self.directory.holders(each))
        return tuple(dict.fromkeys(found))
