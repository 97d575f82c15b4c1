"""`manage.py demo_keys`: keys and images for everyone in a demonstration. May be repeated."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from quytrinh.organization.directory import directory
from quytrinh.signing import demo
from quytrinh.tenancy.context import tenant_context
from quytrinh.tenancy.models import Tenant


class Command(BaseCommand):
    """Killed at any moment, the next run makes the keys that are missing."""

    help = "Tạo khóa và chứng thư số trình diễn cho các cơ quan mẫu (chỉ trong chế độ demo)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Equip every agency."""
        if not settings.DEMO:
            raise CommandError(_("Chỉ dùng trong chế độ demo: QUYTRINH_DEMO=1."))
        for tenant in Tenant.objects.order_by("pk"):
            with tenant_context(tenant.pk):
                with transaction.atomic():
                    people = directory(tenant.organization_version).people
                names = {person.id: person.full_name for person in people.values()}
                demo.equip(tenant, names)
            self.stdout.write(
                _("%(agency)s: %(count)s người có chứng thư số")
                % {"agency": tenant.name, "count": len(names)}
            )
