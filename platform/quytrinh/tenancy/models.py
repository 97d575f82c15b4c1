"""Agencies and their users (shared tables), and the base of every tenant table."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models, router

from quytrinh.tenancy.ids import uuid7
from quytrinh.tenancy.querysets import (
    TenantManager,
    claim_for_current_tenant,
    require_transaction,
)


class Tenant(models.Model):
    """An agency on the platform. `id` is local: never exported, never hashed."""

    slug = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=300)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    # Another with each change of units, posts or roles, so that a kept directory is never stale.
    organization_version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class TenantClosure(models.Model):
    """Every ancestor of every agency, itself included: the tree of any depth as pairs."""

    ancestor = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")
    descendant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ancestor", "descendant"], name="closure_once")
        ]


class TenantHost(models.Model):
    """A host name and the root of the agencies it serves (Quảng Bình 2024, Điều 8.2-8.3)."""

    host = models.CharField(max_length=253, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="hosts")


class User(AbstractUser):
    """One who can log in; what they may do in an agency hangs on their person there."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)


class Membership(models.Model):
    """A user may work for an agency."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "tenant"], name="member_once")]


class TenantModel(models.Model):
    """A row of one agency. Subclass Meta must inherit TenantModel.Meta."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="+", db_index=False, editable=False
    )

    objects = TenantManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, **kwargs: Any) -> None:
        """Save for the agency at work, in a transaction."""
        require_transaction(kwargs.get("using") or router.db_for_write(type(self), instance=self))
        claim_for_current_tenant(self)
        super().save(**kwargs)

    def delete(self, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete for the agency at work, in a transaction."""
        require_transaction(kwargs.get("using") or router.db_for_write(type(self), instance=self))
        claim_for_current_tenant(self)
        return super().delete(**kwargs)
