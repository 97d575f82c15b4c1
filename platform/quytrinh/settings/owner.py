"""Production, connected as the owner of the tables: for `manage.py migrate` and nothing else.

An alias beside `default` would not do: migrations of other packages query `default` by name, and
would then wait for locks that the owner's own transaction holds.
"""

from __future__ import annotations

from quytrinh.settings.production import *  # noqa: F403  (production plus its own lines)
from quytrinh.settings.production import DATABASES

DATABASES = {"default": DATABASES["owner"]}
