"""The Celery application with the task of serving.py, for `celery -A tests.support.working`."""

from __future__ import annotations

from quytrinh.celery import app

# isort: split
# The application above sets Django up, which these need.
from quytrinh.background.handlers import register
from tests.support.serving import KIND, work

__all__ = ["app"]

register(KIND, work)
