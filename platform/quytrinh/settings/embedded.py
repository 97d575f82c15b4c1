"""One machine, one process: SQLite, local files, Celery without a server. The default."""

from __future__ import annotations

import os

from django.core.management.utils import get_random_secret_key

from quytrinh.settings.base import *  # noqa: F403  (a shape is the base plus its own lines)
from quytrinh.settings.base import VAR

DEMO = os.environ.get("QUYTRINH_DEMO", "1") == "1"
ALLOWED_HOSTS = ["*"] if DEMO else os.environ.get("QUYTRINH_HOSTS", "localhost").split(",")


def _secret_key() -> str:
    """Return the key of this installation, made at its first start."""
    path = VAR / "secret-key"
    if not path.exists():
        VAR.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".new")
        partial.write_text(get_random_secret_key())
        partial.chmod(0o600)
        partial.rename(path)
    return path.read_text()


SECRET_KEY = _secret_key()

DATABASES = {
    "default": {
        "ENGINE": "quytrinh.tenancy.db.sqlite3",
        "NAME": VAR / "db.sqlite3",
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CHANNEL_LAYERS = {
    "default": {"BACKEND": "quytrinh.background.channel_layer.ThreadSafeInMemoryChannelLayer"}
}
CELERY_BROKER_URL = "memory://localhost/"
