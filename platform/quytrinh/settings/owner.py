"""Production, connected as the owner of the tables: for `manage.py migrate` and nothing else.

A second alias beside `default` would not do: migrations of other packages query `default` by
name, and would then wait for locks that the owner's own transaction holds.
"""

from __future__ import annotations

import os

import dj_database_url

from quytrinh.settings.production import *  # noqa: F403  (production plus its own lines)

DATABASES = {
    "default": dj_database_url.parse(
        os.environ["QUYTRINH_OWNER_DATABASE_URL"], engine="quytrinh.tenancy.db.postgresql"
    )
}
# The walls are what migrations build; they are checked where pages are served.
SILENCED_SYSTEM_CHECKS = ["tenancy.E003"]
