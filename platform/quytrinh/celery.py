"""The Celery application under the name `celery -A quytrinh` looks for."""

from __future__ import annotations

import os

import django
from django.apps import apps

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quytrinh.settings.embedded")
if not apps.ready:
    django.setup()

from quytrinh.background.celery_app import app

__all__ = ["app"]
