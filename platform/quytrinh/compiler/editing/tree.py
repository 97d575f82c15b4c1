"""A text with the places of its parts: what is moved, replaced or put in, and where.

Places count characters from 0. An entry of a block stands with the comments that lead it and
those below it that are indented deeper; the blank lines between entries belong to nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from quytrinh.compiler.editing.refusal import EditRefused
from quytrinh.language.source import read_source

Path = tuple[str | int, ...]
_COMMENT = re.compile(r"[ ]*#")


@dataclass(frozen=True, slots=True)
class Part:
    """An entry of a list or map with its comments; `key` is empty in a list."""

    key: str
    start: int
    end: int
    key_node: Any
    node: Any


@dataclass(frozen=True, slots=True)
class Parts:
    """The entries of one list or map, in order, and how a further one is written."""

    parts: tuple[Part, ...]
    node: Any
    flow: bool
    column: int

    @property
    def separator(self) -> str:
        """What stands between two entries."""
        return ", " if self.flow else "\n" + " " * self.column

    def index(self, key: str) -> int:
        """The place of a key; raise KeyError."""
        for at, part in enumerate(self.parts):
            if part.key == key:
                return at
        raise KeyError(key)


class Tree:
    """The nodes of a text; raise EditRefused for one that cannot be read."""

    def __init__(self, text: str) -> None:
        if read_source(text, file="").root is None:
            raise EditRefused(
                "Văn bản YAML đang không đọc được nên chưa sửa bằng bảng được.",
                "Sửa chỗ báo lỗi ở thẻ YAML, hoặc bấm Hoàn tác.",
            )
        self.text = text
        self.root = yaml.compose(text, Loader=yaml.CSafeLoader)

    def at(self, path: Iterable[str | int]) -> Any:
        """The node at a path; raise KeyError."""
        node = self.root
        for name in path:
            node = self._child(node, name)
        return node

    def has(self, path: Path) -> bool:
        try:
            self.at(path)
        except KeyError:
            return False
        return True

    def _child(self, node: Any, name: str | int) -> Any:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == name:
                    return value
        elif (
            isinstance(node, yaml.SequenceNode)
            and isinstance(name, int)
            and 0 <= name < len(node.value)
        ):
            return node.value[name]
        raise KeyError(name)

    def end(self, node: Any) -> int:
        """Where the content of a node ends, without what libyaml adds after a block."""
        if isinstance(node, yaml.ScalarNode):
            start, end = node.start_mark.index, node.end_mark.index
            if node.style in ("|", ">"):
                return int(start + len(self.text[start:end].rstrip()))
            return int(end)
        if node.flow_style or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self.end(last[1] if isinstance(last, tuple) else last)

    def source(self, node: Any) -> str:
        return self.text[node.start_mark.index : self.end(node)]

    def parts(self, node: Any) -> Parts:
        """The entries of a list or map."""
        in_map = isinstance(node, yaml.MappingNode)
        pairs: list[tuple[Any, Any]]
        pairs = node.value if in_map else [(None, item) for item in node.value]
        column = node.start_mark.column
        if node.flow_style:
            found = [
                Part(
                    key.value if in_map else "",
                    (key or value).start_mark.index,
                    self.end(value),
                    key,
                    value,
                )
                for key, value in pairs
            ]
            return Parts(tuple(found), node, True, column)
        heads = [
            key.start_mark.index if in_map else self._dash(value, column) for key, value in pairs
        ]
        return Parts(tuple(self._block_parts(pairs, heads, column)), node, False, column)

    def _block_parts(
        self, pairs: Sequence[tuple[Any, Any]], heads: Sequence[int], column: int
    ) -> list[Part]:
        found: list[Part] = []
        before = self._opening(heads[0]) if heads else 0
        for (key, value), head in zip(pairs, heads, strict=True):
            start = self._led_from(before, head, column)
            end = self._followed_to(self._line_end(self.end(value)), column)
            found.append(Part(key.value if key else "", start, end, key, value))
            before = end
        return found

    def _dash(self, item: Any, column: int) -> int:
        """Where the dash of an item stands: on its line, or alone on one above."""
        at = item.start_mark.index - item.start_mark.column
        while self.text[at : at + column + 1][column:] != "-" or (
            at + column >= item.start_mark.index
        ):
            at = self.text.rfind("\n", 0, at - 1) + 1
        return int(at + column)

    def _opening(self, head: int) -> int:
        """The end of the last line above that is neither blank nor a comment."""
        line = self._line_start(head)
        if self.text[line:head].strip():
            return head
        while line > 0:
            above = self.text.rfind("\n", 0, line - 1) + 1
            content = self.text[above : line - 1]
            if content.strip() and not _COMMENT.match(content):
                break
            line = above
        return max(line - 1, 0)

    def _led_from(self, before: int, head: int, column: int) -> int:
        """The first comment above, indented no deeper, which leads an entry; else the entry."""
        if self._line_start(head) <= before:
            return head
        at = before
        while at < head:
            line_end = self._line_end(at)
            line = self.text[at:line_end]
            if _COMMENT.match(line) and line.index("#") <= column:
                return at + line.index("#")
            at = line_end + 1
        return head

    def _followed_to(self, end: int, column: int) -> int:
        """The last comment below that is indented deeper than the entry."""
        last, at = end, end + 1
        while at < len(self.text):
            line_end = self._line_end(at)
            line = self.text[at:line_end]
            if line.strip():
                if not _COMMENT.match(line) or line.index("#") <= column:
                    break
                last = line_end
            at = line_end + 1
        return last

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _line_end(self, at: int) -> int:
        found = self.text.find("\n", at)
        return len(self.text) if found < 0 else found

    @cached_property
    def plain(self) -> Any:
        """The whole as plain data; every scalar is a text."""
        return plain(self.root)


def plain(node: Any) -> Any:
    """A node as plain data; every scalar is a text."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    return node.value
