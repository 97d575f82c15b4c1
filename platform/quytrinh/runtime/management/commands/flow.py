"""`manage.py flow check`: are these procedures, forms and manifests fit to be used?"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from quytrinh.compiler.files import check_paths
from quytrinh.language.diagnostics import Diagnostic
from quytrinh.runtime.plugins import registry

USAGE_ERROR = 2


class Command(BaseCommand):
    """Checks YAML files. Exit 0: nothing wrong; 1: errors found; 2: wrong usage."""

    help = "Kiểm tra quy trình, biểu mẫu và tờ khai cơ quan (YAML)."
    # A text is checked by itself: neither the database nor other system checks matter.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare `check PATH… --format text|json`."""
        commands = parser.add_subparsers(dest="command", required=True, parser_class=ArgumentParser)
        check = commands.add_parser("check", help="Kiểm tra tệp hoặc thư mục")
        check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        check.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is wrong and exit accordingly."""
        missing = [path for path in options["paths"] if not path.exists()]
        if missing:
            raise CommandError(f"Không có tệp hoặc thư mục {missing[0]}", returncode=USAGE_ERROR)
        diagnostics = check_paths(options["paths"], registry())
        self._print(diagnostics, options["format"])
        if any(diagnostic.is_error for diagnostic in diagnostics):
            sys.exit(1)

    def _print(self, diagnostics: list[Diagnostic], style: str) -> None:
        if style == "json":
            found = [diagnostic.as_json() for diagnostic in diagnostics]
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for diagnostic in diagnostics:
            self.stdout.write(diagnostic.as_text())
