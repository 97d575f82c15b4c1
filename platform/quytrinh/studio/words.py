"""What may be typed in the text of a draft: the words that the YAML box offers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from quytrinh.compiler.editing.steps import name_of
from quytrinh.language.kinds import Kind, ListOf, MapOf, Object, OneKindOf
from quytrinh.language.schema import FLOW
from quytrinh.runtime.models import Form
from quytrinh.runtime.plugins import registry
from quytrinh.studio.sheet import Sheet

Word = dict[str, Any]


def words_of(sheet: Sheet) -> list[Word]:
    """Return keys of the language, steps, roles, forms and plugins, each with what it means."""
    found = {each.id: _word(each.id, name_of(each.data), "variable") for each in sheet.steps}
    roles = sheet.flow.get("roles")
    for key, role in roles.items() if isinstance(roles, Mapping) else ():
        name = role.get("name", key) if isinstance(role, Mapping) else key
        found[key] = _word(key, str(name), "class")
    for key, name in Form.objects.values_list("key", "name"):
        found[key] = _word(key, name, "text")
    for key in registry().names():
        found[key] = _word(key, registry().get(key).title, "function")
    keys = {key: _word(key, help_, "property") for key, help_ in _keys(FLOW, set())}
    return [*{**keys, **found}.values()]


def _word(label: str, detail: str, kind: str) -> Word:
    return {"label": label, "detail": detail, "type": kind}


def _keys(kind: Kind, seen: set[int]) -> Iterator[tuple[str, str]]:
    """Every key that the grammar knows, wherever it may stand."""
    if id(kind) in seen:
        return
    seen.add(id(kind))
    match kind:
        case Object():
            for key in kind.keys:
                yield key.name, key.help
                yield from _keys(key.kind, seen)
        case ListOf():
            yield from _keys(kind.item, seen)
        case MapOf():
            yield from _keys(kind.value, seen)
        case OneKindOf():
            for each in kind.by_key.values():
                yield from _keys(each, seen)
