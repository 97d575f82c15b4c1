"""The axes this installation is connected to, as settings.EXCHANGE says."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from quytrinh.spi import Exchange, ExchangePlugin
from quytrinh.spi.exchange import EXCHANGE_GROUP

_connected: dict[tuple[str, str], Exchange] = {}
_lock = threading.Lock()


@cache
def exchange_plugins() -> Mapping[str, ExchangePlugin]:
    """Return the exchange plugins of installed packages, by name."""
    found: dict[str, ExchangePlugin] = {}
    for entry in sorted(entry_points(group=EXCHANGE_GROUP), key=lambda each: each.name):
        loaded = entry.load()
        plugin = loaded() if isinstance(loaded, type) else loaded
        if (
            not isinstance(plugin, ExchangePlugin)
            or found.setdefault(plugin.name, plugin) != plugin
        ):
            raise ImproperlyConfigured(f"{entry.value}: no exchange plugin, or its name is taken")
    return found


def exchange(name: str) -> Exchange:
    """Return the axis of this name; ImproperlyConfigured if the settings or the plugin lack."""
    options: dict[str, Any] | None = settings.EXCHANGE.get(name)
    plugin = exchange_plugins().get(name)
    if options is None or plugin is None:
        raise ImproperlyConfigured(f"no exchange is connected under the name {name!r}")
    key = (name, repr(sorted(options.items())))
    with _lock:
        if key not in _connected:
            _connected[key] = plugin.connect(options)
        return _connected[key]
