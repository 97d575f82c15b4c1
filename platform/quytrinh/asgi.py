"""The ASGI application: pages and API over HTTP, the live inbox over WebSocket."""

from __future__ import annotations

import os
import warnings
from concurrent.futures import ThreadPoolExecutor

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quytrinh.settings.embedded")
# WhiteNoise hands out static files by a synchronous iterator; they are small and cached for ever.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
_pages = get_asgi_application()

# Django must be set up before these are imported.
from django.db import connections  # noqa: E402

from quytrinh import routing  # noqa: E402
from quytrinh.tenancy.checks import refuse_to_serve_with_holes  # noqa: E402


def _check_walls() -> None:
    try:
        refuse_to_serve_with_holes()
    finally:
        connections.close_all()


# In a thread of its own: a server imports this module within its event loop, where Django refuses
# to ask the database.
with ThreadPoolExecutor(max_workers=1) as _pool:
    _pool.submit(_check_walls).result()

application = ProtocolTypeRouter(
    {
        "http": _pages,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter(routing.websocket_urlpatterns))
        ),
    }
)
