#!/usr/bin/env python
"""Run a management command of the platform."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Put the two source roots on the path, then let Django take over."""
    sys.path[:0] = [str(ROOT / "platform"), str(ROOT / "plugins")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quytrinh.settings.embedded")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
