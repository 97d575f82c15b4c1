"""`manage.py demo`: the demo agencies, complete. May be repeated, and may be cut short."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from quytrinh.administration.actions import apply_manifest, make_demo_usable
from quytrinh.administration.calendars import apply_shipped_holidays
from quytrinh.administration.exceptions import ManifestError
from quytrinh.administration.library import load_library
from quytrinh.administration.management.commands.tenant import told
from quytrinh.administration.manifests import (
    TENANT_FILE,
    AgencyFiles,
    parents_first,
    read_agency,
)


class Command(BaseCommand):
    """Each agency is one transaction: killed at any moment, the next run adds what is missing."""

    help = "Nạp các cơ quan mẫu, người dùng mẫu và ban hành quy trình mẫu (chỉ trong chế độ demo)."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder of the agencies, the shipped one by default."""
        parser.add_argument("--tenants", type=Path, default=settings.ROOT / "tenants")

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply every agency that declares itself a demo."""
        if not settings.DEMO:
            raise CommandError(_("Chỉ dùng trong chế độ demo: QUYTRINH_DEMO=1."))
        apply_shipped_holidays()
        load_library(root=settings.ROOT)
        try:
            for files in parents_first(_demo_agencies(options["tenants"])):
                applied = apply_manifest(files=files)
                make_demo_usable(files=files)
                self.stdout.write(told(applied))
        except ManifestError as refusal:
            raise CommandError(str(refusal)) from refusal


def _demo_agencies(folder: Path) -> list[AgencyFiles]:
    folders = sorted(file.parent for file in folder.glob(f"*/{TENANT_FILE}"))
    return [files for files in map(read_agency, folders) if files.tenant.demo]
