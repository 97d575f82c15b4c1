"""Bring the installation up to date: tables, static files, demo agencies, demo keys.

Run by `make run` before the server. Every part may be repeated and may be cut short: what is done
is found done, what is missing is added.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "platform"), str(ROOT / "plugins")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quytrinh.settings.embedded")


def main() -> None:
    """Run the parts in order, one line each."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    started = time.monotonic()
    django.setup()
    print("→ Chuẩn bị cơ sở dữ liệu / preparing the database", flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    print("→ Gom tệp tĩnh / collecting static files", flush=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    if settings.DEMO:
        print("→ Nạp các cơ quan mẫu / loading the demo agencies", flush=True)
        call_command("demo")
        print("→ Tạo chứng thư số trình diễn / making demonstration keys", flush=True)
        call_command("demo_keys")
    seconds = round(time.monotonic() - started, 1)
    print(f"→ Sẵn sàng sau {seconds} giây / ready in {seconds} s", flush=True)


if __name__ == "__main__":
    main()
