"""Units, positions, people, posts and roles of an agency. Changed through actions.py only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from quytrinh.organization.querysets import (
    AbsenceQuerySet,
    DelegationQuerySet,
    PersonQuerySet,
    PositionQuerySet,
    PostQuerySet,
    RoleGrantQuerySet,
    UnitQuerySet,
)
from quytrinh.tenancy.models import TenantModel, User
from quytrinh.tenancy.querysets import TenantManager


class Unit(TenantModel):
    """A division of the agency; `key` is what flows and manifests call it."""

    key = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    order = models.PositiveIntegerField(default=0)

    objects = TenantManager.from_queryset(UnitQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="unit_key_once")]


class Position(TenantModel):
    """A position (chức vụ) that people of the agency may hold."""

    key = models.CharField(max_length=64)
    name = models.CharField(max_length=200)
    order = models.PositiveIntegerField(default=0)

    objects = TenantManager.from_queryset(PositionQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "key"], name="position_key_once")]


class Person(TenantModel):
    """Someone who works in the agency; the user is how they log in, if they do."""

    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    full_name = models.CharField(max_length=200)
    staff_code = models.CharField(max_length=64)
    order = models.PositiveIntegerField(default=0)

    objects = TenantManager.from_queryset(PersonQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "staff_code"], name="person_code_once"),
            models.UniqueConstraint(fields=["tenant", "user"], name="person_user_once"),
        ]


class Post(TenantModel):
    """A person holds a position in a unit between two dates; their first post is the main one."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="posts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts")
    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="posts")
    is_head = models.BooleanField(default=False)
    # Fields of work the holder is in charge of (lĩnh vực phụ trách).
    fields = models.JSONField(default=list)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    order = models.PositiveIntegerField(default=0)

    objects = TenantManager.from_queryset(PostQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=models.F("since")),
                name="post_ends_after_it_begins",
            )
        ]


class RoleGrant(TenantModel):
    """A role given to a person, or to whoever holds a position; perhaps only for one unit."""

    role = models.CharField(max_length=64)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="grants")
    position = models.ForeignKey(Position, null=True, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, null=True, on_delete=models.CASCADE, related_name="+")

    objects = TenantManager.from_queryset(RoleGrantQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, position__isnull=False)
                | Q(person__isnull=False, position=None),
                name="role_given_to_one",
            )
        ]


class Absence(TenantModel):
    """A person is away from one day to another, both included; perhaps somebody stands in."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    substitute = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")

    objects = TenantManager.from_queryset(AbsenceQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")), name="absence_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(substitute=None) | ~Q(substitute=models.F("person")),
                name="absence_covered_by_another",
            ),
        ]


class Delegation(TenantModel):
    """A person lets another act for them for a time, in everything or in some posts and roles.

    Limited in time, and never passed on (Nghị định 30/2020, Điều 13).
    """

    giver = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    receiver = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateField()
    until = models.DateField()
    # Holder keys of roles and positions (`role:van-thu`); none = everything.
    scope = models.JSONField(default=list)
    # The document by which it was given.
    basis = models.CharField(max_length=300, blank=True)

    objects = TenantManager.from_queryset(DelegationQuerySet)()

    class Meta(TenantModel.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=models.F("since")), name="delegation_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=~Q(giver=models.F("receiver")), name="delegation_to_another"
            ),
        ]
