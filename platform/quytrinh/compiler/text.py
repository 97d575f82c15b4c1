"""From the normal form back to a text: YAML in the author's order of keys."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import yaml

_KEY_ORDER = (
    *("quytrinh", "flow", "form", "id", "end", "name", "title", "label", "help", "description"),
    *("document", "basis", "cite", "roles", "start", "event", "when", "by", "run", "with"),
    *("schema",),
    *("type", "required", "choose", "to", "return_to", "then", "at_most", "due", "in"),
    *("by_urgency", "reports", "actions", "outcomes", "steps", "properties"),
)
# Lists of `{id, …}` in the normal form which are maps in the text.
_ORDERED_MAPS = frozenset({"roles", "actions", "properties"})
# Below these the keys are not ours.
_AUTHORS_OWN = frozenset({"with", "x-labels"})
_SCHEMA_LINE = "# yaml-language-server: $schema={}\n"


class _Dumper(yaml.SafeDumper):
    """Never writes anchors: our subset has none."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _plain_float(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    """Without an exponent, which our subset does not read."""
    return dumper.represent_scalar("tag:yaml.org,2002:float", format(Decimal(repr(value)), "f"))


_Dumper.add_representer(float, _plain_float)


def definition_text(canonical: Mapping[str, Any], *, schema: str = "") -> str:
    """The YAML of a canonical flow or form; `schema` = where an editor finds its JSON Schema."""
    written = {key: value for key, value in canonical.items() if key != "uses"}
    body = yaml.dump(
        _authored(written), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100
    )
    return (_SCHEMA_LINE.format(schema) if schema else "") + body


def _authored(value: Any, key: str = "") -> Any:
    if key in _AUTHORS_OWN:
        return value
    if isinstance(value, Mapping):
        return {name: _authored(value[name], name) for name in sorted(value, key=_rank)}
    if not isinstance(value, list):
        return value
    if key in _ORDERED_MAPS:
        return {
            each["id"]: _authored({name: part for name, part in each.items() if name != "id"})
            for each in value
        }
    return [_authored(item) for item in value]


def _rank(key: str) -> tuple[int, str]:
    return (_KEY_ORDER.index(key) if key in _KEY_ORDER else len(_KEY_ORDER), key)
