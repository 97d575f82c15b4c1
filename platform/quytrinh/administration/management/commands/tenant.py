"""`manage.py tenant apply FOLDER…` and `tenant export SLUG FOLDER`: agencies from and to files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from quytrinh.administration.actions import Applied, apply_manifest
from quytrinh.administration.calendars import apply_shipped_holidays
from quytrinh.administration.exceptions import ManifestError
from quytrinh.administration.exporting import export_agency
from quytrinh.administration.library import load_library
from quytrinh.administration.manifests import parents_first, read_agency


class Command(BaseCommand):
    """Adds what is missing; never overwrites a draft or a version. Ends with 1 on any finding."""

    help = "Nạp cơ quan từ thư mục khai báo (tenants/<mã>/), hoặc xuất ra thư mục như thế."

    def add_arguments(self, parser: CommandParser) -> None:
        """Two verbs: apply, export."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verb = verbs.add_parser("apply", help="Bổ sung những gì còn thiếu.")
        verb.add_argument("folders", nargs="+", type=Path, metavar="THƯ_MỤC")
        verb.add_argument("--dry-run", action="store_true", help="Chỉ xem trước, không ghi.")
        verb = verbs.add_parser("export", help="Ghi cơ quan ra thư mục, để nạp lại ở nơi khác.")
        verb.add_argument("slug", metavar="MÃ")
        verb.add_argument("folder", type=Path, metavar="THƯ_MỤC")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the verbs."""
        try:
            if options["verb"] == "export":
                self._export(options["slug"], options["folder"])
            else:
                self._apply(options["folders"], preview=options["dry_run"])
        except ManifestError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _apply(self, folders: list[Path], *, preview: bool) -> None:
        """Apply folder after folder, parents first."""
        if not preview:
            apply_shipped_holidays()
            load_library(root=settings.ROOT)
        for files in parents_first(read_agency(folder) for folder in folders):
            self.stdout.write(told(apply_manifest(files=files, preview=preview)))

    def _export(self, slug: str, folder: Path) -> None:
        for name in export_agency(slug=slug, folder=folder):
            self.stdout.write(str(folder / name))


def told(applied: Applied) -> str:
    """Say in one line what was added."""
    if not applied:
        return _("%s: không có gì mới.") % applied.slug
    parts = [_("cơ quan mới")] if applied.is_new else []
    if applied.people:
        parts.append(
            _("thêm %(units)d đơn vị, %(positions)d chức vụ, %(people)d người")
            % {
                "units": applied.people.units,
                "positions": applied.people.positions,
                "people": applied.people.people,
            }
        )
    if applied.registers:
        parts.append(_("mở sổ: %s") % ", ".join(applied.registers))
    if applied.calendars:
        parts.append(_("lịch làm việc"))
    if applied.forms:
        parts.append(_("biểu mẫu: %s") % ", ".join(applied.forms))
    if applied.drafts:
        parts.append(_("bản nháp quy trình: %s") % ", ".join(applied.drafts))
    return f"{applied.slug}: " + "; ".join(parts) + "."
