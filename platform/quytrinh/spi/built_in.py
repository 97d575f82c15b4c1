"""Steps that live in the platform's own rooms: the same protocol, found without an entry point."""

from __future__ import annotations

from typing import Any, TypeVar

from quytrinh.spi.steps import StepPlugin

Plugin = TypeVar("Plugin")

_built_in: list[Any] = []


def built_in(plugin: Plugin) -> Plugin:
    """Register a step of a room, a class (as decorator) or an object.

    The room's AppConfig.ready() imports the module that holds it.
    """
    _built_in.append(plugin)
    return plugin


def built_in_plugins() -> tuple[StepPlugin, ...]:
    """Return one of each kind registered so far."""
    return tuple(each() if isinstance(each, type) else each for each in _built_in)
