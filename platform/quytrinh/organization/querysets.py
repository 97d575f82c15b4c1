"""Reading the organization's rows as the pure views a directory is built from."""

from __future__ import annotations

from datetime import date
from typing import Self
from uuid import UUID

from django.db.models import Q

from quytrinh.organization.snapshot import (
    AbsenceView,
    DelegationView,
    GrantView,
    PersonView,
    PositionView,
    PostView,
    UnitView,
)
from quytrinh.tenancy.querysets import TenantQuerySet


class UnitQuerySet(TenantQuerySet):
    """Units of the agency at work."""

    def views(self) -> list[UnitView]:
        """Return the units in the order of the agency's list."""
        rows = self.order_by("order", "key").values_list("key", "name", "parent__key", "order")
        return [UnitView(*row) for row in rows]


class PositionQuerySet(TenantQuerySet):
    """Positions of the agency at work."""

    def views(self) -> list[PositionView]:
        """Return the positions in the order of the agency's list."""
        rows = self.order_by("order", "key").values_list("key", "name", "order")
        return [PositionView(*row) for row in rows]


class PersonQuerySet(TenantQuerySet):
    """People of the agency at work."""

    def views(self) -> list[PersonView]:
        """Return the people in the order of the agency's list, without posts and roles yet."""
        rows = self.order_by("order", "staff_code").values_list(
            "id", "full_name", "staff_code", "user_id"
        )
        return [PersonView(*row) for row in rows]


class PostQuerySet(TenantQuerySet):
    """Posts held in the agency at work, at any time."""

    def views(self) -> list[PostView]:
        """Return the posts, the main one of each person first."""
        rows = self.order_by("order", "id").values_list(
            "person_id", "unit__key", "position__key", "is_head", "since", "until", "fields"
        )
        return [
            PostView(person, unit, position, is_head, since, until, tuple(fields))
            for person, unit, position, is_head, since, until, fields in rows
        ]


class RoleGrantQuerySet(TenantQuerySet):
    """Roles given in the agency at work."""

    def views(self) -> list[GrantView]:
        """Return the grants."""
        rows = self.order_by("role", "id").values_list(
            "role", "person_id", "position__key", "unit__key"
        )
        return [GrantView(*row) for row in rows]


class AbsenceQuerySet(TenantQuerySet):
    """Who is away, at any time."""

    def ahead(self, day: date) -> Self:
        """Those that are not over, soonest first."""
        return self.filter(until__gte=day).order_by("since", "id")

    def of(self, person: UUID) -> Self:
        """Those of one person, and those in which this person stands in."""
        return self.filter(Q(person=person) | Q(substitute=person))

    def views(self, day: date) -> list[AbsenceView]:
        """Return those away on a day."""
        rows = self.filter(since__lte=day, until__gte=day).order_by("since", "id")
        return [
            AbsenceView(*row)
            for row in rows.values_list("person_id", "since", "until", "substitute_id")
        ]


class DelegationQuerySet(TenantQuerySet):
    """Who may act for whom, at any time."""

    def ahead(self, day: date) -> Self:
        """Those that are not over, soonest first."""
        return self.filter(until__gte=day).order_by("since", "id")

    def of(self, person: UUID) -> Self:
        """Those that one person gave or received."""
        return self.filter(Q(giver=person) | Q(receiver=person))

    def views(self, day: date) -> list[DelegationView]:
        """Return what is in force on a day."""
        rows = self.filter(since__lte=day, until__gte=day).order_by("since", "id")
        return [
            DelegationView(giver, receiver, tuple(scope))
            for giver, receiver, scope in rows.values_list("giver_id", "receiver_id", "scope")
        ]
