"""The registry of signing plugins: made from their configuration at start, then frozen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points
from typing import Any

from quytrinh.spi.registry import RegistryFrozen, WrongPlugin
from quytrinh.spi.signing import SignatureForm, SigningPlugin

SIGNING_GROUP = "quytrinh.signing"
_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}")


class SigningRegistry:
    """Signing plugins by name."""

    def __init__(self, plugins: Iterable[SigningPlugin] = ()) -> None:
        self._plugins: dict[str, SigningPlugin] = {}
        self._frozen = False
        for plugin in plugins:
            self.register(plugin)

    def register(self, plugin: SigningPlugin) -> None:
        if self._frozen:
            raise RegistryFrozen("plugins are registered at start only")
        _require_signing_plugin(plugin)
        if plugin.name in self._plugins:
            raise WrongPlugin(f"{plugin.name}: registered already")
        self._plugins[plugin.name] = plugin

    def get(self, name: str) -> SigningPlugin:
        """The plugin of that name; KeyError if there is none."""
        return self._plugins[name]

    def __contains__(self, name: object) -> bool:
        return name in self._plugins

    def names(self) -> tuple[str, ...]:
        return tuple(sorted(self._plugins))

    def freeze(self) -> None:
        """Refuse further plugins."""
        self._frozen = True

    def load_entry_points(self, configurations: Mapping[str, Mapping[str, Any]]) -> None:
        """Make the plugins of installed packages that this installation has configured."""
        for entry in sorted(entry_points(group=SIGNING_GROUP), key=lambda each: each.name):
            if entry.name in configurations:
                self.register(entry.load()(configurations[entry.name]))


def _require_signing_plugin(plugin: SigningPlugin) -> None:
    if isinstance(plugin, type) or not isinstance(plugin, SigningPlugin):
        raise WrongPlugin(f"{plugin!r}: not an object of the SigningPlugin protocol")
    if not isinstance(plugin.name, str) or not _NAME.fullmatch(plugin.name):
        raise WrongPlugin(f"{plugin.name!r}: a name is one word in lower case, as pkcs12")
    if not isinstance(plugin.interface, int) or plugin.interface < 1:
        raise WrongPlugin(f"{plugin.name}: the interface number starts at 1")
    if not plugin.forms or not all(isinstance(form, SignatureForm) for form in plugin.forms):
        raise WrongPlugin(f"{plugin.name}: forms are SignatureForm members, at least one")
    if plugin.config_schema.get("additionalProperties") is not False:
        raise WrongPlugin(f"{plugin.name}: the schema of its configuration must be closed")
