"""The signing plugins of this installation."""

from __future__ import annotations

from functools import cache

from django.conf import settings

from quytrinh.spi import SigningRegistry


@cache
def registry() -> SigningRegistry:
    """Return every signing plugin that is installed and configured."""
    plugins = SigningRegistry()
    plugins.load_entry_points(settings.SIGNING_PLUGINS)
    plugins.freeze()
    return plugins
