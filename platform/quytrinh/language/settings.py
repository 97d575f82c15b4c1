"""Settings: parameters that an agency sets without changing the flow.

`{setting: present_within}` may stand wherever a value of its type stands. It is replaced by the
value before the text is shaped, so that every rule sees what the agency will run; the word keeps
the name of its setting, so that the normal form stays the same for all agencies.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from quytrinh.language.diagnostics import Diagnostic, Span, did_you_mean, error
from quytrinh.language.source import ListNode, MapNode, Node, Word

SETTINGS = "settings"
REFERENCE = "setting"
MANY_VALUED = "units"
Values = Mapping[str, Sequence[str]]


def put_in_settings(root: Node, values: Values) -> tuple[Node, list[Diagnostic]]:
    """The tree with each reference to a setting replaced by its value, given or default."""
    declared = root.get(SETTINGS) if isinstance(root, MapNode) else None
    if not isinstance(root, MapNode) or not isinstance(declared, MapNode):
        return root, []
    replacer = _Replacer(declared, values)
    entries = tuple(
        (key, value if key.text == SETTINGS else replacer.replace(value))
        for key, value in root.entries
    )
    return MapNode(entries, root.span), replacer.diagnostics


class _Replacer:
    def __init__(self, declared: MapNode, values: Values) -> None:
        self.declared = {key.text: node for key, node in declared.entries}
        self.values = values
        self.diagnostics: list[Diagnostic] = []

    def replace(self, node: Node) -> Node:
        match node:
            case Word():
                return node
            case ListNode():
                return ListNode(tuple(self.replace(item) for item in node.items), node.span)
            case MapNode():
                name = _referred(node)
                if name is not None:
                    return self._value(name, node.span)
                entries = tuple((key, self.replace(value)) for key, value in node.entries)
                return MapNode(entries, node.span)

    def _value(self, name: Word, span: Span) -> Node:
        node = self.declared.get(name.text)
        if node is None:
            message = f"Không có tham số `{name.text}`"
            hint = did_you_mean(name.text, self.declared)
            self.diagnostics.append(error("F116", name.span, message, hint))
            return Word("", span, name.text)
        given = self.values.get(name.text) or default_of(node)
        words = tuple(Word(text, span, name.text) for text in given)
        if _type_of(node) == MANY_VALUED:
            return ListNode(words, span)
        return words[0] if words else Word("", span, name.text)


def _referred(node: MapNode) -> Word | None:
    if len(node.entries) != 1:
        return None
    key, value = node.entries[0]
    return value if key.text == REFERENCE and isinstance(value, Word) else None


def _type_of(node: Node) -> str:
    written = node.get("type") if isinstance(node, MapNode) else None
    return written.text if isinstance(written, Word) else ""


def default_of(node: Node) -> tuple[str, ...]:
    """The default of a declared setting, as texts; none where it is malformed."""
    written = node.get("default") if isinstance(node, MapNode) else None
    if isinstance(written, Word):
        return (written.text,)
    items = written.items if isinstance(written, ListNode) else ()
    return tuple(item.text for item in items if isinstance(item, Word))
