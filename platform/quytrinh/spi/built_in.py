"""Steps that live in the platform's own rooms: the same protocol, found without an entry point."""

from __future__ import annotations

from typing import Any, TypeVar

Plugin = TypeVar("Plugin", bound=type[Any])

_built_in: list[type[Any]] = []


def built_in(plugin: Plugin) -> Plugin:
    """Register a step of a room (class decorator); the room's AppConfig.ready() imports it."""
    _built_in.append(plugin)
    return plugin


def built_in_plugins() -> tuple[type[Any], ...]:
    """Return the classes registered so far."""
    return tuple(_built_in)
