"""The registry: plugins by name, filled at start, then frozen."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import entry_points

from quytrinh.spi.steps import Outcome, StepPlugin

STEP_GROUP = "quytrinh.steps"
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_OUTCOME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class WrongPlugin(Exception):
    """The object is no step plugin, or its name is taken."""


class RegistryFrozen(Exception):
    """Plugins are registered at start only."""


class Registry:
    """Step plugins by name."""

    def __init__(self, plugins: Iterable[StepPlugin] = ()) -> None:
        self._plugins: dict[str, StepPlugin] = {}
        self._frozen = False
        for plugin in plugins:
            self.register(plugin)

    def register(self, plugin: StepPlugin) -> None:
        if self._frozen:
            raise RegistryFrozen("plugins are registered at start only")
        _require_step_plugin(plugin)
        if plugin.name in self._plugins:
            raise WrongPlugin(f"{plugin.name}: registered already")
        self._plugins[plugin.name] = plugin

    def get(self, name: str) -> StepPlugin:
        """The plugin of that name; KeyError if there is none."""
        return self._plugins[name]

    def __contains__(self, name: object) -> bool:
        return name in self._plugins

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._plugins))

    def freeze(self) -> None:
        """Refuse further plugins."""
        self._frozen = True

    def load_entry_points(self, group: str = STEP_GROUP) -> None:
        """Register what installed packages offer: each entry is a plugin class or a plugin."""
        for entry in sorted(entry_points(group=group), key=lambda each: each.name):
            loaded = entry.load()
            self.register(loaded() if isinstance(loaded, type) else loaded)


def _require_step_plugin(plugin: StepPlugin) -> None:
    if isinstance(plugin, type) or not isinstance(plugin, StepPlugin):
        raise WrongPlugin(f"{plugin!r}: not an object of the StepPlugin protocol")
    if not isinstance(plugin.name, str) or not _NAME.fullmatch(plugin.name):
        raise WrongPlugin(f"{plugin.name!r}: a name is dotted and lower case, as documents.number")
    if not isinstance(plugin.interface, int) or plugin.interface < 1:
        raise WrongPlugin(f"{plugin.name}: the interface number starts at 1")
    _require_outcomes(plugin)


def _require_outcomes(plugin: StepPlugin) -> None:
    outcomes = list(plugin.outcomes)
    if not all(isinstance(outcome, Outcome) for outcome in outcomes):
        raise WrongPlugin(f"{plugin.name}: outcomes are Outcome objects")
    ids = [outcome.id for outcome in outcomes]
    if not any(outcome.normal for outcome in outcomes) or len(set(ids)) != len(ids):
        raise WrongPlugin(f"{plugin.name}: at least one normal outcome, no id twice")
    if bad := [each for each in ids if not _OUTCOME.fullmatch(each) or each == "failed"]:
        raise WrongPlugin(f"{plugin.name}: {bad[0]!r} cannot be an outcome's id")
