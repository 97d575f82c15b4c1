"""Another id for a step or a role, in every place that names it."""

from __future__ import annotations

import re

from quytrinh.compiler.editing.entries import Draft
from quytrinh.compiler.editing.references import references, renamed_within
from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.steps import find, ids
from quytrinh.language.kinds import RESERVED
from quytrinh.spi import Registry

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")


def rename(draft: Draft, kind: str, old: str, new: str, registry: Registry) -> str:
    """Rename; return the id of the step to look at. Raise EditRefused if `new` cannot be an id."""
    if not _ID.fullmatch(new) or new in RESERVED:
        raise EditRefused(
            f"Mã “{new}” không hợp lệ hoặc là từ dành riêng.",
            "Mã gồm chữ thường không dấu, chữ số và dấu gạch dưới, bắt đầu bằng chữ.",
        )
    if kind == "role":
        _rename_role(draft, old, new, registry)
        return ""
    if new in ids(draft.tree.plain):
        raise EditRefused(f"Đã có bước mang mã “{new}”.", places=(new,))
    _rename_references(draft, "step", old, new, registry)
    place = find(draft.tree, old)
    draft.set((*place.path, "id" if "id" in place.data else "end"), new)
    return new


def _rename_role(draft: Draft, old: str, new: str, registry: Registry) -> None:
    roles = draft.tree.plain.get("roles", {})
    if old not in roles:
        raise EditRefused(f"Không có vai trò “{old}”.")
    if new in roles:
        raise EditRefused(f"Đã có vai trò mang mã “{new}”.")
    _rename_references(draft, "role", old, new, registry)
    parts, at = draft.place(("roles", old))
    key = parts.parts[at].key_node
    draft.replace(key.start_mark.index, key.end_mark.index, new)


def _rename_references(draft: Draft, kind: str, old: str, new: str, registry: Registry) -> None:
    found = [
        each for each in references(draft.tree, registry) if each.kind == kind and each.name == old
    ]
    for each in reversed(found):
        node = draft.tree.at(each.path)
        start, end = node.start_mark.index, draft.tree.end(node)
        text = draft.text[start:end]
        changed = renamed_within(text, old, new) if each.within else text.replace(old, new)
        draft.replace(start, end, changed)
