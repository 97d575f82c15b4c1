"""Settings of the tests: the embedded shape, on SQLite or on PostgreSQL (QUYTRINH_TEST_DB)."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

# Before the shape is read: its files and its secret key belong to this run alone.
SCRATCH = Path(tempfile.mkdtemp(prefix="quytrinh-pytest-"))
os.environ["QUYTRINH_VAR"] = str(SCRATCH)
(SCRATCH / "static").mkdir()  # WhiteNoise looks for it when a test opens a page

from quytrinh.settings.embedded import *  # noqa: E402, F403
from quytrinh.settings.embedded import DATABASES, INSTALLED_APPS, STORAGES  # noqa: E402
from tests.support.postgresql import serving_database  # noqa: E402

INSTALLED_APPS = ["tests.support", *INSTALLED_APPS]
if os.environ.get("QUYTRINH_TEST_DB", "sqlite") == "postgresql":
    DATABASES = serving_database(f"quytrinh_test_{os.getpid()}")

# No collectstatic before tests; the acceptance tier serves the collected files.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed, nothing else
