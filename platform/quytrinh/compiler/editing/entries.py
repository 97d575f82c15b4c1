"""A text on its way to another: entries of its lists and maps set, put in, taken out, moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.compiler.editing.tree import Parts, Path, Tree, plain
from quytrinh.compiler.yaml_style import on_one_line, scalar, yaml_text

# The order in which people read the keys of a step, an action, a flow.
ORDER = (
    *("quytrinh", "flow", "id", "name", "end", "help", "document", "documents", "basis", "label"),
    *("each", "lead", "call", "wait", "choose", "when", "by", "to", "return_to", "then", "at_most"),
    *("not_by", "form", "requires", "incomplete", "comment", "run", "with", "outcomes", "due"),
    *("on_late", "stops_clock", "reports", "cite", "verbs", "settings", "roles", "start"),
    *("actions", "parallel", "join", "steps"),
)
_RANK = {key: rank for rank, key in enumerate(ORDER)}
# What gets a line of its own in texts that are written here.
_APART = frozenset({"steps", "parallel", "actions"})


class Draft:
    """A text under change; `tree` always tells where its parts are now."""

    def __init__(self, text: str) -> None:
        self.tree = Tree(text)

    @property
    def text(self) -> str:
        return self.tree.text

    def replace(self, start: int, end: int, new: str) -> None:
        """Put other characters in the place of some; raise EditRefused if that cannot be read."""
        text = self.text
        self.tree = Tree(text[:start] + new + text[end:])

    def set(self, path: Path, value: Any) -> None:
        """Give the place at `path` a value; what is already so inside it keeps its form."""
        if self.tree.has(path):
            self._change(path, value)
            return
        *above, name = path
        holder = tuple(above)
        if not isinstance(name, str):
            raise EditRefused("Không còn chỗ này trong văn bản.", "Tải lại trang rồi sửa lại.")
        if self.tree.has(holder) and isinstance(self.tree.at(holder), yaml.MappingNode):
            self._put_key(holder, name, value)
        else:
            self.set(holder, {name: value})

    def remove(self, path: Path) -> None:
        """Take out the place at `path` with its comments; nothing happens where there is none."""
        if not self.tree.has(path):
            return
        parts, at = self.place(path)
        entries = parts.parts
        if len(entries) == 1:
            self._empty(parts)
        elif at + 1 < len(entries):
            self.replace(entries[at].start, entries[at + 1].start, "")
        else:
            self.replace(entries[at - 1].end, entries[at].end, "")

    def insert(self, path: Path, at: int, value: Any) -> None:
        """Put an item into the list at `path`, before the one at `at` or at the end."""
        parts = self.tree.parts(self.tree.at(path))
        if parts.parts:
            self.put(path, at, _item(parts, value))
        else:
            self._first(path, [value])

    def put(self, path: Path, at: int, text: str) -> None:
        """Put the text of an entry among those of the list or map at `path`."""
        parts = self.tree.parts(self.tree.at(path))
        if at < len(parts.parts):
            start = parts.parts[at].start
            self.replace(start, start, text + parts.separator)
        else:
            end = parts.parts[-1].end
            self.replace(end, end, parts.separator + text)

    def reorder(self, path: Path, order: Sequence[int]) -> None:
        """The entries at `path` in another order; what stands between them stays where it is."""
        text = self.text
        places = self.tree.parts(self.tree.at(path)).parts
        pieces, at = [], places[0].start
        for place, source in zip(places, order, strict=True):
            moved = places[source]
            pieces += [text[at : place.start], text[moved.start : moved.end]]
            at = place.end
        self.replace(places[0].start, at, "".join(pieces))

    def place(self, path: Path) -> tuple[Parts, int]:
        """The list or map that a place is an entry of, and which one it is."""
        *above, name = path
        parts = self.tree.parts(self.tree.at(above))
        return parts, parts.index(name) if isinstance(name, str) else name

    def _change(self, path: Path, value: Any) -> None:
        """Give a place that is there a value, changing as little of it as possible."""
        node = self.tree.at(path)
        old, new = plain(node), _texts(value)
        if old == new:
            return
        if isinstance(old, dict) and isinstance(new, dict) and set(old) & set(new):
            for key in old:
                if key not in new:
                    self.remove((*path, key))
            for key, inner in value.items():
                self.set((*path, key), inner)
        elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
            for index, inner in enumerate(value):
                self._change((*path, index), inner)
        else:
            self._replace_value(node, value)

    def _replace_value(self, node: Any, value: Any) -> None:
        """A whole value in the place of another; a block's stood below its key, this one beside."""
        start, end = node.start_mark.index, self.tree.end(node)
        head = self.text[:start].rstrip(" \n")
        block = isinstance(node, yaml.CollectionNode) and not node.flow_style
        if (block or start == end) and head.endswith(":"):
            self.replace(len(head), end, f" {on_one_line(value)}")
        else:
            self.replace(start, end, on_one_line(value))

    def _put_key(self, path: Path, key: str, value: Any) -> None:
        parts = self.tree.parts(self.tree.at(path))
        if not parts.parts:
            self._first(path, {key: value})
            return
        rank = _RANK.get(key, len(ORDER))
        ranks = [_RANK.get(part.key, len(ORDER)) for part in parts.parts]
        at = next((i for i, other in enumerate(ranks) if other > rank), len(ranks))
        self.put(path, at, _entry(parts, key, value))

    def _first(self, path: Path, value: Any) -> None:
        """The only entry of what was `[]` or `{}`: below its key where there is room."""
        node = self.tree.at(path)
        start, end = node.start_mark.index, node.end_mark.index
        column = self._column_of_key(path)
        if column is None:
            self.replace(start, end, on_one_line(value))
            return
        lines = yaml_text({"x": value}, apart=_APART | {"x"}).rstrip("\n").split("\n")[1:]
        head = len(self.text[:start].rstrip(" "))
        self.replace(head, end, "".join("\n" + " " * column + line for line in lines))

    def _column_of_key(self, path: Path) -> int | None:
        """Where the key of a place begins, if it stands in blocks only."""
        above = [self.tree.at(path[:length]) for length in range(len(path))]
        if not path or any(node.flow_style for node in above):
            return None
        return next(
            (key.start_mark.column for key, _ in above[-1].value if key.value == path[-1]), None
        )

    def _empty(self, parts: Parts) -> None:
        brackets = "{}" if isinstance(parts.node, yaml.MappingNode) else "[]"
        start, end = parts.parts[0].start, parts.parts[0].end
        head = self.text[:start].rstrip(" \n")
        if parts.flow:
            self.replace(start, end, "")
        elif head.endswith(":"):
            self.replace(len(head), end, f" {brackets}")
        else:
            self.replace(start, end, brackets)


