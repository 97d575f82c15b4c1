"""Addresses of the WebSockets."""

from __future__ import annotations

from django.urls import path

from quytrinh.inbox.consumers import InboxConsumer

websocket_urlpatterns = [path("ws/inbox/", InboxConsumer.as_asgi())]
