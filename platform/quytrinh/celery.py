"""The Celery application under the name `celery -A quytrinh` looks for."""

from __future__ import annotations

import os

import django
from celery.signals import worker_ready
from django.apps import apps
from django.db import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quytrinh.settings.embedded")
if not apps.ready:
    django.setup()

from quytrinh.background.celery_app import app
from quytrinh.background.dispatch import release_leases_of_the_dead

__all__ = ["app"]


@worker_ready.connect
def let_go_of_what_the_dead_held(**_sender: object) -> None:
    """Spare the messages of workers killed on this machine the wait for their leases to end."""
    release_leases_of_the_dead()
    connections.close_all()