def _entry(parts: Parts, key: str, value: Any) -> str:
    """A key with its value as it stands in such a map."""
    if parts.flow:
        return f"{scalar(key)}: {on_one_line(value)}"
    return indented(yaml_text({key: value}, apart=_APART).rstrip("\n"), parts.column)


def _item(parts: Parts, value: Any) -> str:
    """An item as it stands in such a list."""
    if parts.flow:
        return on_one_line(value)
    lines = yaml_text({"x": [value]}, apart=frozenset({"x"}) | _APART).rstrip("\n").split("\n")[1:]
    return indented("\n".join(line[2:] for line in lines), parts.column)


def indented(text: str, by: int) -> str:
    """Every line but the first, further in by so many spaces, or out if it is negative."""
    first, *lines = text.split("\n")
    if by >= 0:
        moved = [" " * by + line if line else line for line in lines]
    else:
        moved = [line[min(-by, len(line) - len(line.lstrip(" "))) :] for line in lines]
    return "\n".join([first, *moved])


def _texts(value: Any) -> Any:
    """A value as `plain` would give it back."""
    match value:
        case True | False:
            return str(value).lower()
        case Mapping():
            return {key: _texts(inner) for key, inner in value.items()}
        case list():
            return [_texts(inner) for inner in value]
    return str(value)
