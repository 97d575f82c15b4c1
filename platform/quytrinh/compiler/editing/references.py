"""Every word of a text that names a step, a role or an action, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from quytrinh.compiler.editing.steps import inner_blocks, step_id
from quytrinh.compiler.editing.tree import Path, Tree
from quytrinh.spi import Registry

Kind = Literal["step", "role"]
_STEP_KEYS = frozenset({"to", "return_to", "else", "not_by", "performer_of"})
# Below these, `to` names a role.
_TELLING = frozenset({"remind", "escalate"})
_EXPRESSIONS = frozenset(
    {"when", "each", "lead", "at", "from", "until", "head_of", "members_of", "person"}
    | {"in_charge_of", "in"}
)
_RESOLVERS = frozenset({"who", "if_absent"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A place that names something; `step` is the id of the step it stands in, if any.

    `within`: an expression or another text that contains the name, to be changed in part.
    """

    kind: Kind
    name: str
    path: Path
    step: str
    within: bool = False

    @property
    def key(self) -> str:
        """The last key on the way to it."""
        return next((str(part) for part in reversed(self.path) if isinstance(part, str)), "")


def references(tree: Tree, registry: Registry) -> Iterator[Reference]:
    """All references, in the order of the text."""
    yield from _Finder(registry).of(tree.root, (), "")


class _Finder:
    def __init__(self, registry: Registry) -> None:
        self.registry = registry

    def of(self, node: Any, path: Path, step: str) -> Iterator[Reference]:
        if isinstance(node, yaml.ScalarNode):
            yield from _named(node.value, path, step)
        elif isinstance(node, yaml.SequenceNode):
            for index, item in enumerate(node.value):
                yield from self.of(item, (*path, index), self._step(item, path, step))
        elif isinstance(node, yaml.MappingNode):
            parameters = self._parameters(node)
            for key, value in node.value:
                inner = (*path, key.value)
                if key.value == "with" and parameters is not None:
                    yield from self._parameter_references(value, inner, step, parameters)
                else:
                    yield from self.of(value, inner, step)

    def _step(self, item: Any, path: Path, step: str) -> str:
        """The step that an item of a list is, if the list is a block."""
        if path[-1] != "steps" or not isinstance(item, yaml.MappingNode):
            return step
        pairs = {key.value: value.value for key, value in item.value}
        return step_id(pairs) or step

    def _parameters(self, node: Any) -> Mapping[str, Any] | None:
        run = next((value.value for key, value in node.value if key.value == "run"), None)
        if not isinstance(run, str) or run not in self.registry:
            return None
        found = self.registry.get(run).schema.get("properties", {})
        return found if isinstance(found, Mapping) else None

    def _parameter_references(
        self, node: Any, path: Path, step: str, parameters: Mapping[str, Any]
    ) -> Iterator[Reference]:
        pairs = node.value if isinstance(node, yaml.MappingNode) else ()
        for key, value in pairs:
            schema = parameters.get(key.value, {})
            refers = schema.get("x-refers") or schema.get("items", {}).get("x-refers")
            if refers not in ("step", "role"):
                continue
            for name, place in _scalars(value, (*path, key.value)):
                yield Reference(refers, name, place, step)


def _scalars(node: Any, path: Path) -> Iterator[tuple[str, Path]]:
    if isinstance(node, yaml.ScalarNode):
        yield node.value, path
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _scalars(item, (*path, index))


def _named(text: str, path: Path, step: str) -> Iterator[Reference]:
    """What a scalar at a path names."""
    keys = [part for part in path if isinstance(part, str)]
    last = keys[-1] if keys else ""
    telling = any(key in _TELLING for key in keys)
    if telling and last in (*_TELLING, "to"):
        if not (last == "remind" or text[:1].isdigit()):
            yield Reference("role", text, path, step)
    elif last in _STEP_KEYS or keys[-2:-1] == ["outcomes"]:
        if text not in ("next", "join"):
            yield Reference("step", text, path, step)
    elif last == "by" or (last == "role" and "each" in keys and not _RESOLVERS & set(keys)):
        yield Reference("role", text, path, step)
    elif last in _EXPRESSIONS or "fields" in keys:
        for name in dict.fromkeys(re.findall(r"(?<![\w.'\"])(?:steps|results)\.(\w+)", text)):
            yield Reference("step", name, path, step, within=True)


def renamed_within(text: str, old: str, new: str) -> str:
    """An expression in which a step has another id."""
    return re.sub(rf"(?<![\w.'\"])(steps|results)\.{re.escape(old)}\b", rf"\1.{new}", text)


def steps_of(data: Mapping[str, Any]) -> set[str]:
    """The ids of a step and of every step inside it."""
    found = {step_id(data)}
    for block in inner_blocks(data):
        value: Any = data
        for name in block:
            value = value[name] if isinstance(value, Mapping) else None
        for inner in value if isinstance(value, list) else ():
            if isinstance(inner, Mapping):
                found |= steps_of(inner)
    return found
