"""YAML text to nodes with positions: a small, safe subset in which every scalar is a string."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from quytrinh.language.diagnostics import Diagnostic, Span, error

MAX_BYTES = 1_000_000
MAX_DEPTH = 50
MAX_SCALAR = 10_000
MAX_NODES = 20_000
_FORBIDDEN = "Tệp không đọc được hoặc dùng cú pháp YAML không cho phép"
_NOT_PRINTABLE = re.compile(
    "[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A scalar: always text, NFC, trimmed; typed later by the schema.

    `setting`: the parameter of the agency that this value was taken from.
    """

    text: str
    span: Span = field(compare=False, repr=False)
    setting: str = ""


@dataclass(frozen=True, slots=True)
class ListNode:
    items: tuple[Node, ...]
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class MapNode:
    entries: tuple[tuple[Word, Node], ...]
    span: Span = field(compare=False, repr=False)

    def get(self, key: str) -> Node | None:
        return next((value for word, value in self.entries if word.text == key), None)


Node = Word | ListNode | MapNode


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says: `root` is None when it cannot be read at all."""

    text: str
    root: Node | None
    diagnostics: tuple[Diagnostic, ...]


class _Refused(Exception):
    """The file leaves the subset; carries the one diagnostic which says where."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def read_source(data: str | bytes, *, file: str) -> Source:
    """Read one file; never raises, whatever the bytes."""
    text = ""
    try:
        text = _decode(data, file)
        reader = _Reader(file)
        root = reader.read(text)
        return Source(text, root, tuple(reader.diagnostics))
    except _Refused as refused:
        return Source(text, None, (refused.diagnostic,))


def plain(node: Node) -> Any:
    """The node without positions: dict, list, str."""
    match node:
        case Word():
            return node.text
        case ListNode():
            return [plain(item) for item in node.items]
        case MapNode():
            return {key.text: plain(value) for key, value in node.entries}


def _decode(data: str | bytes, file: str) -> str:
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "replace")
    if len(raw) > MAX_BYTES:
        raise _refusal(Span(file, 1, 1, 1, 2), f"tệp quá lớn (quá {MAX_BYTES:,} byte)")
    try:
        decoded = data.decode("utf-8") if isinstance(data, bytes) else data
    except UnicodeDecodeError as problem:
        before = raw[: problem.start].decode("utf-8")
        raise _refusal(_span_at(before, file), "tệp không phải UTF-8") from problem
    text = decoded.removeprefix("\ufeff")
    if bad := _NOT_PRINTABLE.search(text):
        code = f"U+{ord(bad.group()):04X}"
        raise _refusal(_span_at(text[: bad.start()], file), f"ký tự {code} không được dùng")
    return text


def _span_at(before: str, file: str) -> Span:
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return Span(file, line, column, line, column + 1)


def _refusal(span: Span, why: str, hint: str = "") -> _Refused:
    return _Refused(error("F001", span, f"{_FORBIDDEN}: {why}", hint))


