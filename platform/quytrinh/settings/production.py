"""PostgreSQL, Redis, RabbitMQ or Redis for Celery: everything from the environment.

QUYTRINH_DATABASE_URL        connects as a member of quytrinh_app, never as owner
QUYTRINH_OWNER_DATABASE_URL  only for `manage.py migrate` under quytrinh.settings.owner
QUYTRINH_REDIS_URL           cache and channel layer
QUYTRINH_BROKER_URL          Celery's broker; Redis when absent
QUYTRINH_SECRET_KEY, QUYTRINH_HOSTS (comma separated)
"""

from __future__ import annotations

import os

import dj_database_url

from quytrinh.settings.base import *  # noqa: F403  (a shape is the base plus its own lines)

DEMO = os.environ.get("QUYTRINH_DEMO", "0") == "1"
SECRET_KEY = os.environ["QUYTRINH_SECRET_KEY"]
ALLOWED_HOSTS = os.environ["QUYTRINH_HOSTS"].split(",")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

_ENGINE = "quytrinh.tenancy.db.postgresql"
DATABASES = {
    "default": dj_database_url.parse(
        os.environ["QUYTRINH_DATABASE_URL"], engine=_ENGINE, conn_max_age=60
    )
}
_REDIS_URL = os.environ["QUYTRINH_REDIS_URL"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": _REDIS_URL,
    }
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        "CONFIG": {"hosts": [_REDIS_URL]},
    }
}
CELERY_BROKER_URL = os.environ.get("QUYTRINH_BROKER_URL", _REDIS_URL)
