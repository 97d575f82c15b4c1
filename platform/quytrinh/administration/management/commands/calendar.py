"""`manage.py calendar apply [FILE…]`: public holidays, shipped or newly announced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from quytrinh.administration.calendars import apply_national_calendar
from quytrinh.deadlines.files import shipped_years
from quytrinh.language.calendar_files import NationalYear, check_calendar_file


class Command(BaseCommand):
    """Compares with what is known; open deadlines are counted anew in the background."""

    help = "Nạp ngày nghỉ lễ, tết: của bản cài đặt này, hoặc từ tệp thông báo mới."

    def add_arguments(self, parser: CommandParser) -> None:
        """One verb so far: apply."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        verb = verbs.add_parser("apply", help="Nạp những gì đã đổi.")
        verb.add_argument("files", nargs="*", type=Path, metavar="TỆP")

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply the files named, or those that ship."""
        files = options["files"]
        years = [_read(path) for path in files] if files else shipped_years()
        announcements = apply_national_calendar(years=years)
        if not announcements:
            self.stdout.write(_("Lịch cả nước: không có gì mới."))
            return
        told = ", ".join(each or _("dự kiến") for each in announcements)
        self.stdout.write(_("Lịch cả nước đã đổi theo: %s.") % told)


def _read(path: Path) -> NationalYear:
    result = check_calendar_file(path.read_bytes(), str(path))
    if not isinstance(result.found, NationalYear):
        found = [each.as_text() for each in result.diagnostics]
        raise CommandError("\n".join(found) or _("%s không phải lịch cả nước.") % path)
    return result.found