class _Reader:
    """Builds the nodes straight from libyaml's events, so no limit is checked too late."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.diagnostics: list[Diagnostic] = []
        self.nodes = 0

    def read(self, text: str) -> Node:
        events: Iterator[Any] = yaml.parse(text, Loader=yaml.CSafeLoader)
        try:
            return self._document(events)
        except yaml.MarkedYAMLError as problem:
            mark = problem.problem_mark or problem.context_mark
            raise _refusal(self._at(mark), _explain(problem)) from problem
        except yaml.YAMLError as problem:
            raise _refusal(Span(self.file, 1, 1, 1, 2), "không phải YAML") from problem

    def _document(self, events: Iterator[Any]) -> Node:
        next(events)  # the stream's start
        start = next(events)
        if not isinstance(start, yaml.DocumentStartEvent):
            raise _refusal(Span(self.file, 1, 1, 1, 2), "tệp trống")
        if start.version or start.tags:
            raise _refusal(self._span(start), "không dùng chỉ thị `%`")
        root = self._node(next(events), events, 1)
        next(events)  # the document's end
        after = next(events)
        if isinstance(after, yaml.DocumentStartEvent):
            raise _refusal(self._span(after), "mỗi tệp chỉ một tài liệu (`---` thứ hai)")
        return root

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        self._guard(event, depth)
        if isinstance(event, yaml.ScalarEvent):
            return self._word(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(event, events, depth)
        return self._map(event, events, depth)

    def _guard(self, event: Any, depth: int) -> None:
        self.nodes += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor:
            raise _refusal(
                self._span(event), "không dùng neo `&` và bí danh `*`", "chép lại nội dung ở đây"
            )
        if event.tag is not None:
            raise _refusal(self._span(event), f"không dùng nhãn kiểu `{event.tag}`")
        if depth > MAX_DEPTH:
            raise _refusal(self._span(event), f"lồng quá {MAX_DEPTH} tầng")
        if self.nodes > MAX_NODES:
            raise _refusal(self._span(event), f"quá {MAX_NODES:,} phần tử")

    def _word(self, event: Any) -> Word:
        if len(event.value) > MAX_SCALAR:
            raise _refusal(self._span(event), f"giá trị dài quá {MAX_SCALAR:,} ký tự")
        # Escapes such as `"\0"` can bring in what the text itself may not contain.
        if bad := _NOT_PRINTABLE.search(event.value):
            code = f"U+{ord(bad.group()):04X}"
            raise _refusal(self._span(event), f"ký tự {code} không được dùng")
        return Word(unicodedata.normalize("NFC", event.value).strip(), self._span(event))

    def _list(self, start: Any, events: Iterator[Any], depth: int) -> ListNode:
        items: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, depth + 1))
        return ListNode(tuple(items), self._between(start, event))

    def _map(self, start: Any, events: Iterator[Any], depth: int) -> MapNode:
        entries: dict[str, tuple[Word, Node]] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            key = self._key(event, depth)
            value = self._node(next(events), events, depth + 1)
            if key.text in entries:
                self._duplicate(key, entries[key.text][0])
            else:
                entries[key.text] = (key, value)
        return MapNode(tuple(entries.values()), self._between(start, event))

    def _key(self, event: Any, depth: int) -> Word:
        self._guard(event, depth)
        if not isinstance(event, yaml.ScalarEvent):
            raise _refusal(self._span(event), "tên mục phải là một từ")
        if event.value == "<<" and not event.style:
            raise _refusal(self._span(event), "không dùng mục gộp `<<`")
        return self._word(event)

    def _duplicate(self, key: Word, first: Word) -> None:
        self.diagnostics.append(
            error(
                "F004",
                key.span,
                f"Mục `{key.text}` khai hai lần (lần đầu ở dòng {first.span.line},"
                f" cột {first.span.column})",
                "giữ một mục, bỏ mục kia",
            )
        )

    def _span(self, event: Any) -> Span:
        return self._between(event, event)

    def _between(self, start: Any, end: Any) -> Span:
        first, last = start.start_mark, end.end_mark
        return Span(self.file, first.line + 1, first.column + 1, last.line + 1, last.column + 1)

    def _at(self, mark: Any) -> Span:
        if mark is None:
            return Span(self.file, 1, 1, 1, 2)
        return Span(self.file, mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 2)


_EXPLANATIONS = (
    ("cannot start any token", "ký tự không hợp lệ (thụt dòng bằng dấu cách, không dùng tab)"),
    ("tab", "thụt dòng bằng dấu cách, không dùng tab"),
    ("mapping values are not allowed", "dấu `:` không đúng chỗ; chữ có `: ` phải đặt trong nháy"),
    ("did not find expected key", "thụt dòng sai hoặc thiếu dấu `:`"),
    ("could not find expected ':'", "thiếu dấu `:` sau tên mục"),
    ("did not find expected '-' indicator", "thụt dòng sai trong danh sách"),
    ("did not find expected ',' or", "thiếu dấu `,` hoặc dấu đóng ngoặc"),
    ("unexpected end of stream", "thiếu dấu nháy đóng"),
    ("undefined alias", "không dùng neo `&` và bí danh `*`"),
)


def _explain(problem: yaml.MarkedYAMLError) -> str:
    english = problem.problem or problem.context or "?"
    return next((vi for part, vi in _EXPLANATIONS if part in english), english)
